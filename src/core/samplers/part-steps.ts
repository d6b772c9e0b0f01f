/** How many steps a run takes that begins part of the way. */

/** A1111 takes no more of a picture anew. */
export const A1111_MOST = 0.999;

/** @see A1111 modules/sd_samplers_common.py, setup_img2img_steps */
export function partSteps(steps: number, strength: number): number {
  return Math.trunc(Math.min(strength, A1111_MOST) * steps) + 1;
}
