/** The hint of a picture by any preprocessor, those that need a network among them; who runs it is given. */
import { cut, toRgb, type Raster } from '../image/raster';
import type { AnnotatorId } from '../networks/annotators/recognise';
import { onWhite, padToBlocks, resizeShorter } from './annotator-size';
import { hintValues, makeHint, type HintOptions } from './make-hint';
import { preprocessor, type PreprocessorId } from './preprocessors';
import type { DrawnMap } from './preprocessor';

/** What a network is shown. */
export interface Shown {
  network: AnnotatorId;
  /** File of the weights. */
  file: string;
  /** image [1, 3, height, width], RGB in 0…255; both sides multiples of what the network wants */
  image: { data: Float32Array; dims: readonly [1, 3, number, number] };
}

/** @returns the network's outputs, in its order */
export type RunNetwork = (shown: Shown) => Promise<readonly DrawnMap[]>;

/**
 * @param told  is given what the preprocessor found, where it tells that: see NetworkPreprocessor
 * @throws AppError 'bad-request' as makeHint, and whatever `run` throws
 */
export async function drawHint(
  id: PreprocessorId,
  picture: Raster,
  options: HintOptions,
  run: RunNetwork,
  told?: (found: string) => void,
): Promise<Raster<3 | 4>> {
  const one = preprocessor(id);
  if ('make' in one) return makeHint(id, picture, options);
  const { network, file, finish, tells, look = asItIs, afterwards } = one;
  const values = hintValues(id, options);
  const { width, height, padded } = paddedAt(onWhite(picture), values.resolution);
  const shown = look(padded);
  const image = { data: shown.planes, dims: [1, 3, shown.size.height, shown.size.width] as const };
  const maps = await run({ network, file, image });
  const hint = finish(maps, padded, values);
  if (tells && told) told(tells(maps, padded, { width, height }));
  const box = { left: 0, top: 0, right: width, bottom: height };
  if (hint.channels === 3) return cut(hint, box);
  return toRgb(afterwards ? afterwards(cut(hint, box)) : cut(hint, box));
}

function paddedAt(picture: Raster<3>, resolution: number) {
  const resized = resizeShorter(picture, resolution);
  return { width: resized.width, height: resized.height, padded: padToBlocks(resized) };
}

const asItIs = (picture: Raster<3>) => ({ planes: planes(picture), size: picture });

function planes({ width, height, data }: Raster<3>): Float32Array {
  const count = width * height;
  const all = new Float32Array(3 * count);
  for (let i = 0; i < count; i++) for (let c = 0; c < 3; c++) all[c * count + i] = data[3 * i + c];
  return all;
}
