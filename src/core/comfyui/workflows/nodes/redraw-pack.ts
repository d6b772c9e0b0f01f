/** Ultimate SD Upscale as nodes. @see github.com/ssitu/ComfyUI_UltimateSDUpscale usdu_nodes.py */
import { samplerName, schedulerName } from './choices';
import { ofPack } from './pack-words';
import {
  choice,
  CONDITIONING,
  flag,
  float,
  IMAGE,
  int,
  maybe,
  MODEL,
  outs,
  SAMPLER,
  seed,
  share,
  SIGMAS,
  socket,
  VAE,
  type InputSpec,
  type NodeSpec,
} from './spec';

const LONGEST = 8192;
const side = () => int(512, [8, LONGEST, 8]);
const blur = () => int(8, [0, 64]);

const PAINTED: Readonly<Record<string, InputSpec>> = {
  model: MODEL,
  positive: CONDITIONING,
  negative: CONDITIONING,
  vae: VAE,
};
const SAMPLED: Readonly<Record<string, InputSpec>> = {
  seed: seed(),
  steps: int(20, [1, 10_000]),
  cfg: float(8, [0, 100, 0.1]),
  sampler_name: samplerName(),
  scheduler: schedulerName(),
  denoise: share(0.2),
};
const TILED: Readonly<Record<string, InputSpec>> = {
  mode_type: choice(['Linear', 'Chess', 'None']),
  tile_width: side(),
  tile_height: side(),
  mask_blur: blur(),
  tile_padding: int(32, [0, LONGEST, 8]),
  seam_fix_mode: choice(['None', 'Band Pass', 'Half Tile', 'Half Tile + Intersections']),
  seam_fix_denoise: share(1),
  seam_fix_width: int(64, [0, LONGEST, 8]),
  seam_fix_mask_blur: blur(),
  seam_fix_padding: int(16, [0, LONGEST, 8]),
  force_uniform_tiles: maybe(flag(true)),
  tiled_decode: maybe(flag(false)),
  batch_size: maybe(int(1, [1, 16])),
};
const UPSCALE_BY = { upscale_by: float(2, [0.05, 4, 0.05]) };
const NETWORK = socket('UPSCALE_MODEL');

const node = (title: string, inputs: NodeSpec['inputs']): NodeSpec => ({
  title,
  operation: 'redraw_in_tiles',
  category: 'image/upscaling',
  inputs,
  outputs: outs('IMAGE'),
});

export const REDRAW_PACK = ofPack('comfyui_ultimatesdupscale', {
  UltimateSDUpscale: node('Ultimate SD Upscale', {
    image: IMAGE,
    ...{ ...PAINTED, ...UPSCALE_BY, ...SAMPLED },
    upscale_model: NETWORK,
    ...TILED,
  }),
  UltimateSDUpscaleNoUpscale: node('Ultimate SD Upscale (No Upscale)', {
    upscaled_image: IMAGE,
    ...{ ...PAINTED, ...SAMPLED, ...TILED },
  }),
  UltimateSDUpscaleCustomSample: node('Ultimate SD Upscale (Custom Sample)', {
    image: IMAGE,
    ...{ ...PAINTED, ...UPSCALE_BY, ...SAMPLED, ...TILED },
    upscale_model: maybe(NETWORK),
    custom_sampler: maybe(SAMPLER),
    custom_sigmas: maybe(SIGMAS),
  }),
});
