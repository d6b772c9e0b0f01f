/** A hint as the network takes it. @see sd-webui-controlnet scripts/controlnet.py (detectmap_proc), scripts/hook.py; diffusers make_inpaint_condition */
import type { Raster } from '../image/raster';

/** Above it a pixel is masked. */
const MASKED = 127;

/** @returns RGB in 0…1, [3, height, width]; of RGBA each channel is −1 where alpha is above one half */
export function toHintPlanes({ width, height, channels, data }: Raster): Float32Array {
  const count = width * height;
  const planes = new Float32Array(3 * count);
  for (let i = 0; i < count; i++) {
    const isMasked = channels === 4 && data[4 * i + 3] > MASKED;
    for (let c = 0; c < 3; c++)
      planes[c * count + i] = isMasked ? -1 : data[channels * i + (channels === 1 ? 0 : c)] / 255;
  }
  return planes;
}
