/**
 * A picture as CLIP's vision towers look at it, for IP-Adapters: its shorter side brought to 224 pixels, and the square in the middle. What is left out at
 * the sides of a wide picture is not seen.
 *
 * @see transformers CLIPImageProcessor (Pillow's bicubic, int(224 · long / short), centre crop); sd-webui-controlnet's preprocessors "ip-adapter-auto",
 * "ip-adapter_clip_*", Forge's "CLIP-ViT-H (IPAdapter)"
 */
import { cut, type Raster } from '../image/raster';
import { pillowResize } from '../image/resample';
import { OWN_ARITHMETIC, type ComputedPreprocessor } from './preprocessor';

export const VISION_SIDE = 224;

export function asSeen(picture: Raster<3>): Raster<3> {
  const { width, height } = picture;
  const short = Math.min(width, height);
  const long = Math.trunc((VISION_SIDE * Math.max(width, height)) / short);
  const size = width <= height ? { width: VISION_SIDE, height: long } : { width: long, height: VISION_SIDE };
  const resized = pillowResize(picture, size, { filter: 'bicubic' });
  const [left, top] = [size.width, size.height].map((side) => Math.floor((side - VISION_SIDE) / 2));
  return cut(resized, { left, top, right: left + VISION_SIDE, bottom: top + VISION_SIDE });
}

export const IP_ADAPTER_AUTO: ComputedPreprocessor = {
  label: 'ip-adapter-auto',
  aliases: [
    'ip-adapter_clip_sd15',
    'ip-adapter_clip_sdxl',
    'ip-adapter_clip_sdxl_plus_vith',
    'ip-adapter_clip_h',
    'ip-adapter_clip_g',
    'CLIP-ViT-H (IPAdapter)',
    'CLIP-ViT-bigG (IPAdapter)',
  ],
  types: ['ip-adapter'],
  settings: {},
  readsPicture: true,
  licence: OWN_ARITHMETIC,
  make: ({ picture }) => asSeen(picture),
};
