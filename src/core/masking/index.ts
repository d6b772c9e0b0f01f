export { maskedContent, type MaskedContent } from './masked-content';
export { maskedDenoiser } from './masked-denoiser';
export { blend, createMasking, MASK_MODES, type MaskedLatent, type Masking, type MaskMode } from './masking';
export { softBlend, type SoftBlend } from './soft';
export { softChange, type Changed, type SoftChange } from './soft-change';
