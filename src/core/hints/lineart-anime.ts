/** Lines of drawings, white on black, by Anime2Sketch. @see sd-webui-controlnet annotator/lineart_anime */
import { opencvCubic } from '../image/resample/opencv-cubic';
import { interpolate } from '../image/resample/interpolate';
import { raster, type Raster, type Size } from '../image/raster';
import { FIXED_RESOLUTION, type NetworkPreprocessor } from './preprocessor';

/** Eight times the map is halved. */
const BLOCK = 256;

export const LINEART_ANIME: NetworkPreprocessor = {
  network: 'anime_lines',
  file: 'netG.pth',
  label: 'lineart_anime',
  aliases: ['AnimeLineArtPreprocessor'],
  types: ['lineart'],
  settings: { resolution: FIXED_RESOLUTION },
  licence: 'Anime2Sketch by Xiaoyu Xiang, MIT',
  look: lookInBlocks,
  finish([lines], size) {
    const levels = lines.values.map((value) => value * 127.5 + 127.5);
    const whole = interpolate(levels, lines, size, { mode: 'bicubic' });
    return raster(
      size,
      1,
      Uint8ClampedArray.from(whole, (level) => 255 - Math.trunc(Math.min(255, Math.max(0, level)))),
    );
  },
};

function lookInBlocks(picture: Raster<3>): { planes: Float32Array; size: Size } {
  const inBlocks = (side: number): number => BLOCK * Math.ceil(side / BLOCK);
  const size = { width: inBlocks(picture.width), height: inBlocks(picture.height) };
  const { data } = opencvCubic(picture, size);
  const count = size.width * size.height;
  return {
    planes: Float32Array.from({ length: 3 * count }, (_, i) => data[3 * (i % count) + Math.floor(i / count)]),
    size,
  };
}
