/** How the engine meets the world: a runtime for graphs, the files of a model, a tokenizer, a clock. Adapters are in platform/. */
import type { EmbeddingOptions } from '../core/adapters';
import type { ByteSource, SyncByteSource } from '../core/formats';
import type { Target } from '../core/graph';
import type { OpenPack, PackDraft } from '../core/packs';
import type { FilledGraph, LazyGraph } from '../core/weights';
import type { Tokenizer } from '../core/tokenizer';
import type { Ability, DeviceReport, ProviderChoice, ProviderTrial } from './api';
import type { ModelEntry } from '../core/catalog';
import type { CancelWish } from './run/cancellation';

export type { OpenPack, PackDraft, SyncByteSource };

export interface NamedTensor {
  /** float32 values or int32 ids, row-major. */
  data: Float32Array | Int32Array;
  dims: readonly number[];
}

/** What ready-made graphs ask for beside these: float16 as its bits, and int64. */
export interface RawTensor {
  data: Float32Array | Int32Array | Uint16Array | BigInt64Array;
  dims: readonly number[];
}

/** A result that stays where it was computed, for other sessions of the same runtime: its type and order are theirs to know. */
export interface KeptTensor {
  /** Its memory is given back; once more does nothing. */
  dispose(): void;
}

/** Inputs beside those that a session's words cover: they pass as they are. */
export type Beside = Readonly<Record<string, KeptTensor | RawTensor>>;

/** A graph as the runtime has loaded it. */
export interface RawSession {
  /** One run at a time. @returns outputs by name, float16 widened */
  run(inputs: Record<string, RawTensor>, beside?: Beside): Promise<Record<string, Float32Array>>;
  /** The same with all outputs left where they are, of sessions that were made for it. */
  keep?(inputs: Record<string, RawTensor>, beside?: Beside): Promise<Record<string, KeptTensor>>;
  dispose(): Promise<void>;
}

export interface SessionOptions {
  /** Outputs stay where they are computed: `keep` is what runs it. */
  keepsOutputs?: boolean;
}

/** A loaded graph. */
export interface Session {
  /** One run at a time. @returns float32 outputs by name */
  run(inputs: Record<string, NamedTensor>, beside?: Beside): Promise<Record<string, Float32Array>>;
  dispose(): Promise<void>;
}

export interface Runtime {
  readonly device: DeviceReport;
  /** The form of graphs this provider runs. */
  readonly target: Target;
  /** @throws AppError 'out-of-memory' or 'internal' with the runtime's own words */
  createSession(graph: FilledGraph | LazyGraph, options?: SessionOptions): Promise<RawSession>;
  /** Rejects with 'device-lost' when the GPU goes away: runs after that may resolve with nonsense. Never resolves. */
  readonly lost: Promise<never>;
  /** Memory of the GPU, where there is one. */
  readonly memory?: GpuMemory & {
    /** Gives back what is kept for the next run. */
    trim(): void;
  };
  /**
   * Tests what of the GPU is not tested yet and such abilities need; at hand where a test is unfinished.
   *
   * @returns the device as it is known then; undefined where it has to be opened anew for what was found
   * @param stopped  resolves when it shall end before it is through
   * @throws AppError 'cancelled' after that: what was under way is not known then
   */
  examineMore?(needs: readonly Ability[], stopped?: Promise<void>): Promise<DeviceReport | undefined>;
  dispose(): Promise<void>;
}

/** GPU memory that the runtime holds: of its buffers, as they were asked for. */
export interface GpuMemory {
  /** Now, and the most since the last reset. */
  read(): { aliveBytes: number; peakBytes: number };
  reset(): void;
}

export interface RuntimeOptions {
  /** Tests the GPU although it was tested before. */
  examineAgain?: boolean;
  /** What of the GPU is tested before it is opened, beside full precision; all where left out. */
  needs?: readonly Ability[];
}

/** The files of one model, by path within its folder ("unet/config.json"). */
export interface ModelFiles {
  /** @throws AppError 'missing-file' or 'offline', naming the path */
  open(path: string, onProgress?: (loadedBytes: number) => void): Promise<ByteSource>;
}

/** The packs on this computer. */
export interface PackStore {
  /** @throws AppError 'missing-file' when there is no such pack */
  open(id: string): Promise<OpenPack>;
  /** Another for each time that a pack of this id was written; undefined where there is none. */
  revision(id: string): Promise<string | undefined>;
  /** Writes a new pack, or one that takes the place of another with the same id at `commit`. */
  create(id: string): Promise<PackDraft>;
}

/** One model call: what it was asked, in short, and what came of it. */
export interface ModelCall {
  sigma: number;
  /** Sum of the latent that was asked about: an answer to another question is not taken. */
  inputSum: number;
  denoised: Float32Array;
  /** Where the sampler wants it. */
  uncond?: Float32Array;
  /** What guidance keeps for the next call, where it keeps anything. */
  sums?: readonly Float32Array[];
}

/** Where records outlive the worker. */
export interface CallStore {
  /** The calls from the first on that were kept; none where nothing is known. */
  read(key: string): Promise<ModelCall[]>;
  /** Keeps calls `from`, `from + 1` and so on, and forgets those after them. */
  write(key: string, from: number, calls: readonly ModelCall[]): Promise<void>;
  remove(key: string): Promise<void>;
}

/** How GPU and CPU were compared, by model and GPU. */
export interface TrialStore {
  read(key: string): Promise<ProviderTrial | undefined>;
  write(key: string, trial: ProviderTrial): Promise<void>;
  /** All: the next is timed anew. */
  clear(): Promise<void>;
}

export interface Ports {
  createRuntime(choice: ProviderChoice, options?: RuntimeOptions): Promise<Runtime>;
  createFiles(model: Pick<ModelEntry, 'source'>, baseUrl: string): ModelFiles;
  /** The packs on this computer. */
  packs: Pick<PackStore, 'open'> & Partial<Pick<PackStore, 'revision'>>;
  createTokenizer(tokenizerJson: unknown, tokenizerConfig: unknown): Promise<Tokenizer>;
  /**
   * CLIP's own vocabulary, which ships with the app.
   * @param padding  what fills a chunk: the end token again (CLIP-L), or token 0 (OpenCLIP)
   */
  createClipTokenizer(padding: 'end' | 'zero', baseUrl: string): Promise<Tokenizer>;
  /** The pixels of a picture that is no PNG, unchanged: an embedding may be hidden in them. None are read where it is absent. */
  decodePicture?: EmbeddingOptions['decode'];
  /** Where trials are kept. Without it none is made: the GPU paints where there is one. */
  trials?: TrialStore;
  /** The model calls of pictures that are not finished. */
  calls: CallStore;
  /** Told what the test of the GPU found while nothing was made. */
  onDevice?: (device: DeviceReport) => void;
  /** Milliseconds from any fixed origin. */
  now(): number;
  /** Resolves after messages that wait for the worker (a cancel) have been delivered. */
  breathe(): Promise<void>;
  /** A cancel that is seen while the worker computes at a stretch: weights that are changed while they are read. */
  wish?: CancelWish;
  /** Resolves after so many milliseconds. */
  rest(ms: number): Promise<void>;
}
