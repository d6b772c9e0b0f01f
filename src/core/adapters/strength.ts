/** How strong an adapter may be. */
import { AppError } from '../errors';

/** Sliders end at 8; a thousand times a LoRA is a typing error, and leaves the range of 16-bit floats. */
const MOST_STRENGTH = 1000;

/** @throws AppError 'bad-request' */
export function assertStrength(strength = 1, file: string): number {
  if (Math.abs(strength) <= MOST_STRENGTH) return strength;
  throw new AppError(
    'bad-request',
    `${file}: its strength is ${strength}; allowed is −${MOST_STRENGTH} to ${MOST_STRENGTH}, and most work between −2 and 2`,
  );
}
