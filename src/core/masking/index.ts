export { maskedContent, type MaskedContent } from './masked-content';
export { maskedDenoiser } from './masked-denoiser';
export { blend, createMasking, MASK_MODES, type MaskedLatent, type Masking, type MaskMode } from './masking';
