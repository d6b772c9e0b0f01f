/** Taking back what came, and nothing that was changed since. */

type Values = Record<string, unknown>;

const isSame = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);
const isValues = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Each value that is still as it came, as it was before; all others as they are now.
 *
 * @param deep  keys whose values are looked into, one level
 * @param bound  what means something only beside the value of another key: where that was changed since, it stays as it is now, too
 */
export function takenBack<State extends object>(
  { before, came, now }: { before: State; came: State; now: State },
  deep: readonly (keyof State)[] = [],
  bound: readonly (readonly [key: keyof State, to: keyof State])[] = [],
): State {
  const back: Values = {};
  const [old, taken, current] = [before, came, now] as [Values, Values, Values];
  for (const key of new Set([...Object.keys(old), ...Object.keys(current)])) {
    const isLeft = bound.some(([one, to]) => one === key && !isSame(taken[to as string], current[to as string]));
    const parts = [old[key], taken[key], current[key]];
    if (isLeft) back[key] = current[key];
    else if (deep.includes(key as keyof State) && parts.every(isValues)) {
      const [inOld, inTaken, inCurrent] = parts as [Values, Values, Values];
      back[key] = takenBack({ before: inOld, came: inTaken, now: inCurrent });
    } else if (!isSame(taken[key], current[key])) back[key] = current[key];
    else if (key in old) back[key] = old[key];
  }
  return back as State;
}

/** @param came  the list when the others had come: what was used since stands before what is still in its order */
export function usedSince<One>(came: readonly One[], now: readonly One[]): ReadonlySet<One> {
  const places = new Map(came.map((one, i) => [JSON.stringify(one), i]));
  let [start, last] = [now.length, Infinity];
  while (start > 0) {
    const place = places.get(JSON.stringify(now[start - 1]));
    if (place === undefined || place >= last) break;
    [start, last] = [start - 1, place];
  }
  return new Set(now.slice(0, start));
}
