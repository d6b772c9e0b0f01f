/** Which tensors a component's graphs read: what a complete checkpoint has, and nothing else. */
import { exprTensors, type BuiltGraph } from '../graph';
import {
  buildAutoencoderDecoder,
  buildAutoencoderEncoder,
  buildClipText,
  buildUnet,
  halvings,
  latentFactor,
  readAutoencoderConfig,
  readClipTextConfig,
  readUnetConfig,
} from '../models';
import type { Tensors } from './collect';
import type { CheckpointComponent } from './opened';

export interface NeededTensor {
  name: string;
  shape: readonly number[];
}

/** Latent cells along a side after all halvings; the weights are the same at every size. */
const SMALLEST = 8;

const tensorsOf = (...graphs: BuiltGraph[]): NeededTensor[] =>
  exprTensors(graphs.flatMap(({ weights }) => weights.map(({ expr }) => expr)));

/**
 * @param file   how errors call the config
 * @param tensors what there is: an autoencoder may lack a side
 * @throws AppError 'bad-file' or 'unsupported-model' where the config is not of a model that Gesso runs
 */
export function neededTensors(
  component: CheckpointComponent,
  config: unknown,
  { file, tensors }: { file: string; tensors: Tensors },
): NeededTensor[] {
  switch (component) {
    case 'unet': {
      const unet = readUnetConfig(file, config);
      const side = SMALLEST * 2 ** halvings(unet);
      return tensorsOf(buildUnet(unet, { height: side, width: side }, 'portable'));
    }
    case 'vae': {
      const vae = readAutoencoderConfig(file, config);
      const latent = { height: SMALLEST, width: SMALLEST };
      const pixels = { height: SMALLEST * latentFactor(vae), width: SMALLEST * latentFactor(vae) };
      return tensorsOf(
        ...(tensors.has('decoder.conv_in.weight') ? [buildAutoencoderDecoder(vae, latent, 'portable')] : []),
        ...(tensors.has('encoder.conv_in.weight') ? [buildAutoencoderEncoder(vae, pixels, 'portable')] : []),
      );
    }
    case 'text_encoder':
    case 'text_encoder_2': {
      const text = readClipTextConfig(file, config);
      return [...tensorsOf(buildClipText(text, 'portable')), ...projection(config, text.width)];
    }
    case 'taesd':
      return [...tensors].map(([name, { shape }]) => ({ name, shape }));
  }
}

/** SDXL's second text encoder hands the U-Net a pooled vector as well. */
function projection(config: unknown, width: number): NeededTensor[] {
  const { architectures, projection_dim: rows } = config as Record<string, unknown>;
  const isProjected = Array.isArray(architectures) && architectures.includes('CLIPTextModelWithProjection');
  return isProjected
    ? [{ name: 'text_projection.weight', shape: [typeof rows === 'number' ? rows : width, width] }]
    : [];
}
