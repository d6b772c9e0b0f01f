/** Ways to make a finished picture larger, and which of them its model can go. */
import { paintsOneSize, type SizeLimits } from '../../../core/recipe/size-limits';

/** By a network alone; by the second pass of Hires. fix alone; by Ultimate SD upscale. */
export type LargerWay = 'network' | 'second' | 'tiles';

export const LARGER_WAYS: Record<LargerWay, { label: string; done: string }> = {
  network: { label: 'Enlarge 4×', done: 'In line: the same, larger' },
  second: { label: 'Enlarge 2× and paint over', done: 'In line: the same, larger and painted over' },
  tiles: { label: 'Enlarge 2× tile by tile', done: 'In line: the same, larger and painted over tile by tile' },
};

/** A second pass paints the whole at once: a model of one size has none, and others have a largest. @param size  of the model, where it is here */
export function largerWays({ width, height }: { width: number; height: number }, size?: SizeLimits): LargerWay[] {
  const fits = !size || (!paintsOneSize(size) && Math.max(width, height) <= size.max);
  return ['network', ...(fits ? (['second'] as const) : []), 'tiles'];
}
