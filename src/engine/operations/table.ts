/** What computes each operation: one that is missing here does not compile. */
import type { OperationId } from '../../core/workflow';
import { decodeLatentOperation } from './decode-latent';
import { emptyLatent } from './empty-latent';
import { encodeText } from './encode-text';
import type { Implementation } from './implementation';
import { keep } from './keep';
import { loadModel } from './load-model';
import { sample } from './sample';
import { upscaleImage } from './upscale-image';

export const IMPLEMENTATIONS: { readonly [Id in OperationId]: Implementation<Id> } = {
  load_model: loadModel,
  encode_text: encodeText,
  empty_latent: emptyLatent,
  sample,
  decode_latent: decodeLatentOperation,
  upscale_image: upscaleImage,
  keep,
};
