/** A picture that is enlarged and painted over tile by tile: whether, how large it becomes, and what stands against it. */
import type { Size } from '../image/raster';
import { paintedSize } from '../redraw/painted-size';
import type { SizeLimits } from './size-limits';
import { asksForRefiner } from './refiner';
import { ADVANCED_DEFAULTS, type AdvancedSettings, type GenerationRequest } from './request';

type RedrawId = Extract<keyof AdvancedSettings, `redraw${string}` | `seamFix${string}`>;
export type RedrawFields = Pick<AdvancedSettings, RedrawId>;

/** Canvases have no longer sides; the model paints tiles of its own sizes. */
export const REDRAWN_SIDE: SizeLimits = { min: 64, max: 16_384, step: 8 };

/** Whether it starts from a picture that goes through tiles. */
export const redraws = ({ initImage, redraw = 'none' }: Pick<GenerationRequest, 'initImage' | 'redraw'>): boolean =>
  initImage !== undefined && redraw !== 'none';

/** The script rounds up to 64 pixels, A1111's upscalers down to 8. */
const STEPS = { tiles: 64, overlap: 8 } as const;

/** How large the picture becomes: as large as is asked for, or so many times its own size. */
export function redrawnSize(
  {
    redraw,
    redrawScale,
    width,
    height,
  }: Pick<GenerationRequest, 'width' | 'height'> & Pick<RedrawFields, 'redraw' | 'redrawScale'>,
  picture: Size,
): Size {
  if (redrawScale === 0) return { width, height };
  const side = (pixels: number): number =>
    redraw === 'overlap'
      ? Math.max(STEPS.overlap, Math.floor((pixels * redrawScale) / STEPS.overlap) * STEPS.overlap)
      : Math.ceil((pixels * redrawScale) / STEPS.tiles) * STEPS.tiles;
  return { width: side(picture.width), height: side(picture.height) };
}

/** What the model paints of each tile. */
export function tilePainted(said: RedrawFields): Size {
  const { redraw, redrawPadding, redrawTileWidth: tileWidth, redrawTileHeight: tileHeight } = said;
  const tile = { tileWidth, tileHeight };
  if (redraw !== 'overlap') return paintedSize({ ...tile, padding: redrawPadding }, 'a1111');
  return { width: tileWidth || tileHeight, height: tileHeight || tileWidth };
}

/** The largest that the model sees at once: of a tile. Bands are as long as the picture, of which only the form's size is known. */
export function largestTile(said: RedrawFields & Size): Size {
  const { redraw, seamFix, seamFixWidth, seamFixPadding, redrawScale } = said;
  const painted = tilePainted(said);
  if (redraw === 'overlap' || seamFix !== 'band_pass') return painted;
  const long = Math.max(said.width, said.height) * (redrawScale || 1);
  const band = { width: long, height: Math.ceil((seamFixWidth + 2 * seamFixPadding) / 8) * 8 };
  return band.width * band.height > painted.width * painted.height ? band : painted;
}

/** Why a picture cannot go through tiles as it is asked for, by setting: a sentence each. @param size  of the model */
export function redrawProblems(
  request: GenerationRequest,
  size?: SizeLimits,
): Partial<Record<keyof GenerationRequest, string>> {
  if (!redraws(request)) return {};
  const asked = { ...ADVANCED_DEFAULTS, ...request };
  const { redraw, redrawTileWidth, redrawTileHeight, redrawOverlap, initMask, hiresScale } = asked;
  if (initMask !== undefined)
    return { redraw: 'Tiles are painted all over: take the mask away, or switch Ultimate SD upscale off.' };
  if (hiresScale > 1) return { redraw: 'The picture is enlarged in tiles, or by Hires. fix: switch one of them off.' };
  if (asksForRefiner(asked))
    return { redraw: 'Tiles are painted by one model: switch the refiner, or Ultimate SD upscale, off.' };
  if (redrawTileWidth === 0 && redrawTileHeight === 0) return { redrawTileWidth: 'A tile needs a width or a height.' };
  const painted = tilePainted(asked);
  if (redraw === 'overlap' && redrawOverlap >= Math.min(painted.width, painted.height))
    return { redrawOverlap: `Tiles of ${painted.width} × ${painted.height} cannot share ${redrawOverlap} pixels.` };
  if (!size) return {};
  const said = Object.values(painted).find((side) => side < size.min || side > size.max || side % size.step !== 0);
  if (said === undefined) return seamProblem(asked, size);
  const sees = redraw === 'overlap' ? 'Tiles' : 'With their padding tiles';
  const takes = size.min === size.max ? `${size.min} alone` : `${size.min} to ${size.max}, in steps of ${size.step}`;
  return {
    redrawTileWidth: `${sees} are painted at ${painted.width} × ${painted.height}; this model paints ${takes}.`,
  };
}

/** Seams are painted at sizes of their own. */
function seamProblem({ redraw, seamFix, ...said }: RedrawFields, { min, max, step }: SizeLimits) {
  if (seamFix === 'none' || redraw === 'overlap' || min < max) return {};
  const { redrawTileWidth: width, redrawTileHeight: height } = said;
  const isFine =
    seamFix !== 'band_pass' && [width || height, height || width].every((side) => side === max && side % step === 0);
  return isFine ? {} : { seamFix: `Seams are painted at another size than tiles, and this model paints ${max} alone.` };
}
