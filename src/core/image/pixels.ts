/** Pictures as bytes: RGBA 0…255, row by row from the top left. */

export interface Pixels {
  width: number;
  height: number;
  data: Uint8ClampedArray<ArrayBuffer>;
}

/**
 * @param planes  RGB in −1…1, planar [3, height, width]; values outside are clamped
 * @returns opaque pixels; levels are truncated, not rounded, as A1111 and ComfyUI do
 */
export function planesToPixels(planes: Float32Array, width: number, height: number): Pixels {
  const count = width * height;
  const data = new Uint8ClampedArray(4 * count).fill(255);
  for (let i = 0; i < count; i++)
    for (let channel = 0; channel < 3; channel++) data[4 * i + channel] = toLevel(planes[channel * count + i]);
  return { width, height, data };
}

function toLevel(value: number): number {
  return Math.floor(Math.min(1, Math.max(0, (value + 1) / 2)) * 255);
}
