/**
 * Which parts of a large picture are painted over, in which order and at which size, as Ultimate SD upscale does it.
 *
 * @see Coyote-A/ultimate-upscale-for-automatic1111, scripts/ultimate-upscale.py; ssitu/ComfyUI_UltimateSDUpscale, usdu_patch.py
 */
import type { Box, Size } from '../image/raster';
import { paintedSize, tileSize, upTo, type RedrawRules } from './painted-size';
import type { TileShape } from './tile-mask';

export const REDRAW_ORDERS = ['linear', 'chess', 'none'] as const;
export type RedrawOrder = (typeof REDRAW_ORDERS)[number];

export const SEAM_FIXES = ['none', 'band_pass', 'half_tile', 'half_tile_intersections'] as const;
export type SeamFix = (typeof SEAM_FIXES)[number];

export interface RedrawSettings {
  order: RedrawOrder;
  /** A side of 0 is as long as the other. */
  tileWidth: number;
  tileHeight: number;
  /** Pixels that the model sees around a tile. */
  padding: number;
  /** Standard deviation in pixels. */
  maskBlur: number;
  seamFix: SeamFix;
  /** Pixels of a band. */
  seamWidth: number;
  seamMaskBlur: number;
  seamPadding: number;
}

export interface RedrawPass {
  shape: TileShape;
  /** Where it lies; at the right and below it may reach over the picture. */
  box: Box;
  /** What is painted. */
  target: Size;
  maskBlur: number;
  padding: number;
  /** It mends a seam: it has a denoising strength of its own. */
  isSeam: boolean;
}

/** @returns passes in their order */
export function planRedraw(picture: Size, settings: RedrawSettings, rules: RedrawRules = 'a1111'): RedrawPass[] {
  const tile = tileSize(settings);
  const grid = { columns: Math.ceil(picture.width / tile.width), rows: Math.ceil(picture.height / tile.height) };
  const common = { target: paintedSize(settings, rules), maskBlur: settings.maskBlur, padding: settings.padding };
  const tiles = placesOf(grid, settings.order).map(([x, y]) => ({
    ...{ shape: 'rectangle' as const, box: boxAt(x * tile.width, y * tile.height, tile), isSeam: false },
    ...common,
  }));
  return [...tiles, ...seams(picture, settings, { tile, ...grid })];
}

interface Grid {
  columns: number;
  rows: number;
}

const boxAt = (left: number, top: number, { width, height }: Size): Box => ({
  ...{ left, top },
  right: left + width,
  bottom: top + height,
});

/** Row by row, or the white fields of a chessboard before the black ones. */
function placesOf({ columns, rows }: Grid, order: RedrawOrder): [x: number, y: number][] {
  if (order === 'none') return [];
  const all = Array.from({ length: rows * columns }, (_, i): [number, number] => [
    i % columns,
    Math.floor(i / columns),
  ]);
  if (order === 'linear') return all;
  const isWhite = ([x, y]: [number, number]): boolean => (x + y) % 2 === 0;
  return [...all.filter(isWhite), ...all.filter((place) => !isWhite(place))];
}

function seams(picture: Size, settings: RedrawSettings, { tile, columns, rows }: Grid & { tile: Size }): RedrawPass[] {
  const { seamFix, seamWidth, seamMaskBlur: maskBlur, seamPadding: padding } = settings;
  if (seamFix === 'none') return [];
  if (seamFix === 'band_pass') return bands(picture, { tile, columns, rows, width: seamWidth, padding });
  const [across, down] = [Math.floor(tile.width / 2), Math.floor(tile.height / 2)];
  const target = { width: upTo(tile.width, 8), height: upTo(tile.height, 8) };
  const passes = (shape: TileShape, count: Grid, offset: [x: number, y: number], around: number): RedrawPass[] =>
    placesOf(count, 'linear').map(([x, y]) => ({
      ...{ shape, target, maskBlur, padding: around, isSeam: true },
      box: boxAt(x * tile.width + offset[0], y * tile.height + offset[1], tile),
    }));
  return [
    ...passes('row', { columns, rows: rows - 1 }, [0, down], padding),
    ...passes('column', { columns: columns - 1, rows }, [across, 0], padding),
    ...(seamFix === 'half_tile_intersections'
      ? passes('radial', { columns: columns - 1, rows: rows - 1 }, [across, down], 0)
      : []),
  ];
}

/** Bands over the whole picture along each seam, not blurred. */
function bands(
  picture: Size,
  { tile, columns, rows, width, padding }: Grid & { tile: Size; width: number; padding: number },
): RedrawPass[] {
  if (width === 0) return [];
  const common = { maskBlur: 0, padding, isSeam: true };
  const seen = upTo(width + 2 * padding, 8);
  const half = Math.floor(width / 2);
  const inner = (count: number): number[] => Array.from({ length: count - 1 }, (_, i) => i + 1);
  return [
    ...inner(columns).map((x) => ({
      ...{ shape: 'band_column' as const, ...common, target: { width: seen, height: upTo(picture.height, 8) } },
      box: boxAt(x * tile.width - half, 0, { width, height: picture.height }),
    })),
    ...inner(rows).map((y) => ({
      ...{ shape: 'band_row' as const, ...common, target: { width: upTo(picture.width, 8), height: seen } },
      box: boxAt(0, y * tile.height - half, { width: picture.width, height: width }),
    })),
  ];
}
