/** Files on their way here: chunks in IndexedDB, so that a closed tab or a broken line costs at most some chunks. */
import { toBlob } from '../storage/kept-blobs';
import type { KeyValue } from '../storage/key-value';

/** Says which file the chunks belong to; chunks of another are worth nothing. */
export interface PartPlan {
  byteLength: number;
  chunkBytes: number;
  /** What the file's owner calls its digest, else what the server calls its version. */
  version: string;
}

/** The chunks of one file. */
export interface PartStore {
  plan(): Promise<PartPlan | undefined>;
  /** Forgets all chunks. */
  begin(plan: PartPlan): Promise<void>;
  /** Indices of the chunks that are here. */
  present(): Promise<Set<number>>;
  put(index: number, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  get(index: number): Promise<Blob | undefined>;
  drop(index: number): Promise<void>;
  clear(): Promise<void>;
}

/** @param file unique among all downloads: the model's id and the file's number */
export function createPartStore(values: KeyValue, file: string): PartStore {
  const prefix = `part:${file}:`;
  const planKey = `plan:${file}`;
  return {
    plan: () => values.get<PartPlan>(planKey),
    begin: async (plan) => values.change([[planKey, plan]], await values.keys(prefix)),
    present: async () => new Set((await values.keys(prefix)).map((key) => Number(key.slice(prefix.length)))),
    put: (index, bytes) => values.change([[`${prefix}${index}`, new Blob([bytes])]]),
    get: async (index) => toBlob(await values.get(`${prefix}${index}`)),
    drop: (index) => values.change([], [`${prefix}${index}`]),
    clear: async () => values.change([], [planKey, ...(await values.keys(prefix))]),
  };
}
