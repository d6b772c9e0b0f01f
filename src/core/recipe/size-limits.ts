/** What sizes a model can paint. */

/** The size multiple and range a model can paint; `step` is a latent cell, or what ready-made graphs were made for. */
export interface SizeLimits {
  min: number;
  max: number;
  step: number;
}

export const paintsOneSize = ({ min, max }: SizeLimits): boolean => min === max;
