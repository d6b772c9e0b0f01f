/** The hint of a unit's picture, by what the unit says. */
import { AppError } from '../errors';
import type { ResizeMode } from '../image/geometry';
import type { Mask, Raster, Size } from '../image/raster';
import { pixelPerfectResolution } from './annotator-size';
import { drawHint, type DrawingOptions, type RunNetwork } from './draw-hint';
import { makeHint, type HintOptions } from './make-hint';
import { notHereText } from './not-here';
import type { HintValues } from './preprocessor';
import { findPreprocessor, isComputed } from './preprocessors';

export interface HintWish extends HintValues {
  /** Any name of the preprocessor. */
  module: string;
  /** Seen as finely as what is drawn, at this size and in this way. */
  pixelPerfect: boolean;
  target: Size;
  resizeMode: ResizeMode;
  /** 255 where to repaint, of the picture's size; of preprocessors that need one. */
  mask?: Mask;
}

/** The same by any preprocessor. @throws AppError 'bad-request' for what is not known, and whatever `run` throws */
export async function drawnHintFor(
  picture: Raster,
  wish: HintWish,
  run: RunNetwork,
  drawing?: DrawingOptions,
): Promise<Raster<3 | 4>> {
  const id = findPreprocessor(wish.module);
  return id === undefined || isComputed(id)
    ? hintFor(picture, wish)
    : drawHint(id, picture, optionsOf(picture, wish), run, drawing);
}

/** @throws AppError 'bad-request' for what needs a network or is not known, and as makeHint */
export function hintFor(picture: Raster, wish: HintWish): Raster<3 | 4> {
  const { module } = wish;
  const id = findPreprocessor(module);
  if (id === undefined) throw new AppError('bad-request', capital(notHereText(module)));
  if (!isComputed(id))
    throw new AppError('bad-request', `Nothing makes hints by "${module}" here: choose another preprocessor.`);
  return makeHint(id, picture, optionsOf(picture, wish));
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function optionsOf(picture: Raster, wish: HintWish): HintOptions {
  const { pixelPerfect, target, resizeMode, thresholdA, thresholdB, seed, mask } = wish;
  const isFilled = resizeMode === 'resize_and_fill';
  const own = { thresholdA, thresholdB, seed, ...(mask && { mask }) };
  if (!pixelPerfect) return { ...own, resolution: wish.resolution };
  return { ...own, pixelPerfect: pixelPerfectResolution({ picture, target, isFilled }) };
}
