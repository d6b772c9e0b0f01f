/** What developing a picture takes, told from the decoder's graph. */
import { graphMemory, type Activations } from '../core/graph';
import { buildAutoencoderDecoder, readAutoencoderConfig, type LatentSize } from '../core/networks';
import { FAMILY_CONFIGS } from '../core/families/configs';
import type { DeviceReport } from './api';
import type { DecodeMemory } from './decode-room';
import type { ModelSource } from './model-source';

/** Of ready-made graphs nothing is known but that all published decoders have these widths. */
const PUBLISHED = FAMILY_CONFIGS.sd15.vae;

export function decoderMemory(
  { configs }: Pick<ModelSource, 'configs'>,
  { device, activations }: { device: DeviceReport; activations: Activations },
): (size: LatentSize) => DecodeMemory {
  const target = device.provider === 'webgpu' ? 'webgpu' : 'portable';
  const graph = buildAutoencoderDecoder(configs?.vae ?? readAutoencoderConfig('vae', PUBLISHED), {
    target,
    activations,
  });
  return (size) => graphMemory(graph, { bindings: { batch: 1, tokens: 1, ...size } });
}
