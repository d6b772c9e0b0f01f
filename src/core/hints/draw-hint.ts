/** The hint of a picture by any preprocessor, those that need a network among them; who runs it is given. */
import { cut, toRgb, type Raster } from '../image/raster';
import type { AnnotatorId } from '../networks/annotators/recognise';
import { onWhite, padToBlocks, resizeShorter } from './annotator-size';
import { hintValues, makeHint, type HintOptions } from './make-hint';
import { preprocessor, type PreprocessorId } from './preprocessors';
import type { DrawnMap, NetworkRunner, Sight } from './preprocessor';

/** What a network is shown. */
export interface Shown {
  network: AnnotatorId;
  /** File of the weights. */
  file: string;
  /** image [1, 3, height, width], RGB in 0…255; both sides multiples of what the network wants */
  image: ShownImage;
  /** What it is shown after that. */
  more?: readonly ShownImage[];
}

export interface ShownImage {
  data: Float32Array;
  dims: readonly [1, 3, number, number];
}

/** @returns the network's outputs, in its order: of the first image, then of each that it is shown after that */
export type RunNetwork = (shown: Shown) => Promise<readonly DrawnMap[]>;

/** To whom it is said what a preprocessor finds, and what can be done without. */
export interface DrawingOptions {
  /** Is given what the preprocessor found, as text, where it tells that: a pose. */
  told?: (found: string) => void;
  /** Is given a sentence for who made the hint. */
  said?: (notice: string) => void;
  /** Whether a file is here that can be done without; without this, none is. */
  has?: (file: string) => boolean;
}

/** @throws AppError 'bad-request' as makeHint, and whatever `run` throws */
export async function drawHint(
  id: PreprocessorId,
  picture: Raster,
  options: HintOptions,
  run: RunNetwork,
  drawing: DrawingOptions = {},
): Promise<Raster<3 | 4>> {
  const one = preprocessor(id);
  if ('make' in one) return makeHint(id, picture, options);
  const values = hintValues(id, options);
  const { resized, padded } = paddedAt(onWhite(picture), values.resolution);
  const box = { left: 0, top: 0, right: resized.width, bottom: resized.height };
  if ('seek' in one) {
    const { hint, found } = await one.seek(resized, padded, runnerOf(run, drawing));
    drawing.told?.(found);
    return cut(hint, box);
  }
  const { network, file, finish, look = asItIs, afterwards } = one;
  const hint = finish(await run({ network, file, image: imageOf(look(padded)) }), padded, values);
  if (hint.channels === 3) return cut(hint, box);
  return toRgb(afterwards ? afterwards(cut(hint, box)) : cut(hint, box));
}

function runnerOf(run: RunNetwork, { said, has }: DrawingOptions): NetworkRunner {
  return {
    has: ({ file }) => has?.(file) ?? false,
    say: (notice) => said?.(notice),
    run: async ({ network, file }, shown) => {
      if (shown.length === 0) return [];
      const [image, ...more] = shown.map(imageOf);
      const maps = await run({ network, file, image, ...(more.length > 0 && { more }) });
      const count = maps.length / shown.length;
      return shown.map((_, i) => maps.slice(i * count, (i + 1) * count));
    },
  };
}

const imageOf = ({ planes: data, size }: Sight): ShownImage => ({ data, dims: [1, 3, size.height, size.width] });

function paddedAt(picture: Raster<3>, resolution: number) {
  const resized = resizeShorter(picture, resolution);
  return { resized, padded: padToBlocks(resized) };
}

const asItIs = (picture: Raster<3>): Sight => ({ planes: planes(picture), size: picture });

function planes({ width, height, data }: Raster<3>): Float32Array {
  const count = width * height;
  const all = new Float32Array(3 * count);
  for (let i = 0; i < count; i++) for (let c = 0; c < 3; c++) all[c * count + i] = data[3 * i + c];
  return all;
}
