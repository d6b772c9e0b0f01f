/** Which tensors a component's graphs read: what a complete checkpoint has, and nothing else. */
import { AppError } from '../errors';
import { exprTensors, type BuiltGraph } from '../graph';
import {
  buildAutoencoderDecoder,
  buildAutoencoderEncoder,
  buildClipText,
  buildTinyDecoder,
  buildTinyEncoder,
  buildUnet,
  halvings,
  latentFactor,
  readAutoencoderConfig,
  readClipTextConfig,
  readTinyAutoencoderConfig,
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
const TAESD_FACTOR = 8;

const square = (side: number): { height: number; width: number } => ({ height: side, width: side });

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
  const latent = square(SMALLEST);
  const assertFew = (count: number): void => assertFewer(count, { file, tensors });
  switch (component) {
    case 'unet': {
      const unet = readUnetConfig(file, config);
      assertFew(sum(unet.levels.map(({ depth }) => depth + unet.layersPerBlock)) + unet.midDepth);
      return tensorsOf(buildUnet(unet, square(SMALLEST * 2 ** halvings(unet)), 'portable'));
    }
    case 'vae': {
      const vae = readAutoencoderConfig(file, config);
      assertFew(vae.channels.length * vae.layersPerBlock);
      const pixels = square(SMALLEST * latentFactor(vae));
      return tensorsOf(
        ...(tensors.has('decoder.conv_in.weight') ? [buildAutoencoderDecoder(vae, latent, 'portable')] : []),
        ...(tensors.has('encoder.conv_in.weight') ? [buildAutoencoderEncoder(vae, pixels, 'portable')] : []),
      );
    }
    case 'text_encoder':
    case 'text_encoder_2': {
      const text = readClipTextConfig(file, config);
      assertFew(text.layers);
      return tensorsOf(buildClipText(text, 'portable', { pooled: isProjected(config) }));
    }
    case 'taesd': {
      const tiny = readTinyAutoencoderConfig(file, config);
      return tensorsOf(
        ...(tensors.has('decoder.layers.0.weight') ? [buildTinyDecoder(tiny, latent, 'portable')] : []),
        ...(tensors.has('encoder.layers.0.weight')
          ? [buildTinyEncoder(tiny, square(SMALLEST * TAESD_FACTOR), 'portable')]
          : []),
      );
    }
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + n, 0);

/** A config that claims a million layers must not be built: each has several tensors, which would have to be there. */
function assertFewer(layers: number, { file, tensors }: { file: string; tensors: Tensors }): void {
  if (layers > tensors.size)
    throw new AppError(
      'bad-file',
      `${file}: asks for ${layers} layers, but there are ${tensors.size} tensors beside it`,
    );
}

/** SDXL's second text encoder hands the U-Net a pooled vector as well. */
function isProjected(config: unknown): boolean {
  const { architectures } = config as Record<string, unknown>;
  return Array.isArray(architectures) && architectures.includes('CLIPTextModelWithProjection');
}
