/** Puts tensors together to an embedding: by their widths. */
import { AppError } from '../../errors';
import { MOST_VECTORS, type Embedding } from './embedding';
import { familyOfWidths, widthsInWords, type TextEncoderWidth } from './encoders';

export interface NamedVectors {
  /** Name that messages have for it. */
  key: string;
  /** [width], [count, width], or with further axes of 1 before these. */
  shape: readonly number[];
  values: Float32Array;
}

export interface NamedTensors {
  name: string;
  tensors: readonly NamedVectors[];
  ignored?: readonly string[];
  /** Widths of the text encoders of the model at hand, which may be of no published size. */
  encoders?: readonly TextEncoderWidth[] | undefined;
}

/** How many vectors of which width a shape stands for; undefined where it is none of an embedding. */
export function vectorsOf(shape: readonly number[]): { count: number; width: number } | undefined {
  const own = shape.slice(
    Math.max(
      shape.findIndex((n) => n !== 1),
      0,
    ),
  );
  if (own.length < 1 || own.length > 2) return undefined;
  return own.length === 1 ? { count: 1, width: own[0] } : { count: own[0], width: own[1] };
}

/** @throws AppError 'bad-file' for values that are not numbers, or too many vectors; 'unsupported-model' for another width */
export function makeEmbedding(file: string, { name, tensors, ignored = [], encoders: own }: NamedTensors): Embedding {
  const read = tensors.map((tensor) => ({ ...sound(file, tensor), values: tensor.values }));
  const found = familyOfWidths(new Set(read.map(({ width }) => width)), own);
  if (!found)
    throw new AppError(
      'unsupported-model',
      `${file}: this is an embedding with vectors of ${read.map(({ width }) => width).join(' and ')} numbers; those of models that run here have ${widthsInWords()}: take a version for one of these`,
    );
  const { family, encoders } = found;
  const vectors = encoders.flatMap(({ component, width }) => {
    const own = read.find((one) => one.width === width);
    return own ? [{ component, ...own }] : [];
  });
  if (new Set(vectors.map(({ count }) => count)).size > 1)
    throw new AppError(
      'bad-file',
      `${file}: has ${vectors.map(({ count }) => count).join(' and ')} vectors for its text encoders; there must be as many for each: take another version of the file`,
    );
  return { name, family, vectors, ignored };
}

function sound(file: string, { key, shape, values }: NamedVectors): { count: number; width: number } {
  const where = `${file}: "${key}"`;
  const sizes = vectorsOf(shape);
  if (!sizes) throw new AppError('bad-file', `${where} has shape [${shape.join(', ')}]; vectors are [count, width]`);
  if (sizes.count < 1 || sizes.count > MOST_VECTORS)
    throw new AppError(
      'bad-file',
      `${where} has ${sizes.count} vectors; a prompt has room for 1 to ${MOST_VECTORS}: take another version of the file`,
    );
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0 || values.length !== sizes.count * sizes.width)
    throw new AppError(
      'bad-file',
      `${where} holds ${bad >= 0 ? values[bad] : 'too few numbers'}; the training went wrong: take another version of the file`,
    );
  return sizes;
}
