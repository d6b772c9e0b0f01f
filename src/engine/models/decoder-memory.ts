/** What developing a picture takes, told from the decoder's graph. */
import { familyOf, USUAL_FAMILY } from '../../core/families';
import { graphMemory, type Activations } from '../../core/graph';
import type { LatentSize, OpenNetwork } from '../../core/networks';
import type { DeviceReport } from '../api';
import type { DecodeMemory } from './decode-room';
import type { ModelSource } from './model-source';
import { publishedNetwork } from './published-network';

/** Of ready-made graphs nothing is known but that all published decoders have the usual one's widths. */
function usualDecoder(): OpenNetwork {
  return publishedNetwork(USUAL_FAMILY, familyOf(USUAL_FAMILY).decoder);
}

export function decoderMemory(
  { networks, traits }: Pick<ModelSource, 'networks' | 'traits'>,
  { device, activations }: { device: DeviceReport; activations: Activations },
): (size: LatentSize) => DecodeMemory {
  const target = device.provider === 'webgpu' ? 'webgpu' : 'portable';
  const decoder = networks?.[traits.parts.decoder] ?? usualDecoder();
  const graph = decoder.build({ target, activations });
  return (size) => graphMemory(graph, { bindings: { batch: 1, tokens: 1, ...size } });
}
