/** What a library keeps of an adapter's file beside its bytes: a LoRA or an embedding, for which models, under which hashes. */
import { AppError } from '../errors';
import type { ModelFamily } from '../families';
import type { ByteSource, TensorFile } from '../formats';
import { foreignAdapter } from './foreign-adapters';
import { isEmbeddingFile, readTensorEmbeddings } from './embeddings/tensor-embeddings';
import type { Embedding } from './embeddings/embedding';
import { readEmbeddings, stemOf, type EmbeddingOptions } from './embeddings/read-embeddings';
import { readFacts } from './facts';
import { hashesOf, type AdapterHashes } from './hashes';
import type { ModelShapes } from './model-shapes';
import { adapterOf } from './open-adapter';
import { adapterSummary } from './summary';
import type { AdapterWord } from './adapter';
import { encodersOf, type TextEncoderWidth } from './embeddings/encoders';
import { whichFamily } from './which-family';

export type AddOnKind = 'lora' | 'embedding';

export interface AddOnFacts {
  kind: AddOnKind;
  /** Kind of a LoRA: "locon", "loha". */
  word?: AdapterWord;
  family?: ModelFamily;
  /** Ids of the models that it fits, where these are of no published size. */
  models?: string[];
  rank?: number;
  /** Tokens that an embedding stands for. */
  vectors?: number;
  /** Names besides the file's: what its maker calls it, those of the embeddings in it. */
  aliases: string[];
  triggerWords: string[];
  isNegative?: boolean;
  /** Sentences for whoever uses it. */
  notices: string[];
  hashes: AdapterHashes;
}

/** A model on this computer, to lay against what fits no published one. */
export interface OwnModel {
  id: string;
  shapes: () => ModelShapes;
}

/** @throws AppError as `openAdapter` and `readEmbeddings` */
export async function describeAddOn(file: TensorFile, models: readonly OwnModel[] = []): Promise<AddOnFacts> {
  const facts = isEmbeddingFile(file.tensors) ? await embeddingFacts(file, models) : await loraFacts(file, models);
  return { ...facts, hashes: await hashesOf(file) };
}

/**
 * By its header alone, for files that are elsewhere.
 * @throws AppError 'unsupported-model' naming what it is instead
 */
export async function previewAddOn(file: TensorFile): Promise<Pick<AddOnFacts, 'kind' | 'family'>> {
  const { source, tensors, metadata } = file;
  const foreign = foreignAdapter(tensors.keys());
  if (foreign !== undefined) throw new AppError('unsupported-model', `${source.name}: this is ${foreign}`);
  if (isEmbeddingFile(tensors)) return { kind: 'embedding' };
  // What fits no family is refused in that one's words.
  const family = whichFamily(tensors, readFacts(metadata).base)?.family ?? (await adapterOf(file)).family;
  return { kind: 'lora', ...(family && { family }) };
}

/**
 * Describes a picture that an embedding lies in, which names it itself.
 *
 * @param decode  see EmbeddingOptions
 * @throws AppError as `readEmbeddings`: 'not-a-model' where there is none in it
 */
export async function describePicture(
  source: ByteSource,
  models: readonly OwnModel[] = [],
  decode?: EmbeddingOptions['decode'],
): Promise<AddOnFacts & { name: string }> {
  const known = await embeddingsFor(
    (encoders) => readEmbeddings(source, { ...(decode && { decode }), ...(encoders && { encoders }) }),
    models,
  );
  const hashes = await hashesOf({ source, format: undefined, metadata: {} });
  return { ...factsOf(known), name: known.found[0].name, hashes };
}

async function embeddingFacts(file: TensorFile, models: readonly OwnModel[]): Promise<Omit<AddOnFacts, 'hashes'>> {
  const stem = stemOf(file.source.name);
  const known = await embeddingsFor((encoders) => readTensorEmbeddings(file, stem, encoders), models);
  const { isNegativeEmbedding } = readFacts(file.metadata);
  return { ...factsOf(known), ...(isNegativeEmbedding && { isNegative: true }) };
}

interface KnownEmbeddings {
  found: readonly Embedding[];
  /** Ids of models of no published size. */
  fitting?: string[];
}

function factsOf({ found, fitting }: KnownEmbeddings): Omit<AddOnFacts, 'hashes'> {
  const [first] = found;
  return {
    kind: 'embedding',
    ...(fitting ? { models: fitting } : first.family && { family: first.family }),
    vectors: first.vectors[0].count,
    aliases: found.length > 1 ? found.map(({ name }) => name) : [],
    triggerWords: [],
    notices: [],
  };
}

async function loraFacts(file: TensorFile, models: readonly OwnModel[]): Promise<Omit<AddOnFacts, 'hashes'>> {
  const { adapter, fitting } = await openFor(file, models);
  const { kind, family, rank, alias, triggerWords, notices = [] } = adapterSummary(adapter);
  return {
    kind: 'lora',
    word: kind,
    ...(fitting ? { models: fitting } : family && { family }),
    ...(rank !== undefined && { rank }),
    aliases: alias === undefined ? [] : [alias],
    triggerWords,
    notices: [...notices],
  };
}

/** Embeddings of a file, told by the widths of a published family, else of the models that are here. */
async function embeddingsFor(
  read: (encoders?: readonly TextEncoderWidth[]) => Promise<Embedding[]>,
  models: readonly OwnModel[],
): Promise<KnownEmbeddings> {
  try {
    return { found: await read() };
  } catch (error) {
    const fitting = [];
    for (const { id, shapes } of models) {
      const found = await read(encodersOf(shapes())).catch(() => undefined);
      if (found) fitting.push({ id, found });
    }
    if (fitting.length === 0) throw error;
    return { found: fitting[0].found, fitting: fitting.map(({ id }) => id) };
  }
}

/** Opens an adapter over a published model, else over those that are here. */
async function openFor(file: TensorFile, models: readonly OwnModel[]) {
  try {
    return { adapter: await adapterOf(file) };
  } catch (error) {
    const found = [];
    for (const { id, shapes } of models) {
      const adapter = await adapterOf(file, { model: shapes() }).catch(() => undefined);
      if (adapter) found.push({ id, adapter });
    }
    if (found.length === 0) throw error;
    return { adapter: found[0].adapter, fitting: found.map(({ id }) => id) };
  }
}
