/** Which tensors a component's graphs read: what a complete checkpoint has, and nothing else. */
import { AppError } from '../errors';
import { exprTensors } from '../graph';
import { openNetwork, type ConfigFile } from '../networks';
import { partsOf, publishedOf, type PublishedId } from '../networks/published';
import type { Tensors } from './collect';

export interface NeededTensor {
  name: string;
  shape: readonly number[];
}

/**
 * @param tensors what there is: an autoencoder may lack a side
 * @throws AppError 'bad-file' or 'unsupported-model' where the config is not of a model that Gesso runs
 */
export function neededTensors(component: PublishedId, config: ConfigFile, tensors: Tensors): NeededTensor[] {
  const { layers } = openNetwork(publishedOf(component).parts[0].component, config);
  assertFewer(layers, config.file, tensors);
  const graphs = partsOf(component, tensors).map((id) => openNetwork(id, config).build('portable'));
  return exprTensors(graphs.flatMap(({ weights }) => weights.map(({ expr }) => expr)));
}

/** A config that claims a million layers must not be built: each has several tensors, which would have to be there. */
function assertFewer(layers: number, file: string, tensors: Tensors): void {
  if (layers > tensors.size)
    throw new AppError(
      'bad-file',
      `${file}: asks for ${layers} layers, but there are ${tensors.size} tensors beside it`,
    );
}
