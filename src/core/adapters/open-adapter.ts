/** Opens a file that changes a model's weights: LoRA, LyCORIS and their kin. Of the factors nothing is read yet. */
import { AppError } from '../errors';
import { publishedFamilies, type ModelFamily } from '../families';
import { shortNameOf } from '../families/recognise';
import { openTensorFile, type ByteSource, type TensorFile } from '../formats';
import type { Adapter } from './adapter';
import { bundledNames, isBundled } from './embeddings/bundled';
import { embeddingFamily } from './embeddings/tensor-embeddings';
import { readFacts, type AdapterFacts } from './facts';
import { foreignAdapter } from './foreign-adapters';
import { columnsOf, outOf, show } from './kind';
import { layerIndex } from './layer-index';
import { matchLayers, NO_PART, WHOLE_WEIGHT, type Match } from './match-layers';
import { familyShapes, type ModelShapes } from './model-shapes';
import { OpenedAdapter } from './opened-adapter';
import { adapterKindOf } from './table';
import { whichFamily } from './which-family';

export interface AdapterOptions {
  /** That of the model it is to change; told by the file where absent. */
  family?: ModelFamily;
  /** The model itself, where it is of no published size. */
  model?: ModelShapes;
  /** What adapter_config.json beside the file holds (PEFT). */
  config?: unknown;
}

/**
 * @throws AppError 'bad-file' where the file is damaged, 'unsupported-model' naming what it is instead, or for which model
 */
export async function openAdapter(source: ByteSource, options: AdapterOptions = {}): Promise<Adapter> {
  return adapterOf(await openTensorFile(source), options);
}

/** The adapter in a file that is open already. @throws as `openAdapter` */
export async function adapterOf(file: TensorFile, options: AdapterOptions = {}): Promise<Adapter> {
  const { name } = file.source;
  const foreign = foreignAdapter(file.tensors.keys());
  if (foreign !== undefined) throw new AppError('unsupported-model', `${name}: this is ${foreign}`);
  const facts = readFacts(file.metadata);
  const own = { ...file, tensors: new Map([...file.tensors].filter(([key]) => !isBundled(key))) };
  const { match, family } = matched(own, facts, options);
  assertRanks(match, name);
  const adapter = new OpenedAdapter({
    file,
    match,
    family,
    facts,
    config: options.config,
    embeddings: bundledNames(file.tensors.keys()),
  });
  await adapter.readScales();
  return adapter;
}

interface Matched {
  match: Match;
  family: ModelFamily | undefined;
}

function matched(file: TensorFile, facts: AdapterFacts, { family, model }: AdapterOptions): Matched {
  const found = whichFamily(file.tensors, facts.base);
  const wanted = model ?? (family && familyShapes(family));
  if (!wanted) return found ?? refuse(file, model);
  if (found && !model && found.family === family) return found;
  const match = matchLayers(file.tensors, layerIndex(wanted));
  if (match.fitting > 0 && match.fitting >= (found?.match.fitting ?? 0)) return { match, family };
  if (!found) return refuse(file, model);
  const other = shortNameOf(found.family);
  const own = family === undefined ? 'this model' : shortNameOf(family);
  throw new AppError(
    'unsupported-model',
    `${file.source.name}: this is a LoRA for ${other}, not for ${own}: choose a model of ${other}, or a version of it for ${own}`,
  );
}

/** Names what it is, or what is wrong with all of it. */
function refuse(file: TensorFile, model: ModelShapes | undefined): never {
  const { name } = file.source;
  const embedding = embeddingFamily(file.tensors);
  if (embedding !== undefined)
    throw new AppError('unsupported-model', `${name}: this is an embedding for ${embedding}, not a LoRA`);
  const names = [...(model ? ['this model'] : []), ...publishedFamilies().map(shortNameOf)].join(', ');
  const models = [...(model ? [model] : []), ...publishedFamilies().map(familyShapes)];
  const reasons = models.map((shapes) => matchLayers(file.tensors, layerIndex(shapes)).unused);
  const all = reasons.flat();
  const nearest = reasons
    .map((unused) => unused.filter(({ reason }) => reason.startsWith('has ') || reason.startsWith('is one part')))
    .sort((a, b) => b.length - a.length)[0];
  const whole = all.filter(({ reason }) => reason === WHOLE_WEIGHT);
  if (whole.length > nearest.length)
    throw new AppError(
      'unsupported-model',
      `${name}: this is a model of its own, or a part of one, not a LoRA: tensor "${whole[0].key}" ${WHOLE_WEIGHT}; open it as a model`,
    );
  const first = nearest.find(({ key }) => !key.endsWith('.alpha')) ?? nearest.at(0);
  if (first)
    throw new AppError(
      'bad-file',
      `${name}: tensor "${first.key}" ${first.reason}; nothing in the file fits ${names}: it is damaged, or of another model`,
    );
  const unknown = all.find(({ reason }) => reason === NO_PART);
  if (unknown)
    throw new AppError(
      'unsupported-model',
      `${name}: this is an adapter of a kind that Gesso does not know: tensor "${unknown.key}" ${NO_PART}; take a LoRA or LyCORIS`,
    );
  const [key] = file.tensors.keys();
  throw new AppError(
    'unsupported-model',
    `${name}: this is no LoRA that Gesso knows: ${key === undefined ? 'there are no tensors in it' : `its tensors, such as "${key.slice(0, 120)}", are of no layer of ${names}`}; choose the file of a LoRA for one of these`,
  );
}

/** The smaller side of the largest layer is 1280: a product of more ranks is larger than the layer itself, and says no more. */
const MOST_RANKS = 2048;

function assertRanks({ layers }: Match, name: string): void {
  for (const { kind, shapes, layer } of layers) {
    const rank = kind && adapterKindOf(kind).rank?.(shapes);
    if (rank === undefined || (rank > 0 && rank <= MOST_RANKS)) continue;
    const what =
      rank === 0
        ? 'there is nothing in it: take another version of the file'
        : `the layer is ${show([outOf(layer.shape), columnsOf(layer.shape)])}, and more holds nothing more: resize it with kohya's resize_lora.py`;
    throw new AppError('bad-file', `${name}: has rank ${rank} at ${layer.id}; allowed is 1 to ${MOST_RANKS}; ${what}`);
  }
}
