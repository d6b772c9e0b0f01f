/** Turns a checkpoint into a pack: evaluates what the graphs read, rounds it as the plan says, writes it shard by shard. */
import { openCheckpoint, type CheckpointPart, type OpenedCheckpoint } from '../checkpoints';
import { readJsonSource } from '../checkpoints/json-source';
import { familyOf } from '../families';
import { partsOf, type PublishedId } from '../networks/published';
import { AppError } from '../errors';
import type { ByteSource } from '../formats';
import { elementCount } from '../graph';
import { Sha256 } from '../math/sha256';
import { evaluate } from '../weights/evaluate';
import { toStored } from '../weights/stored-form';
import { assertComplete } from './assert-complete';
import { DTYPE_PLANS, type DtypePlanId } from './dtype-plans';
import { PACK_VERSION, type Pack, type PackComponent, type StoredWeight } from './pack';
import type { ComponentId } from '../networks/components';
import type { ModelFamily } from '../families';
import { writePack, type PackDraft } from './pack-io';
import { ShardWriter } from './shard-writer';
import { plannedParts, type PlannedPart } from './stored-parts';

export interface ImportProgress {
  /** `hashing`: the file's SHA-256, by which others know the model; `weights`: what it is imported for. */
  stage: 'hashing' | 'weights';
  /** What is being worked on: a file, or a component. */
  name: string;
  /** Bytes of the files, counted once for each stage. */
  done: number;
  total: number;
}

export interface ImportInput {
  /** One file, or the files of a folder with their paths as names. */
  sources: readonly ByteSource[];
  /** Of the pack, and its name as people see it. */
  id: string;
  name: string;
  plan: DtypePlanId;
  draft: PackDraft;
  onProgress(progress: ImportProgress): void;
  signal?: { readonly aborted: boolean };
  /** Known hash of the one file; without it the file is read once more to compute it. */
  sha256?: string;
  url?: string;
  /** The files are a preview decoder (TAESD) for models of this family, which they do not tell: nothing else is needed. */
  previewFor?: ModelFamily;
  /** Tests make small shards. */
  shardBytes?: number;
}

/**
 * The draft is committed at the end, and aborted on every failure. In memory: one shard, one tensor and what is made of it.
 *
 * @throws AppError 'bad-file', 'missing-file', 'unsupported-model', 'quota', 'cancelled'
 */
export function importCheckpoint(input: ImportInput): Promise<Pack> {
  return writePack(input.draft, () => toPack(input));
}

async function toPack(input: ImportInput): Promise<Pack> {
  const opened = await openCheckpoint(input.sources);
  const parts = componentParts(opened, sourceName(input));
  const tokenizer = await tokenizerOf(opened, input.sources);
  const progress = stages(input);
  const sha256 = input.sha256 ?? (await hashOf(input, progress.hashing));
  const counts = parts.map(({ planned }) => planned.reduce((sum, { shape }) => sum + elementCount(shape), 0));
  const all = counts.reduce((sum, count) => sum + count, 0);
  let done = 0;
  const components: Pack['components'] = {};
  for (const part of parts)
    components[part.id] = await importComponent(input, part, (count) => {
      done += count;
      progress.weights(part.id, done / all);
    });
  return {
    version: PACK_VERSION,
    id: input.id,
    name: input.name,
    family: input.previewFor ?? opened.family,
    plan: input.plan,
    source: {
      name: sourceName(input),
      byteLength: input.sources.reduce((sum, { size }) => sum + size, 0),
      layout: opened.layout,
      ...(sha256 === undefined ? {} : { sha256 }),
      ...(input.url === undefined ? {} : { url: input.url }),
    },
    scheduler: opened.scheduler,
    tokenizer,
    components,
  };

  /** The parts of the pack with all their weights, checked before anything is read. */
  function componentParts(checkpoint: OpenedCheckpoint, file: string): Part[] {
    assertComplete(checkpoint, file, input.previewFor !== undefined);
    const opened = Object.entries(checkpoint.components) as [PublishedId, CheckpointPart][];
    return opened.flatMap(([component, source]) =>
      partsOf(component, source.tensors).map((id) => {
        const config = { file: `${file}: ${component}`, config: source.config };
        return { id, source, planned: plannedParts(id, config, DTYPE_PLANS[input.plan]) };
      }),
    );
  }
}

interface Part {
  id: ComponentId;
  source: CheckpointPart;
  planned: PlannedPart[];
}

async function importComponent(
  input: ImportInput,
  { id, source, planned }: Part,
  onDone: (count: number) => void,
): Promise<PackComponent> {
  const writer = new ShardWriter(input.draft, id, input.shardBytes);
  const stored: Record<string, StoredWeight> = {};
  for (const { key, expr, shape, form } of planned) {
    assertRunning(input);
    const values = await evaluate(expr, (name) => source.tensors.read(name));
    const where = `${sourceName(input)}: ${id}: weight "${key}"`;
    stored[key] = await writer.add(toStored(values, { form, shape, where }), form, shape);
    onDone(values.length);
  }
  await writer.flush();
  return { config: source.config, shards: writer.shards, weights: stored };
}

/** As people know it: the one file's name, else the folder's files. */
function sourceName({ sources, name }: ImportInput): string {
  return sources.length === 1 ? sources[0].name : name;
}

/** All published models have CLIP's vocabulary. */
async function tokenizerOf({ family }: OpenedCheckpoint, sources: readonly ByteSource[]): Promise<Pack['tokenizer']> {
  if (familyOf(family).tokenizer === 'clip') return 'clip';
  const read = async (path: string): Promise<unknown> => {
    const source = sources.find(({ name }) => name === path);
    if (!source) throw new AppError('missing-file', `${path}: this model needs its own vocabulary; choose its folder`);
    return readJsonSource(source);
  };
  return { json: await read('tokenizer/tokenizer.json'), config: await read('tokenizer/tokenizer_config.json') };
}

/** Bytes hashed at a time: a cancel is heeded between them. */
const HASH_BYTES = 16 * 1024 * 1024;

/** SHA-256 of the file where there is one. */
async function hashOf(
  input: ImportInput,
  onHashed: (file: string, bytes: number) => void,
): Promise<string | undefined> {
  const [source] = input.sources;
  if (input.sources.length !== 1) return undefined;
  const hash = new Sha256();
  for (let offset = 0; offset < source.size; offset += HASH_BYTES) {
    assertRunning(input);
    hash.update(await source.read(offset, Math.min(HASH_BYTES, source.size - offset)));
    onHashed(source.name, Math.min(source.size, offset + HASH_BYTES));
  }
  return hash.hex();
}

/** Both stages on one scale. */
function stages({ sources, sha256, onProgress }: ImportInput) {
  const size = sources.reduce((sum, source) => sum + source.size, 0);
  const hashed = sources.length === 1 && sha256 === undefined ? size : 0;
  const total = hashed + size;
  return {
    hashing: (name: string, done: number) => onProgress({ stage: 'hashing', name, done, total }),
    weights: (name: string, share: number) =>
      onProgress({ stage: 'weights', name, done: hashed + Math.round(share * size), total }),
  };
}

function assertRunning({ signal, name }: ImportInput): void {
  if (signal?.aborted) throw new AppError('cancelled', `The import of ${name} was cancelled.`);
}
