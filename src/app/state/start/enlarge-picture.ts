/** A finished picture as the start of another that is larger: by a network alone, or painted again. Fetched when somebody asks for one. */
import { ENLARGERS, HIRES_UPSCALERS } from '../../../core/recipe/hires-upscalers';
import { requestProblems } from '../../../core/recipe/problems';
import { ADVANCED_DEFAULTS, type AdvancedSettings, type GenerationRequest } from '../../../core/recipe/request';
import { paintsOneSize } from '../../../core/recipe/size-limits';
import { usualStrength, usualTiles } from '../../../core/redraw/usual-tiles';
import type { ModelEntry } from '../../../core/catalog';
import type { Pixels } from '../../../core/image';
import type { LargerWay } from '../pictures/larger-ways';
import type { Picture } from '../pictures/picture';
import { readStartPicture } from './read-start-picture';
import type { StartPictures } from './start-pictures.svelte';

const [FIRST] = Object.keys(ENLARGERS) as (keyof typeof ENLARGERS)[];

/** As much larger as A1111's Hires. fix is at first. */
const SCALE = 2;
/** A picture that a network enlarged needs no more to be sharp, and stays itself; latents that are enlarged themselves need 0.5 and more. */
const STRENGTH = 0.4;
const SIDE_STEP = 8;

export interface Larger {
  request: GenerationRequest;
  /** Why it cannot be had so: a sentence. */
  problem?: string;
}

/** @param model  that paints it, where it is here @throws AppError as readStartPicture, 'quota' */
export async function largerRequest(
  file: Blob,
  { request, way, model }: Pick<Picture, 'request'> & { way: LargerWay; model?: ModelEntry | undefined },
  startPictures: Pick<StartPictures, 'put'>,
): Promise<Larger> {
  const { pixels } = await readStartPicture(file);
  const made: GenerationRequest = {
    ...request,
    initImage: await startPictures.put(pixels),
    resizeMode: 'just_resize',
    width: pixels.width,
    height: pixels.height,
    ...WAYS[way](request, { pixels, model }),
  };
  delete made.initMask;
  if (way !== 'tiles') {
    delete made.seamFix; // seams would be painted over
    delete made.redraw;
  }
  const [problem] = way === 'network' ? [] : Object.values(requestProblems(made, model?.size));
  return { request: made, ...(problem !== undefined && { problem }) };
}

interface Seen {
  pixels: Pick<Pixels, 'width' | 'height'>;
  model: ModelEntry | undefined;
}

/** What each way changes of the picture's own recipe. */
const WAYS: Record<LargerWay, (request: GenerationRequest, seen: Seen) => Partial<GenerationRequest>> = {
  // Nothing is painted: the picture itself goes through the network, and its words stay with it.
  network: ({ enlarger = ADVANCED_DEFAULTS.enlarger }) => ({
    denoisingStrength: 0,
    hiresScale: 1,
    enlarger: enlarger === 'none' ? FIRST : enlarger,
  }),
  second: ({ hiresScale = 1, ...request }, { pixels }) => ({
    hiresAlone: true,
    enlarger: 'none',
    width: inSteps(pixels.width),
    height: inSteps(pixels.height),
    ...(hiresScale > 1
      ? { hiresScale, denoisingStrength: request.denoisingStrength ?? STRENGTH }
      : { hiresScale: SCALE, denoisingStrength: STRENGTH, hiresUpscaler: NETWORK }),
    refinerCheckpoint: ADVANCED_DEFAULTS.refinerCheckpoint,
  }),
  tiles: (_, { model }) => ({
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

const inSteps = (side: number): number => Math.max(SIDE_STEP, Math.floor(side / SIDE_STEP) * SIDE_STEP);

/** Tiles as the form has them when nobody has touched them. */
function usualRedraw(model: ModelEntry | undefined): Partial<AdvancedSettings> {
  const { redrawTileWidth, redrawTileHeight, redrawPadding, redrawMaskBlur } = ADVANCED_DEFAULTS;
  const { redrawUpscaler } = ADVANCED_DEFAULTS;
  const plain = { redrawTileWidth, redrawTileHeight, redrawPadding, redrawMaskBlur, redrawUpscaler };
  return model ? { ...plain, ...usualTiles(model.size, model.defaults) } : plain;
}
