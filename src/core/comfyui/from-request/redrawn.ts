/** A picture that is enlarged and painted over tile by tile, as the nodes of ComfyUI_UltimateSDUpscale. */
import { hiresUpscalerOf } from '../../recipe/hires-upscalers';
import { redraws } from '../../recipe/redraw';
import type { CompleteRequest } from '../../recipe/request';
import type { ApiLink, Json } from '../workflows';
import type { PromptMaker } from './prompt-maker';

const MODES = { linear: 'Linear', chess: 'Chess', seams: 'None', none: 'None', overlap: 'None' } as const;
const SEAMS = {
  none: 'None',
  band_pass: 'Band Pass',
  half_tile: 'Half Tile',
  half_tile_intersections: 'Half Tile + Intersections',
} as const;

/** The nodes enlarge by no more. */
const MOST = { redrawn: 4, scaled: 8 } as const;

/** By what Lanczos enlarges the picture before a network does: what the node leaves over; 1 where there is nothing. */
export const scaleBefore = ({ redrawScale, redrawUpscaler }: CompleteRequest): number =>
  redrawUpscaler === 'none' ? 1 : Math.max(1, redrawScale / MOST.redrawn);

/** SD upscale has no node: its tiles are laid together with their overlaps. */
export const isRedrawn = (request: CompleteRequest): boolean => redraws(request) && request.redraw !== 'overlap';

export interface Redrawing {
  image: ApiLink;
  model: ApiLink;
  positive: ApiLink;
  negative: ApiLink;
  vae: ApiLink;
  /** As KSampler has them. */
  sampled: Record<string, Json>;
}

/** @returns the finished picture */
export function redrawn(
  graph: PromptMaker,
  request: CompleteRequest,
  { image, sampled, ...painted }: Redrawing,
): ApiLink {
  const { redraw, redrawScale, redrawUpscaler, redrawTileWidth: width, redrawTileHeight: height } = request;
  const tiles: Record<string, Json> = {
    mode_type: MODES[redraw],
    ...{ tile_width: width || height, tile_height: height || width },
    ...{ mask_blur: request.redrawMaskBlur, tile_padding: request.redrawPadding },
    ...{ seam_fix_mode: SEAMS[request.seamFix], seam_fix_denoise: request.seamFixDenoise },
    ...{ seam_fix_width: request.seamFixWidth, seam_fix_mask_blur: request.seamFixMaskBlur },
    ...{ seam_fix_padding: request.seamFixPadding, force_uniform_tiles: true, tiled_decode: false },
  };
  const common = { ...painted, ...sampled, ...tiles };
  if (redrawUpscaler !== 'none' && redrawScale > 0) {
    const upscale_model: ApiLink = [loader(graph, redrawUpscaler), 0];
    const by = { upscale_by: Math.min(MOST.redrawn, redrawScale), upscale_model };
    const before = scaleBefore(request);
    const begun = before > 1 ? scaled(graph, image, before) : image;
    return [graph.add('UltimateSDUpscale', { image: begun, ...common, ...by }), 0];
  }
  const larger = enlarged(graph, request, image);
  return [graph.add('UltimateSDUpscaleNoUpscale', { upscaled_image: larger, ...common }), 0];
}

/** In as many nodes as it takes. */
function scaled(graph: PromptMaker, image: ApiLink, scale: number): ApiLink {
  const scale_by = Math.min(MOST.scaled, scale);
  const made = graph.add('ImageScaleBy', { image, upscale_method: 'lanczos', scale_by });
  return scale > scale_by ? scaled(graph, [made, 0], scale / scale_by) : [made, 0];
}

/** To a size of its own, or without a network. */
function enlarged(
  graph: PromptMaker,
  { redrawScale, redrawUpscaler, width, height }: CompleteRequest,
  image: ApiLink,
): ApiLink {
  if (redrawScale > 0) return scaled(graph, image, redrawScale);
  const made: ApiLink =
    redrawUpscaler === 'none'
      ? image
      : [graph.add('ImageUpscaleWithModel', { upscale_model: [loader(graph, redrawUpscaler), 0], image }), 0];
  return [graph.add('ImageScale', { image: made, upscale_method: 'lanczos', width, height, crop: 'disabled' }), 0];
}

function loader(graph: PromptMaker, name: string): string {
  const upscaler = hiresUpscalerOf(name);
  return graph.add('UpscaleModelLoader', { model_name: `${'network' in upscaler ? upscaler.network : name}.pth` });
}
