/** Stops a run at the model call whose output is broken, before it spreads over the picture. */
import { AppError } from '../errors';

/**
 * @param output of the model
 * @param sigma the noise level of the call
 * @throws AppError 'not-a-number' when it holds NaN or infinity, saying where
 */
export function assertFinite(output: Float32Array, sigma: number): void {
  const at = output.findIndex((value) => !Number.isFinite(value));
  if (at === -1) return;
  throw new AppError(
    'not-a-number',
    `The U-Net gave ${output[at]} at noise level ${sigma.toPrecision(4)} (element ${at}). Try another sampler or a lower CFG scale; if it stays, the model's file is damaged.`,
  );
}
