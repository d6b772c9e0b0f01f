/** A frame that is drawn larger than its picture: what dragging its sides means. */
import { extendedSize, type Margins } from '../../../core/image/geometry';
import type { Size } from '../../../core/image/raster';
import { MOST_SIDE } from '../../../core/image/start-extent';
import type { Point } from './brush';

export const NO_MARGINS: Margins = { left: 0, top: 0, right: 0, bottom: 0 };

/** Sides that a handle moves. */
export const HANDLES: readonly (readonly (keyof Margins)[])[] = [
  ['left'],
  ['top'],
  ['right'],
  ['bottom'],
  ['left', 'top'],
  ['right', 'top'],
  ['right', 'bottom'],
  ['left', 'bottom'],
];

/** Pixels that the frame's sides snap to: a latent cell. */
export const SNAP = 8;
export const COARSE_SNAP = 64;

/** @param moved  since the drag began, in picture pixels */
export function dragFrame(
  from: Margins,
  sides: readonly (keyof Margins)[],
  moved: Point,
  { picture, snap = SNAP }: { picture: Size; snap?: number },
): Margins {
  const by = { left: -moved.x, right: moved.x, top: -moved.y, bottom: moved.y };
  return sides.reduce((margins, side) => {
    const other = margins[OPPOSITE[side]];
    const most = Math.max(0, MOST_SIDE - (isAcross(side) ? picture.width : picture.height) - other);
    const wanted = Math.round((from[side] + by[side]) / snap) * snap;
    return { ...margins, [side]: Math.min(Math.floor(most / SNAP) * SNAP, Math.max(0, wanted)) };
  }, from);
}

/** One sentence, or undefined where it can be. */
export function frameProblem(picture: Size, margins: Margins): string | undefined {
  const sides = Object.values(margins);
  if (!sides.every((px) => Number.isInteger(px) && px >= 0)) return 'Each side is a whole number of pixels, from 0.';
  const { width, height } = extendedSize(picture, margins);
  if (Math.max(width, height) > MOST_SIDE)
    return `${width} × ${height} is too large: at most ${MOST_SIDE} pixels a side.`;
  return undefined;
}

const OPPOSITE = { left: 'right', right: 'left', top: 'bottom', bottom: 'top' } as const;

const isAcross = (side: keyof Margins): boolean => side === 'left' || side === 'right';
