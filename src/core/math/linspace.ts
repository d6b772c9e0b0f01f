/** Evenly spaced numbers. */

/** `count` numbers from `first` to `last`, both included; only `first` when count is 1 (as torch and numpy do). */
export function linspace(first: number, last: number, count: number): Float64Array {
  const step = count > 1 ? (last - first) / (count - 1) : 0;
  const values = Float64Array.from({ length: count }, (_, i) => first + i * step);
  if (count > 1) values[count - 1] = last;
  return values;
}
