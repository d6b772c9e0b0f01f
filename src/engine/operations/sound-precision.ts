/** Half precision where it is enough; full precision where it gives no numbers, or one colour for all of a picture. */
import { AppError, toAppError } from '../../core/errors';
import { COMPONENTS } from '../../core/networks/components';
import type { EventListener } from '../api';
import type { Model } from '../models/model';

type SoundPart = 'denoiser' | 'decoder' | 'encoder';

/** What is said when a part begins again. */
const AGAIN: Record<SoundPart, (name: string) => string> = {
  denoiser: (name) =>
    `In half precision the ${name} gave values that are not numbers, so the picture was begun again in full precision.`,
  decoder: () =>
    'In half precision the picture came out as values that are not numbers, so it was developed again in full precision.',
  encoder: () =>
    'In half precision the picture was read as values that are not numbers, so it was read again in full precision.',
};

/** The same where its values are numbers, but all the same. */
const FLAT_AGAIN: Record<Exclude<SoundPart, 'encoder'>, (name: string) => string> = {
  denoiser: (name) =>
    `In half precision the ${name} gave one value for the whole picture, so it was begun again in full precision.`,
  decoder: () => 'In half precision the picture came out in one colour, so it was developed again in full precision.',
};

interface Run {
  model: Model;
  onEvent: EventListener;
}

/** Half precision that overflows without NaN: it saturates, or a kernel gives zeros. */
class FlatError extends AppError {
  constructor() {
    super('not-a-number', 'The model gave the same value everywhere.');
  }
}

/** Once more, with the component in full precision, where half precision gives values that are not numbers. */
export async function inSoundPrecision<T>(
  { model, onEvent }: Run,
  part: SoundPart,
  task: () => Promise<T>,
): Promise<T> {
  const component = model.traits.parts[part];
  try {
    return await task();
  } catch (thrown) {
    if (toAppError(thrown).code !== 'not-a-number' || !model.widen(component)) throw thrown;
    const words = thrown instanceof FlatError && part !== 'encoder' ? FLAT_AGAIN[part] : AGAIN[part];
    onEvent({ type: 'notice', message: words(COMPONENTS[component].name) });
    return await task();
  }
}

/** @throws AppError 'not-a-number' where half precision has left nothing of the picture */
export function assertPainted(latent: Float32Array, model: Model): void {
  if (model.isHalf(model.traits.parts.denoiser) && isFlat(latent, latent.length)) throw new FlatError();
}

/** @throws AppError 'not-a-number' where half precision has made one colour of a latent that has more to it */
export function assertDeveloped(sample: Float32Array, latent: Float32Array, model: Model): void {
  const planes = 3;
  if (
    model.isHalf(model.traits.parts.decoder) &&
    isFlat(sample, sample.length / planes) &&
    !isFlat(latent, latent.length)
  )
    throw new FlatError();
}

/** Far below a level of 8 bits in −1 … 1, which is 1/128. */
const SAME = 1e-4;

/** Each plane of `size` values holds one value. */
function isFlat(values: Float32Array, size: number): boolean {
  return values.every((value, i) => Math.abs(value - values[i - (i % size)]) < SAME);
}
