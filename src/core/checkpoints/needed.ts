/** Which tensors a component's graphs read: what a complete checkpoint has, and nothing else. */
import { AppError } from '../errors';
import { exprTensors } from '../graph';
import {
  buildComponentGraph,
  readAutoencoderConfig,
  readClipTextConfig,
  readUnetConfig,
  type ConfigFile,
} from '../networks';
import type { Tensors } from './collect';
import type { CheckpointComponent } from './opened';
import { partsOf } from './parts';

export interface NeededTensor {
  name: string;
  shape: readonly number[];
}

/**
 * @param tensors what there is: an autoencoder may lack a side
 * @throws AppError 'bad-file' or 'unsupported-model' where the config is not of a model that Gesso runs
 */
export function neededTensors(component: CheckpointComponent, config: ConfigFile, tensors: Tensors): NeededTensor[] {
  assertFewer(layersOf(component, config), config.file, tensors);
  const graphs = partsOf(component, tensors).map((id) => buildComponentGraph(id, config, 'portable'));
  return exprTensors(graphs.flatMap(({ weights }) => weights.map(({ expr }) => expr)));
}

/** As the config claims them; TAESD's are listed in it one by one. */
function layersOf(component: CheckpointComponent, { file, config }: ConfigFile): number {
  switch (component) {
    case 'unet': {
      const { levels, layersPerBlock, midDepth } = readUnetConfig(file, config);
      return levels.reduce((sum, { depth }) => sum + depth + layersPerBlock, midDepth);
    }
    case 'vae': {
      const { channels, layersPerBlock } = readAutoencoderConfig(file, config);
      return channels.length * layersPerBlock;
    }
    case 'text_encoder':
    case 'text_encoder_2':
      return readClipTextConfig(file, config).layers;
    case 'taesd':
      return 0;
  }
}

/** A config that claims a million layers must not be built: each has several tensors, which would have to be there. */
function assertFewer(layers: number, file: string, tensors: Tensors): void {
  if (layers > tensors.size)
    throw new AppError(
      'bad-file',
      `${file}: asks for ${layers} layers, but there are ${tensors.size} tensors beside it`,
    );
}
