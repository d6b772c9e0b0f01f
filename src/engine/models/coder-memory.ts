/** What developing or reading a picture takes, told from the decoder's or the encoder's graph. */
import { familyOf, USUAL_FAMILY } from '../../core/families';
import { graphMemory, type Activations } from '../../core/graph';
import type { LatentSize } from '../../core/networks';
import type { DeviceReport } from '../api';
import type { CoderMemory } from './tile-room';
import type { ModelSource } from './model-source';
import { publishedNetwork } from './published-network';

export type Coder = 'decoder' | 'encoder';

/** Memory of the autoencoder's coders. Of ready-made graphs nothing is known but that all published autoencoders have the usual one's widths. */
export function coderMemory(
  coder: Coder,
  { networks, traits }: Pick<ModelSource, 'networks' | 'traits'>,
  { device, activations }: { device: DeviceReport; activations: Activations },
): (size: LatentSize) => CoderMemory {
  const target = device.provider === 'webgpu' ? 'webgpu' : 'portable';
  const network = networks?.[traits.parts[coder]] ?? publishedNetwork(USUAL_FAMILY, familyOf(USUAL_FAMILY)[coder]);
  const graph = network.build({ target, activations });
  return (size) => graphMemory(graph, { bindings: { batch: 1, tokens: 1, ...size } });
}
