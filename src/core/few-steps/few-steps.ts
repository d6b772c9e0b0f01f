/** Whether a LoRA or a checkpoint paints in a few steps, by its names. */
import { DISTILLED, type Distillation, type FewSteps } from './table';
import { wordsOf } from './words';

/** More are no few: "12steps" is the most that is published. */
const MOST_STEPS = 16;

/**
 * @param names  that of its file first: the first that tells counts
 * @returns undefined where nothing says so
 */
export function fewStepsOf(kind: 'lora' | 'checkpoint', names: readonly string[]): FewSteps | undefined {
  const methods: readonly Distillation[] = Object.values(DISTILLED);
  for (const words of names.map(wordsOf)) {
    const found = methods.find((one) => (kind === 'lora' ? one.isLora(words) : one.isCheckpoint(words)));
    if (!found) continue;
    const steps = words.steps !== undefined && words.steps <= MOST_STEPS ? Math.max(words.steps, 1) : found.steps;
    return { label: found.label, steps, ...found.settings(steps, words) };
  }
  return undefined;
}
