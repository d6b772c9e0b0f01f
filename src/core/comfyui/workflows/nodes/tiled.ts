/** Tiled diffusion as a node. @see github.com/shiimizu/ComfyUI-TiledDiffusion tiled_diffusion.py, whose grid and weights are those of multidiffusion-upscaler-for-automatic1111 */
import { ofPack } from './pack-words';
import { choice, int, MODEL, outs } from './spec';

/** Side of a tile, in pixels. */
const side = () => int(768, [16, 8192, 16]);

export const TILED_PACK = ofPack('ComfyUI-TiledDiffusion', {
  TiledDiffusion: {
    title: 'Tiled Diffusion',
    operation: 'sample_in_tiles',
    category: '_for_testing',
    inputs: {
      model: MODEL,
      method: choice(['MultiDiffusion', 'Mixture of Diffusers', 'SpotDiffusion'], 'Mixture of Diffusers'),
      tile_width: side(),
      tile_height: side(),
      tile_overlap: int(64, [0, 2048, 32]),
      tile_batch_size: int(4, [1, 8192]),
    },
    outputs: outs('MODEL'),
  },
});
