export { fillMasked } from './fill-masked';
export { growMask } from './grow-mask';
export { LATENT_MASK_WAYS, latentMask, type LatentMaskWay } from './latent-mask';
export { alphaOf, doubleMask, greyOf, invertMask, maskBounds, maskShare, roundMask } from './mask-levels';
