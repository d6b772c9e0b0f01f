/**
 * HED as ControlNet's authors trained it anew: VGG's convolutions, a map of edges from each of five sizes.
 *
 * @see Xie and Tu 2015, arXiv:1504.06375; ControlNet-v1-1-nightly annotator/hed (RGB 0…255, maps averaged before the sigmoid)
 */
import { addTo, GraphBuilder, maxPool, relu, reshape, scale, tensor, toNchw } from '../../graph';
import type { Annotator } from './annotator';
import { countOf, imageInput, namedConv, outChannels } from './layers';

export interface HedConfig {
  /** Channels of each block, and how many convolutions it has. */
  blocks: { channels: number; convolutions: number }[];
}

const BLOCKS = [1, 2, 3, 4, 5];

export const hed: Annotator<HedConfig> = {
  name: 'HED',
  files: ['ControlNetHED.pth'],
  licence: 'Apache-2.0 (lllyasviel)',
  signs: ['norm', 'block1.convs.0.weight', 'block5.projection.weight'],
  multiple: 16,
  outputs: BLOCKS.map((block) => `edges_${block}`),
  config: (tensors) => ({
    blocks: BLOCKS.map((block) => ({
      channels: outChannels(tensors, `block${block}.convs.0.weight`),
      convolutions: countOf(tensors, (i) => `block${block}.convs.${i}.weight`),
    })),
  }),
  build({ blocks }, form) {
    const g = new GraphBuilder('hed', form);
    const mean = scale(g.target === 'webgpu' ? reshape(tensor('norm', 1, 3, 1, 1), 3) : tensor('norm', 1, 3, 1, 1), -1);
    let x = addTo(g, imageInput(g, hed.multiple), g.weight(mean));
    blocks.forEach(({ channels, convolutions }, i) => {
      if (i > 0) x = maxPool(g, x, { side: 2, stride: 2 });
      for (let k = 0; k < convolutions; k++) x = relu(g, namedConv(g, x, `block${i + 1}.convs.${k}`, channels));
      g.output(`edges_${i + 1}`, toNchw(g, namedConv(g, x, `block${i + 1}.projection`, 1, { side: 1 })));
    });
    return g.build();
  },
};
