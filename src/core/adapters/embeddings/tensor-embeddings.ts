/** Embeddings in files of tensors: those of A1111, of kohya's, diffusers' and other trainers. */
import { AppError } from '../../errors';
import { nameOfTwoTexts, shortNameOf } from '../../families/recognise';
import type { TensorFile } from '../../formats';
import { readPart } from '../read-parts';
import type { Embedding } from './embedding';
import { familyOfWidths, isEncoderWidth, type TextEncoderWidth } from './encoders';
import { makeEmbedding, vectorsOf, type NamedVectors } from './make-embedding';

/** What a key that is beside the vectors is; the first that matches. */
const IGNORED: readonly (readonly [RegExp, string])[] = [
  [/^clip_[lg]_out$/, 'is added at the encoder’s end, which is not done here'],
  [/^(t5(xxl)?|llama|qwen\w*|gemma\w*)(_out)?$/, 'is for a text encoder of another model'],
];

/** Names that say nothing: the file's own counts. Trainers of pivotal tuning count text encoders from 0. */
const NAMELESS = /^(emb_params|string_to_param\..+|clip_[lgh]|text_encoders?[._]?[0-2]?|te[12]|\d+\..+)$/;

/** What no token ends with, but names of layers do: norms of a text encoder are vectors of its width too. */
const LAYER = /\.(weight|bias|[wb]_norm|diff|diff_b|set_weight|alpha|dora_scale|on_input)$/;

/** A token dictionary has a few; more are another kind of file. */
const MOST_TENSORS = 64;

interface Group {
  name: string;
  keys: string[];
}

type Shapes = ReadonlyMap<string, { shape: readonly number[] }>;

/** Undefined where this is no embedding. */
function groupsOf(
  tensors: Shapes,
  stem: string,
  encoders?: readonly TextEncoderWidth[],
): { groups: Group[]; ignored: string[] } | undefined {
  if (tensors.size === 0 || tensors.size > MOST_TENSORS) return undefined;
  const ignored: string[] = [];
  const own: Group = { name: stem, keys: [] };
  const tokens: Group[] = [];
  for (const [key, { shape }] of tensors) {
    const reason = IGNORED.find(([pattern]) => pattern.test(key))?.[1];
    if (reason !== undefined) {
      ignored.push(`"${key}" ${reason}`);
      continue;
    }
    const sizes = vectorsOf(shape);
    if (!sizes || LAYER.test(key) || (!NAMELESS.test(key) && !isEncoderWidth(sizes.width, encoders))) return undefined;
    if (NAMELESS.test(key)) own.keys.push(key);
    else tokens.push({ name: key, keys: [key] });
  }
  if (own.keys.length === 0 && tokens.length === 1) tokens[0].name = stem;
  const groups = [own, ...tokens].filter(({ keys }) => keys.length > 0);
  return groups.length > 0 ? { groups, ignored } : undefined;
}

/** @returns "SDXL" where these are the tensors of an embedding for it */
export function embeddingFamily(tensors: Shapes): string | undefined {
  const found = groupsOf(tensors, '');
  if (!found) return undefined;
  const widths = found.groups[0].keys.map((key) => vectorsOf(tensors.get(key)?.shape ?? [])?.width ?? 0);
  const family = familyOfWidths(new Set(widths))?.family;
  return family === undefined ? (widths.length > 1 ? nameOfTwoTexts() : 'another model') : shortNameOf(family);
}

export const isEmbeddingFile = (tensors: Shapes): boolean => groupsOf(tensors, '') !== undefined;

/**
 * @param stem  the name that prompts have for it
 * @param encoders  of the model at hand, which may be of no published size
 * @throws AppError 'unsupported-model' where it is no embedding, as `makeEmbedding`
 */
export async function readTensorEmbeddings(
  file: TensorFile,
  stem: string,
  encoders?: readonly TextEncoderWidth[],
): Promise<Embedding[]> {
  const found = groupsOf(file.tensors, stem, encoders);
  if (!found)
    throw new AppError(
      'unsupported-model',
      `${file.source.name}: this is no embedding: its ${file.tensors.size} tensors are no vectors of a text encoder; choose the file of an embedding (textual inversion)`,
    );
  return Promise.all(
    found.groups.map(async ({ name, keys }) => {
      const tensors = await Promise.all(
        keys.map(async (key): Promise<NamedVectors> => ({ key, ...(await readPart(file, key)) })),
      );
      return makeEmbedding(file.source.name, { name, tensors, ignored: found.ignored, encoders });
    }),
  );
}
