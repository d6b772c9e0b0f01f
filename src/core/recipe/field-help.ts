/** A sentence for each setting whose label does not say enough: fetched when the controls are there, it is in no first script. */
import type { FieldId } from './request';

export const FIELD_HELP: Readonly<Partial<Record<FieldId, string>>> = {
  denoisingStrength:
    'How much of the picture, or of the first pass of Hires. fix, is painted anew: 0.3 retouches, 0.5 restyles, 0.75 reinvents.',
  resizeMode: 'What becomes of a picture that has another shape or size than what is painted.',
  maskMode:
    'Differential repaints grey in some of the steps; Soft inpainting is A1111’s, for masks that are blurred widely; the others are these programs’ ways.',
  softScheduleBias: 'Above 1 more of what was there is kept early, below 1 late.',
  softPreservation: 'How much of what was there is kept where the mask is not full.',
  softContrastBoost: 'More keeps the contrast that blending takes away; too much of it burns colours.',
  softMaskInfluence: '0: new pixels are taken where the picture changed, wherever that is. 1: where the mask is.',
  softDifferenceThreshold: 'How much the picture may change before new pixels are taken.',
  softDifferenceContrast: 'How sudden the step from old to new pixels is.',
  inpaintArea: 'Only masked: what is around the mask is painted at the size above, and put back.',
  conditioningMaskStrength: 'Less lets inpainting models see what is under the mask.',
  imageCfgScale:
    'How closely a model that edits by instructions (InstructPix2Pix) keeps to the picture; other models do not read it.',
  noiseMultiplier: 'Of the noise that is put into the picture: less keeps more of it smooth.',
  extraNoise: 'More noise than the sampler expects: more detail, up to grain.',
  hiresScale: 'The picture is enlarged and painted over once more, as far as Denoising strength says. 1 is off.',
  hiresUpscaler: 'How it is enlarged.',
  hiresCheckpoint: 'Another model of the library paints the second pass: it is loaded after the first.',
  hiresPrompt: 'Of the second pass, with LoRA tags of its own; empty: as the first pass.',
  hiresNegativePrompt: 'Of the second pass; empty: as the first pass.',
  hiresSteps: '0: as many as the first pass.',
  hiresCfgScale: '0: as the first pass.',
  tiledMethod:
    'Paints what is larger than a tile in tiles that overlap, in the memory of one, and mixes their answers in each step: for Hires. fix and large pictures from pictures, best with a denoising strength up to 0.4. Off paints the whole at once.',
  tileWidth: 'In cells of the latent, 8 pixels each with Stable Diffusion. A pass that is no larger is not cut.',
  tileHeight: 'In cells, as the width.',
  tileOverlap: 'Cells that neighbours share: more hides their borders better, and takes longer.',
  enlarger:
    'A network makes the finished picture larger: the one that is built in (1.3 MB, fetched when it is first used), or one of the library.',
  speed:
    'Fast asks the model in about half of the steps, Faster in a third, and forecasts the rest from them: nearly the same picture, sooner. From 12 steps on; below 30 Faster may miss a background.',
  vae: 'Develops the picture and reads the one it starts from: the model’s own, or a file of the library.',
  tiling: 'The picture goes on at its opposite edges: laid beside itself it has no seam. For patterns and textures.',
  textEncoder:
    'Reads the prompt: the model’s own, or a file of the library that holds CLIP-L or OpenCLIP, in place of the model’s encoder of that kind.',
  secondTextEncoder: 'Another such file, for models that have two.',
  dialect: 'How brackets, weights and AND are read.',
  emphasis: 'What (words:1.2) does to the encoded text; A1111 syntax only.',
  clipSkip: 'Which layer of the text encoder is used, counted from the last.',
  variationSeed: 'The seed that the noise is bent towards.',
  variationStrength: 'How far: 0 is the seed alone, 1 the variation seed alone.',
  resizeSeedFromWidth: 'Makes the noise at this size and pastes it into the picture; 0 is off.',
  resizeSeedFromHeight: 'Makes the noise at this size and pastes it into the picture; 0 is off.',
  ensd: 'Added to the seed for the noise that samplers add on the way (ENSD).',
  conventions: 'Whose defaults and rounding to follow where AUTOMATIC1111 and ComfyUI differ.',
  eta: 'Share of fresh noise: 0 makes ancestral and SDE samplers deterministic.',
  sChurn: 'Noise added and taken away again over the whole run.',
  sTmin: 'Churn acts from this noise level on.',
  sTmax: 'Churn acts up to this noise level; 0 is no limit.',
  sNoise: 'Factor on all noise added on the way.',
  sigmaMin: 'The lowest noise level; 0 is the model’s own.',
  sigmaMax: 'The highest noise level; 0 is the model’s own.',
  rho: 'Bends Karras (7) and Polyexponential (1); 0 is the schedule’s own.',
  betaAlpha: 'Shape of the Beta schedules; 0 is 0.6.',
  betaBeta: 'Shape of the Beta schedules; 0 is 0.6.',
  discardPenultimate: 'Leaves out the noise level before the last; some samplers do by themselves.',
  zeroTerminalSnr: 'Starts from pure noise; for models trained so.',
  timestepRounding: 'Which timestep the model is told for a noise level.',
  cfgRescale: 'Restores the contrast that a high CFG scale burns; 0 is off, 0.7 usual.',
  skipEarlyCfg: 'This share of the steps runs without the negative prompt.',
  ngms: 'Below this noise level every other step runs without the negative prompt.',
  ngmsAllSteps: 'Below that level no step runs with the negative prompt.',
  pagScale:
    'Leads away from what the model paints without attention in its middle: shapes become firmer; 3 is usual, and takes half as long again.',
  sagScale:
    'Leads away from what becomes of a picture that is blurred where the model looks; 0.5 is usual, and takes half as long again.',
  sagBlur: 'In cells of the latent.',
  freeu:
    'Weighs parts of the denoiser’s maps: clearer shapes and less noise in details, as fast as without. Not for every model.',
  freeuB1: 'Of its smallest maps, what comes from below; more is bolder. 1.3 with Stable Diffusion 1.5.',
  freeuB2: 'Of the next larger ones; 1.4 with Stable Diffusion 1.5.',
  freeuS1: 'The coarsest part of what is kept from the way down, of the smallest maps; less is smoother.',
  freeuS2: 'Of the next larger ones.',
  shrinkBlock:
    'Kohya’s HRFix: from this block of the denoiser on, the first steps see a large picture smaller, so that nothing in it is there twice. 3 is usual, 0 is off.',
  shrinkFactor: 'By how much the sides of its maps are divided: about the size over what the model was trained for.',
  shrinkStart: 'The share of the way from noise to picture from which it acts.',
  shrinkEnd: 'The share up to which it acts; from there on maps have their own size.',
  shrinkKeepsSmall:
    'Also what that block hands to the way up is smaller: the opposite of Forge’s “Downscale After Skip”.',
  shrinkDown: 'How Deep Shrink makes maps smaller.',
  shrinkUp: 'How it makes them as large again.',
};
