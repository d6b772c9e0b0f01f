/** Pixels as bytes to the planes in −1…1 that the encoder reads, and back. */
import { raster, type Raster, type Size } from '../raster';

/** level / 255 · 2 − 1 in float32, as A1111, ComfyUI and diffusers count. */
const VALUES = Float32Array.from({ length: 256 }, (_, level) => 2 * Math.fround(level / 255) - 1);

/** @returns RGB in −1…1, planar [3, height, width]; alpha is left out: flatten first */
export function toPlanes({ width, height, channels, data }: Raster<3 | 4>): Float32Array {
  const count = width * height;
  const planes = new Float32Array(3 * count);
  for (let c = 0; c < 3; c++) for (let i = 0; i < count; i++) planes[c * count + i] = VALUES[data[channels * i + c]];
  return planes;
}

/**
 * @param planes RGB in −1…1, [3, height, width]; values outside are clamped
 * @param levels 'truncate' as A1111 and ComfyUI do, also between the two passes of hires. fix; 'round' as diffusers does
 */
export function fromPlanes(planes: Float32Array, size: Size, levels: 'truncate' | 'round'): Raster<3> {
  const count = size.width * size.height;
  const to = raster(size, 3);
  const add = levels === 'round' ? 0.5 : 0;
  for (let i = 0; i < count; i++)
    for (let c = 0; c < 3; c++) {
      const value = Math.min(1, Math.max(0, (planes[c * count + i] + 1) / 2));
      to.data[3 * i + c] = Math.floor(value * 255 + add);
    }
  return to;
}
