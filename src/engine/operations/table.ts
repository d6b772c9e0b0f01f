/** What computes each operation: one that is missing here does not compile. */
import type { OperationId } from '../../core/workflow';
import { addAdapter } from './add-adapter';
import { applyControl } from './apply-control';
import { blendModels } from './blend-models';
import { decodeLatentOperation } from './decode-latent';
import { emptyLatent } from './empty-latent';
import { encodeImage } from './encode-image';
import { encodeText } from './encode-text';
import { fillMaskedOperation } from './fill-masked';
import { fitHint } from './fit-hint';
import { fitMasked } from './fit-masked';
import { fitToLatent } from './fit-to-latent';
import { fitImage } from './fit-image';
import {
  blendImages,
  blurImage,
  composeImage,
  cropImage,
  emptyImage,
  invertImage,
  matchImage,
  padImage,
  sharpenImage,
  drawEdgesOf,
  turnImage,
} from './graph-images';
import { addAlpha, frameImage, grainImage, noiseLatent, stitchImages } from './graph-joins';
import { composeLatent, cropLatent, mixLatentsOperation, turnLatent, zeroLatent } from './graph-latents';
import {
  changeMaskOperation,
  composeMasksOperation,
  cropMask,
  featherMaskOperation,
  imageToMask,
  maskToImage,
  solidMask,
} from './graph-masks';
import { cutSigmasOperation, listSigmas, scheduleSigmas } from './graph-sigmas';
import {
  addGuide,
  averageConditionings,
  joinConditionings,
  pairConditionings,
  tellScore,
  weighConditionings,
  zeroConditioning,
} from './graph-texts';
import { greyMaskedOperation } from './grey-masked';
import type { Implementation } from './implementation';
import { keep } from './keep';
import { loadImage } from './load-image';
import { loadMask } from './load-mask';
import { loadModel } from './load-model';
import { makeHintOperation } from './make-hint';
import { pasteBackOperation } from './paste-back';
import { setTiling } from './set-tiling';
import { softenMask } from './soften-mask';
import { recolorImage } from './recolor-image';
import { resizeLatent } from './resize-latent';
import { scaleImage } from './scale-image';
import { scaleLatent } from './scale-latent';
import { sample } from './sample';
import { cutHint, joinTileOperation, layTile, tileMask } from './tiles';
import { enlargeTo, upscaleImage } from './upscale-image';
import { useTextEncoders } from './use-text-encoders';
import { useVae } from './use-vae';

export const IMPLEMENTATIONS: { readonly [Id in OperationId]: Implementation<Id> } = {
  load_model: loadModel,
  add_adapter: addAdapter,
  use_vae: useVae,
  set_tiling: setTiling,
  blend_models: blendModels,
  use_text_encoders: useTextEncoders,
  encode_text: encodeText,
  load_image: loadImage,
  fit_image: fitImage,
  load_mask: loadMask,
  soften_mask: softenMask,
  fit_masked: fitMasked,
  fill_masked: fillMaskedOperation,
  grey_masked: greyMaskedOperation,
  paste_back: pasteBackOperation,
  make_hint: makeHintOperation,
  fit_hint: fitHint,
  apply_control: applyControl,
  recolor_image: recolorImage,
  encode_image: encodeImage,
  resize_latent: resizeLatent,
  scale_latent: scaleLatent,
  scale_image: scaleImage,
  fit_to_latent: fitToLatent,
  empty_latent: emptyLatent,
  sample,
  decode_latent: decodeLatentOperation,
  upscale_image: upscaleImage,
  keep,
  enlarge_to: enlargeTo,
  tile_mask: tileMask,
  lay_tile: layTile,
  cut_hint: cutHint,
  join_tile: joinTileOperation,
  empty_image: emptyImage,
  crop_image: cropImage,
  turn_image: turnImage,
  invert_image: invertImage,
  blur_image: blurImage,
  sharpen_image: sharpenImage,
  draw_edges: drawEdgesOf,
  blend_images: blendImages,
  compose_image: composeImage,
  match_image: matchImage,
  pad_image: padImage,
  zero_latent: zeroLatent,
  compose_latent: composeLatent,
  mix_latents: mixLatentsOperation,
  crop_latent: cropLatent,
  turn_latent: turnLatent,
  noise_latent: noiseLatent,
  stitch_images: stitchImages,
  frame_image: frameImage,
  grain_image: grainImage,
  add_alpha: addAlpha,
  solid_mask: solidMask,
  mask_to_image: maskToImage,
  image_to_mask: imageToMask,
  change_mask: changeMaskOperation,
  crop_mask: cropMask,
  feather_mask: featherMaskOperation,
  compose_masks: composeMasksOperation,
  schedule_sigmas: scheduleSigmas,
  list_sigmas: listSigmas,
  cut_sigmas: cutSigmasOperation,
  join_conditionings: joinConditionings,
  average_conditionings: averageConditionings,
  weigh_conditionings: weighConditionings,
  zero_conditioning: zeroConditioning,
  pair_conditionings: pairConditionings,
  tell_score: tellScore,
  add_guide: addGuide,
};
