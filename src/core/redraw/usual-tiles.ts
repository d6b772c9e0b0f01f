/** Tiles in which a model paints best: those of its own size. */

interface Usual {
  redrawTileWidth?: number;
  redrawPadding?: number;
  redrawMaskBlur?: number;
}

/** Tiles of 512 pixels are what is left out. */
const MEDIUM = 512;

/** @param size  its sides @param native  what it likes */
export function usualTiles(
  { min, max }: { min: number; max: number },
  native: { width: number; height: number },
): Usual {
  // With what it sees around it a tile must have the one size: three quarters, and little else, are painted 1 : 1.
  if (min === max) return { redrawTileWidth: (3 * min) / 4, redrawPadding: 8, redrawMaskBlur: 4 };
  const side = Math.min(native.width, native.height);
  return side > MEDIUM ? { redrawTileWidth: side } : {};
}

/** How much of a tile is painted anew: more, and each becomes a picture of the whole prompt. The small model of one size knows no parts of things. */
export const usualStrength = ({ hasOneSize = false }: { hasOneSize?: boolean }): number => (hasOneSize ? 0.15 : 0.35);
