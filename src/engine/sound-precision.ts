/** Half precision where it is enough, full precision where it gives values that are not numbers. */
import { toAppError } from '../core/errors';
import type { EventListener } from './api';
import type { Model } from './model';

/** What is said when a component begins again. */
const AGAIN = {
  unet: 'In half precision the U-Net gave values that are not numbers, so the picture was begun again in full precision.',
  vae_decoder:
    'In half precision the picture came out as values that are not numbers, so it was developed again in full precision.',
} as const;

interface Run {
  model: Model;
  onEvent: EventListener;
}

/** Once more, with the component in full precision, where half precision gives values that are not numbers. */
export async function inSoundPrecision<T>(
  { model, onEvent }: Run,
  component: keyof typeof AGAIN,
  task: () => Promise<T>,
): Promise<T> {
  try {
    return await task();
  } catch (thrown) {
    if (toAppError(thrown).code !== 'not-a-number' || !model.widen(component)) throw thrown;
    onEvent({ type: 'notice', message: AGAIN[component] });
    return await task();
  }
}
