/** A finished picture as the start of another that is larger: by a network alone, or painted again. Fetched when somebody asks for one. */
import { hasHires } from '../../../core/recipe/hires';
import { ENLARGERS, HIRES_UPSCALERS } from '../../../core/recipe/hires-upscalers';
import { requestProblems } from '../../../core/recipe/problems';
import { REDRAWN_SIDE } from '../../../core/recipe/redraw';
import { asksForRefiner, refinedPasses } from '../../../core/recipe/refiner';
import { ADVANCED_DEFAULTS, type AdvancedSettings, type GenerationRequest } from '../../../core/recipe/request';
import { paintsOneSize, type SizeLimits } from '../../../core/recipe/size-limits';
import { usualStrength, usualTiles } from '../../../core/redraw/usual-tiles';
import type { ModelEntry } from '../../../core/catalog';
import type { Size } from '../../../core/image/raster';
import type { LargerWay } from '../pictures/larger-ways';
import type { Picture } from '../pictures/picture';
import { readStartPicture } from './read-start-picture';
import type { StartPictures } from './start-pictures.svelte';

const [FIRST] = Object.keys(ENLARGERS) as (keyof typeof ENLARGERS)[];

/** As much larger as A1111's Hires. fix is at first. */
const SCALE = 2;
/** A picture that a network enlarged needs no more to be sharp, and stays itself; latents that are enlarged themselves need 0.5 and more. */
const STRENGTH = 0.4;

export interface Larger {
  request: GenerationRequest;
  /** Why it cannot be had so: a sentence. */
  problem?: string;
  /** What of the picture's recipe has no place in it. */
  without?: string;
}

/** @param model  that paints it, where it is here @throws AppError as readStartPicture, 'quota' */
export async function largerRequest(
  file: Blob,
  { request, way, model }: Pick<Picture, 'request'> & { way: LargerWay; model?: ModelEntry | undefined },
  startPictures: Pick<StartPictures, 'put'>,
): Promise<Larger> {
  const { pixels } = await readStartPicture(file);
  const { width, height } = inSteps(pixels, way === 'second' ? model?.size : undefined);
  const isWhole = way === 'tiles' || (width === pixels.width && height === pixels.height);
  const made: GenerationRequest = {
    ...request,
    initImage: await startPictures.put(pixels),
    // what is over is cut off: in steps of 64 it would be squeezed visibly
    resizeMode: isWhole ? 'just_resize' : 'crop_and_resize',
    width,
    height,
    ...WAYS[way](request, model),
  };
  delete made.initMask;
  if (way !== 'tiles') {
    delete made.seamFix; // seams would be painted over
    delete made.redraw;
  }
  const [problem] = way === 'network' ? [] : Object.values(requestProblems(made, model?.size));
  return {
    request: made,
    ...(problem !== undefined && { problem }),
    ...(leavesRefiner(request, way) && { without: `the refiner ${request.refinerCheckpoint}` }),
  };
}

/** Its own second pass goes on with the refiner, where it had one at all. */
const leavesRefiner = (request: GenerationRequest, way: LargerWay): boolean =>
  asksForRefiner({ ...ADVANCED_DEFAULTS, ...request }) && (way === 'tiles' || (way === 'second' && !hasHires(request)));

/** What each way changes of the picture's own recipe. */
const WAYS: Record<
  LargerWay,
  (request: GenerationRequest, model: ModelEntry | undefined) => Partial<GenerationRequest>
> = {
  // Nothing is painted: the picture itself goes through the network, and its words stay with it.
  network: ({ enlarger = ADVANCED_DEFAULTS.enlarger }) => ({
    denoisingStrength: 0,
    hiresScale: 1,
    enlarger: enlarger === 'none' ? FIRST : enlarger,
  }),
  second: (request) => ({
    hiresAlone: true,
    enlarger: 'none',
    ...(hasHires(request)
      ? { denoisingStrength: (request.denoisingStrength ?? ADVANCED_DEFAULTS.denoisingStrength) || STRENGTH }
      : { hiresScale: SCALE, denoisingStrength: STRENGTH, hiresUpscaler: NETWORK }),
    ...secondRefiner(request),
  }),
  // The picture itself is cut in tiles: the size is only what the recipe says.
  tiles: (_, model) => ({
    ...usualRedraw(model),
    redraw: 'linear',
    redrawScale: SCALE,
    enlarger: 'none',
    hiresScale: 1,
    seamFix: 'none',
    tiling: ADVANCED_DEFAULTS.tiling,
    refinerCheckpoint: ADVANCED_DEFAULTS.refinerCheckpoint,
    denoisingStrength: usualStrength({ hasOneSize: model !== undefined && paintsOneSize(model.size) }),
  }),
};

const NETWORK =
  Object.entries(HIRES_UPSCALERS).find(([, one]) => 'network' in one)?.[0] ?? ADVANCED_DEFAULTS.hiresUpscaler;

/** The largest size in whole steps that is no larger than the picture, as far as it may be so small. */
function inSteps(pixels: Size, { min, step }: SizeLimits = REDRAWN_SIDE): Size {
  const side = (length: number): number => Math.max(Math.ceil(min / step), Math.floor(length / step)) * step;
  return { width: side(pixels.width), height: side(pixels.height) };
}

/** The refiner of its own second pass, if any. */
function secondRefiner(request: GenerationRequest): Partial<AdvancedSettings> {
  const hasOwn = hasHires(request) && refinedPasses({ ...ADVANCED_DEFAULTS, ...request }).second;
  return hasOwn ? { refinerPasses: 'second' } : { refinerCheckpoint: ADVANCED_DEFAULTS.refinerCheckpoint };
}

/** Tiles as the form has them when nobody has touched them. */
function usualRedraw(model: ModelEntry | undefined): Partial<AdvancedSettings> {
  const { redrawTileWidth, redrawTileHeight, redrawPadding, redrawMaskBlur } = ADVANCED_DEFAULTS;
  const { redrawUpscaler } = ADVANCED_DEFAULTS;
  const plain = { redrawTileWidth, redrawTileHeight, redrawPadding, redrawMaskBlur, redrawUpscaler };
  return model ? { ...plain, ...usualTiles(model.size, model.defaults) } : plain;
}
