/** Levels of bytes as ComfyUI counts between its nodes, 0…1 in float32, and back as it saves: cut off, not rounded. */
import { raster, toRgb, type Raster, type Size } from '../raster';

const UNITS = Float32Array.from({ length: 256 }, (_, level) => level / 255);

/** @returns [3, height, width] */
export function toUnits(picture: Raster): Float32Array {
  const { data } = toRgb(picture);
  const count = picture.width * picture.height;
  const planes = new Float32Array(3 * count);
  for (let c = 0; c < 3; c++) for (let i = 0; i < count; i++) planes[c * count + i] = UNITS[data[3 * i + c]];
  return planes;
}

export const maskUnits = ({ data }: Raster<1>): Float32Array => Float32Array.from(data, (level) => UNITS[level]);

/** Cut off, as ComfyUI does where it saves. */
export const toLevel = (value: number): number => Math.floor(Math.fround(255 * Math.min(1, Math.max(0, value))));

/** @param planes [3, height, width] */
export function fromUnits(planes: Float32Array, size: Size): Raster<3> {
  const count = size.width * size.height;
  const to = raster(size, 3);
  for (let c = 0; c < 3; c++) for (let i = 0; i < count; i++) to.data[3 * i + c] = toLevel(planes[c * count + i]);
  return to;
}
