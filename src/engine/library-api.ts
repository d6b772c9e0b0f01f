/** What crosses between the page and the library's worker: plain types only. */
import type { AddOnFacts } from '../core/adapters';
import type { DeviceFacts, FoundModels, ModelEntry } from '../core/catalog';
import type { ErrorCode } from '../core/errors';
import type { ModelFamily } from '../core/families';

/** `elsewhere`: another tab is at it. `waiting`: the line broke or the server asked for patience; it goes on by itself. */
export type TransferState =
  'resolving' | 'downloading' | 'waiting' | 'verifying' | 'importing' | 'paused' | 'failed' | 'elsewhere';

/** A model on its way into the library. */
export interface Transfer {
  /** The entry's id. */
  id: string;
  name: string;
  state: TransferState;
  /** Bytes that are done of the current state's own work: fetched, digested, or imported. */
  doneBytes: number;
  totalBytes: number;
  bytesPerSecond?: number;
  secondsLeft?: number;
  /** Why it waits, which file is checked: one sentence for people. */
  note?: string;
  error?: { code: ErrorCode; message: string };
  /** False for an import of local files: what is picked by hand cannot go on after a pause. */
  canPause: boolean;
}

export type ControlKind = 'network' | 'adapter' | 'picture' | 'tower' | 'annotator';

/** A model on this computer. */
export interface StoredModel {
  id: string;
  name: string;
  family: ModelFamily;
  plan: string;
  bytes: number;
  /** It lends a part to models, and cannot paint by itself. */
  isHelper?: boolean;
  /** It makes pictures larger, whatever model they are of; recipes call it by its name. */
  isUpscaler?: boolean;
  /**
   * It steers pictures, for models of its family; units of recipes call it by its name. `picture`: it reads a picture beside the prompt;
   * `tower`: it steers nothing, and looks at pictures for those; `annotator`: it draws hints.
   */
  control?: ControlKind;
  /** A Control-LoRA: a `network` that holds what it differs by from the model it is used with. */
  isControlLora?: boolean;
  /** Which network an annotator is. */
  draws?: string;
  /** An autoencoder that takes the place of models' own; recipes call it by its name. */
  isVae?: boolean;
  /** Text encoders that take the place of models' own of the same kind; recipes call the file by its name. */
  isText?: boolean;
  /** Milliseconds since 1970. */
  addedAt: number;
  lastUsedAt?: number;
  /** File name of the checkpoint, as the person knows it. */
  fileName: string;
  /** SHA-256 of the whole checkpoint file: its first ten digits are A1111's model hash. */
  sha256?: string;
  /** Why it cannot be loaded: one sentence. */
  problem?: string;
}

/** A LoRA or an embedding on this computer. */
export interface StoredAdapter extends AddOnFacts {
  /** Id made of its bytes: the same file again is the same. */
  id: string;
  /** Name in prompts: the file's without its ending, with a number behind it where another has that name. */
  name: string;
  fileName: string;
  bytes: number;
  /** Milliseconds since 1970. */
  addedAt: number;
  /** Strength in its tag, where somebody prefers one. */
  weight?: number;
  hasPreview: boolean;
  /** It comes with the app, and cannot be removed. */
  isBuiltIn?: boolean;
}

export interface StorageState {
  usedBytes: number;
  /** What the browser gives in all; undefined where it does not say. */
  quotaBytes?: number;
  isPersistent: boolean;
  /** All of it goes with the window, as in private ones of some browsers. */
  isFleeting?: boolean;
}

export interface LibrarySnapshot {
  models: StoredModel[];
  /** LoRAs and embeddings. */
  adapters: StoredAdapter[];
  /** What this person has added by address or import: in no shipped catalogue. */
  entries: ModelEntry[];
  transfers: Transfer[];
  storage: StorageState;
}

/** A file picked by a person; `path` within its folder where a whole folder was picked. */
export interface PickedFile {
  path: string;
  file: Blob;
}

/** The worker's face. `onChange` travels as an argument of its own (comlink cannot proxy a function inside an object). */
export interface LibraryApi {
  /** Finds interrupted downloads, tells of every change from then on, and sweeps leftovers. */
  open(setup: { hub: string }, onChange: (snapshot: LibrarySnapshot) => void): Promise<LibrarySnapshot>;
  /** Another mirror for what is fetched from now on. */
  useHub(hub: string): void;
  /** Begins, or goes on after a pause. Resolves when the model is ready. @throws AppError, also in the transfer's `error` */
  download(entry: ModelEntry): Promise<void>;
  /** Pauses a transfer, and keeps what is here. */
  pause(id: string): Promise<void>;
  /** Throws away what is here of an unfinished one. */
  cancel(id: string): Promise<void>;
  /**
   * Models are one file each, or one folder; LoRAs and embeddings one file each, with what lies beside them.
   *
   * @param plan  name of a dtype plan
   * @returns ids of the models, of the LoRAs and of the embeddings
   * @throws AppError
   */
  importFiles(files: PickedFile[], plan?: string): Promise<string[]>;
  /** Deletes a model, a LoRA or an embedding. */
  delete(id: string): Promise<void>;
  /** The files of LoRAs and embeddings, their bytes still on disk. @throws AppError 'missing-file' */
  adapterFiles(ids: string[]): Promise<Blob[]>;
  /** The picture that came beside its file. */
  adapterPreview(id: string): Promise<Blob | undefined>;
  /** The pack as one .tar file, its bytes still on disk. @throws AppError */
  export(id: string): Promise<Blob>;
  /** What an address leads to, as its server tells; nothing is listed or downloaded. @throws AppError */
  lookUp(address: string): Promise<FoundModels>;
  /** Looks at each (size, family, whether it is a model at all) and lists them. @returns them as listed. @throws AppError */
  add(entries: ModelEntry[]): Promise<ModelEntry[]>;
  /** What this device offers, with a short benchmark of its GPU. */
  measureDevice(): Promise<DeviceFacts>;
}
