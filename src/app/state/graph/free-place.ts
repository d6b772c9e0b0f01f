/** A place in a graph where a rectangle covers nothing that is there. Pure; all in the editor's pixels. */

export interface Rectangle {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Between what is put in and what is there. */
const GAP = 40;

/** The smallest that holds all of them; undefined for none. */
export function around(all: readonly Rectangle[]): Rectangle | undefined {
  if (all.length === 0) return undefined;
  const edge = (of: (one: Rectangle) => number, pick: (a: number, b: number) => number): number =>
    all.map(of).reduce(pick);
  const [x, y] = [edge((one) => one.x, least), edge((one) => one.y, least)];
  return {
    ...{ x, y },
    width: edge((one) => one.x + one.width, most) - x,
    height: edge((one) => one.y + one.height, most) - y,
  };
}

const least = (a: number, b: number): number => Math.min(a, b);
const most = (a: number, b: number): number => Math.max(a, b);

/**
 * The upper left corner that is nearest to `wanted`: there, or beside one of those that are in the way. To the right of all of them is
 * always room.
 */
export function freePlace(
  taken: readonly Rectangle[],
  { width, height }: Pick<Rectangle, 'width' | 'height'>,
  wanted: Readonly<{ x: number; y: number }>,
): { x: number; y: number } {
  const isFree = ({ x, y }: { x: number; y: number }): boolean =>
    taken.every(
      (one) =>
        x >= one.x + one.width + GAP ||
        y >= one.y + one.height + GAP ||
        x + width + GAP <= one.x ||
        y + height + GAP <= one.y,
    );
  const all = around(taken);
  if (!all || isFree(wanted)) return { x: wanted.x, y: wanted.y };
  const beside = taken.flatMap((one) => [
    { x: one.x + one.width + GAP, y: wanted.y },
    { x: wanted.x, y: one.y + one.height + GAP },
    { x: one.x - width - GAP, y: wanted.y },
    { x: wanted.x, y: one.y - height - GAP },
  ]);
  const far = (at: { x: number; y: number }): number => Math.hypot(at.x - wanted.x, at.y - wanted.y);
  const right = { x: all.x + all.width + GAP, y: all.y };
  return [...beside, right].filter(isFree).reduce((best, at) => (far(at) < far(best) ? at : best), right);
}
