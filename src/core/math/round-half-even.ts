/** Rounding as numpy.rint, torch.round and Python's round do it: halves go to the even neighbour. */

export function roundHalfEven(value: number): number {
  const down = Math.floor(value);
  const part = value - down;
  if (part !== 0.5) return part < 0.5 ? down : down + 1;
  return down % 2 === 0 ? down : down + 1;
}
