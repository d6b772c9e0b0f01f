/** What every import does: its progress, its one hash, and a component's weights, rounded as the plan says and written shard by shard. */
import type { CheckpointPart } from '../checkpoints';
import { AppError, toAppError } from '../errors';
import type { ModelFamily } from '../families';
import type { ByteSource } from '../formats';
import { Sha256 } from '../math/sha256';
import type { ComponentId } from '../networks/components';
import { isPalette } from '../graph';
import { chooseForm } from '../weights/choose-bits';
import { evaluate } from '../weights/evaluate';
import { toStored } from '../weights/stored-form';
import type { DtypePlanId } from './dtype-plans';
import type { PackComponent, StoredWeight } from './pack';
import type { PackDraft } from './pack-io';
import { sensitivityOf } from './sensitivity';
import { ShardWriter, type ShardHash } from './shard-writer';
import type { PlannedPart } from './stored-parts';

export interface ImportProgress {
  /** `hashing`: the file's SHA-256, by which others know the model; `weights`: what it is imported for. */
  stage: 'hashing' | 'weights';
  /** What is being worked on: a file, or a component. */
  name: string;
  /** Bytes of the files, counted once for each stage. */
  done: number;
  total: number;
}

/** What computes hashes beside this thread. */
export interface HashesBeside {
  ofShard: ShardHash;
  /** Hashes bytes that come piece by piece; `hex` ends it, `dispose` in any case. */
  create(): { update(bytes: Uint8Array<ArrayBuffer>): Promise<void>; hex(): Promise<string>; dispose(): void };
}

export interface ImportInput {
  /** One file, or the files of a folder with their paths as names. */
  sources: readonly ByteSource[];
  /** Id of the pack, and its name as people see it. */
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
  /** The files are an autoencoder, which is used in place of models' own. */
  isVae?: boolean;
  /** They are text encoders, which are used in place of models' own. */
  isText?: boolean;
  /** The one file is an upscaler's. */
  isUpscaler?: boolean;
  /** Family that a ControlNet or a T2I-Adapter is for, where its tensors do not tell. */
  controlFor?: ModelFamily;
  /** Computes hashes elsewhere; without it this thread computes all of them, one thing after another. */
  hashes?: HashesBeside;
  /** What a bit costs where a plan chooses bits, in place of choose-bits.ts's own. Measurements vary it. */
  bitPrice?: number;
  /** Bytes of a shard: tests make small ones. */
  shardBytes?: number;
}

/** A component that is being imported. */
export interface Part {
  id: ComponentId;
  source: Pick<CheckpointPart, 'config'> & { tensors: Pick<CheckpointPart['tensors'], 'read'> };
  planned: PlannedPart[];
}

export async function importComponent(
  input: ImportInput,
  { id, source, planned }: Part,
  onDone: (count: number) => void,
): Promise<PackComponent> {
  const writer = new ShardWriter(input.draft, id, input.shardBytes, input.hashes?.ofShard);
  const stored: Record<string, StoredWeight> = {};
  try {
    for (const { key, expr, shape, form } of planned) {
      assertRunning(input);
      const values = await evaluate(expr, (name) => source.tensors.read(name));
      const where = `${sourceName(input)}: ${id}: weight "${key}"`;
      const chosen = isPalette(form)
        ? chooseForm(values, {
            shape,
            sensitivity: sensitivityOf({ component: id, key, shape }),
            price: input.bitPrice,
          })
        : form;
      stored[key] = await writer.add(toStored(values, { form: chosen, shape, where }), chosen, shape);
      onDone(values.length);
    }
    await writer.flush();
  } finally {
    await writer.settled(); // before the draft is aborted
  }
  return { config: source.config, shards: writer.shards, weights: stored };
}

/** Name as people know it: the one file's, else the folder's files. */
export function sourceName({ sources, name }: ImportInput): string {
  return sources.length === 1 ? sources[0].name : name;
}

/** Bytes hashed at a time: a cancel is heeded between them. */
const HASH_BYTES = 16 * 1024 * 1024;

/** Something that hashes by itself runs beside `make`; a hash of this thread is there first. */
export async function withHash<T>(
  input: ImportInput,
  onHashed: (file: string, bytes: number) => void,
  make: () => Promise<T>,
): Promise<{ sha256: string | undefined; made: T }> {
  const { sources, hashes } = input;
  if (input.sha256 !== undefined || sources.length !== 1) return { sha256: input.sha256, made: await make() };
  const hash = hashes?.create();
  if (!hash) return { sha256: await hashOf(input, new Sha256(), onHashed), made: await make() };
  try {
    const sha256 = hashOf(input, hash, onHashed);
    sha256.catch(() => undefined); // told when all else is made
    const made = await make();
    // Without what hashes beside it, this thread does; a file that cannot be read fails there again.
    const afresh = (error: unknown): Promise<string> =>
      toAppError(error).code === 'cancelled' ? sha256 : hashOf(input, new Sha256(), onHashed);
    return { made, sha256: await sha256.catch(afresh) };
  } finally {
    hash.dispose();
  }
}

interface PieceHash {
  update(bytes: Uint8Array<ArrayBuffer>): unknown;
  hex(): string | Promise<string>;
}

/** SHA-256 of the one file. */
async function hashOf(
  input: ImportInput,
  hash: PieceHash,
  onHashed: (file: string, bytes: number) => void,
): Promise<string> {
  const [source] = input.sources;
  for (let offset = 0; offset < source.size; offset += HASH_BYTES) {
    assertRunning(input);
    await hash.update(await source.read(offset, Math.min(HASH_BYTES, source.size - offset)));
    onHashed(source.name, Math.min(source.size, offset + HASH_BYTES));
  }
  return hash.hex();
}

/** Both stages on one scale, be they one after the other or side by side. */
export function stages({ sources, sha256, onProgress }: ImportInput) {
  const size = sources.reduce((sum, source) => sum + source.size, 0);
  const isHashed = sources.length === 1 && sha256 === undefined;
  const total = isHashed ? size + size : size;
  let hashed = 0;
  let weighed = 0;
  const tell = (stage: ImportProgress['stage'], name: string): void =>
    onProgress({ stage, name, done: hashed + weighed, total });
  return {
    hashing: (name: string, done: number): void => {
      hashed = Math.max(hashed, done); // it may have to be begun again
      if (weighed === 0 || weighed === size) tell('hashing', name);
    },
    weights: (name: string, share: number): void => {
      weighed = Math.round(share * size);
      tell('weights', name);
    },
  };
}

function assertRunning({ signal, name }: ImportInput): void {
  if (signal?.aborted) throw new AppError('cancelled', `The import of ${name} was cancelled.`);
}
