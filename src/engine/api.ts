/** What crosses between the page and the engine's worker: plain types only. */
import type { GenerationRequest } from '../core/recipe/request';
import type { ControlEntry, ModelEntry, UpscalerEntry } from '../core/catalog';
import type { Pixels } from '../core/image';
import type { ComponentId } from '../core/networks/components';
import type { Dialect, Embedding, EmphasisMode } from '../core/prompt';
import type { NamedAdapter, Workflow } from '../core/workflow';

/** Where the numbers are computed. `auto` takes WebGPU where there is an adapter, else wasm, and says which and why. */
export type ProviderChoice = 'auto' | 'webgpu' | 'wasm';

export interface DeviceReport {
  provider: 'webgpu' | 'wasm';
  /** The adapter's own words ("NVIDIA GeForce RTX 4090"), or the CPU with its thread count. */
  adapter: string;
  /** Why it is not WebGPU, when it is not although it was wanted; one sentence for people. */
  fallbackReason?: string;
  /** The largest buffer that the GPU gives: what is known of its memory. */
  maxBufferBytes?: number;
  /** All its memory, where its owner has said how much that is. */
  memoryBytes?: number;
  /** Whether it computes in half precision. */
  halfPrecision?: boolean;
  /** False where it multiplies packed matrices wrongly: they are widened while they are loaded. */
  packedMatrices?: boolean;
  /** How GPU and CPU were compared for a small model. The faster one paints, unless a person has chosen. */
  trial?: ProviderTrial;
  /** What its self-test found, where it had one. */
  examination?: DeviceExamination;
  /** What else is to be known of it: sentences for people. */
  notes?: readonly string[];
}

/** One call of a small model's denoiser on each, in milliseconds. */
export interface ProviderTrial {
  cpuMs: number;
  gpuMs: number;
  /** One picture made larger by each, where the model's are by default; only where the CPU wins without. */
  enlarging?: { cpuMs: number; gpuMs: number; steps: number };
  /** Their names. */
  cpu: string;
  gpu: string;
}

/** What a GPU can do, each of which can be left out by itself. */
export type Ability = 'fullPrecision' | 'halfPrecision' | 'fastAttention' | 'packedMatrices';

export interface AbilityReport {
  isUsed: boolean;
  /** `failed`: it refused, or gave no answer. `absent`: the GPU has none. `untested`: the test did not come so far. */
  found: 'right' | 'wrong' | 'failed' | 'absent' | 'untested';
  /** Error of the worst operator, where `wrong`: ‖actual − expected‖ / ‖expected‖. */
  error?: number;
  /** The operator that was worst or failed. */
  operator?: string;
  /** Why it failed, in the browser's or the runtime's words. */
  failure?: string;
}

/** What a self-test found: each operator against its result in float64. */
export interface DeviceExamination {
  abilities: Record<Ability, AbilityReport>;
  /** Seconds that the test took. */
  seconds: number;
  /** When it was tested, milliseconds since 1970. */
  at: number;
  /** What was needed was tested, and the rest waits for a time when nothing is made: `untested` is not the last word. */
  isUnfinished?: boolean;
}

/** `resident`: components stay loaded. `in_turn`: each is loaded, run and released before the next. */
export type Residency = 'resident' | 'in_turn';

/** How a model is held on this device. */
export interface ModelReport {
  residency: Residency;
  /** Name of its dtype plan: 'float16', 'q8', 'q4', 'smallest', 'float32'. */
  plan: string;
  activations: 'float32' | 'float16';
  /** Stored in fewer bits and widened to the activations' type while it was loaded. */
  isWidened?: boolean;
  /** Kernels of its convolutions stay in 8 bits, for want of room. */
  packsKernels?: boolean;
  /** Bytes of all that a picture needs, when loaded. */
  bytes: number;
}

export interface ComponentLoad {
  component: ComponentId;
  seconds: number;
  /** Bytes of its weights. */
  bytes: number;
}

export type { Pixels };

/** `testing`: the GPU is tested before it is trusted with what comes next. */
export type Stage = 'testing' | 'loading' | 'encoding' | 'denoising' | 'decoding' | 'enlarging';

/** Which of several it is, from 1. */
export interface Pass {
  pass: number;
  passes: number;
  /** They are tiles of a picture. */
  isTile?: true;
}

export type NodeState = 'running' | 'done' | 'kept';

export type EngineEvent =
  | { type: 'device'; device: DeviceReport }
  | { type: 'stage'; stage: Stage }
  /** A component is loaded and ready to run. */
  | { type: 'loaded'; load: ComponentLoad }
  /** Something of the request that was left out of the picture: one sentence for people. */
  | { type: 'notice'; message: string }
  /** Bytes fetched so far, and in all: of the runtime while the device is opened, later of the model, as the catalogue says. `file` is what is being worked on. */
  | { type: 'loading'; file: string; loadedBytes: number; totalBytes: number }
  /** The picture is developed or read in tiles, where memory is short for the whole, or enlarged in tiles: `tile`, from 1, is begun. */
  | { type: 'tile'; tile: number; tiles: number }
  /** A picture is painted, and enlarged next: so it is. */
  | { type: 'painted'; preview: Pixels }
  /** A node of the workflow, by its id: begun, done, or known from before and not run again. */
  | { type: 'node'; node: string; state: NodeState }
  /** A run of the U-Net has ended: a sign of life where a step takes several. */
  | { type: 'call' }
  /** A pass has ended that was to be faster: of its sampler's calls so many were made, the others forecast. */
  | { type: 'forecasts'; calls: number; made: number }
  /**
   * After step `step` (1-based) of `steps`; both it and the seconds are undefined with samplers that choose their steps as
   * they go. `preview` is small: one pixel a latent cell. `pass`, where the picture is denoised more than once.
   */
  | {
      type: 'step';
      step: number;
      steps: number | undefined;
      secondsLeft: number | undefined;
      preview?: Pixels;
      pass?: Pass;
    };

export interface Timings {
  loadSeconds: number;
  encodeSeconds: number;
  /** All denoising steps together. */
  denoiseSeconds: number;
  /** Seconds for decoding, and for enlarging too. */
  decodeSeconds: number;
  totalSeconds: number;
  modelCalls: number;
  /** Calls that were forecast instead. */
  forecastCalls?: number;
  /** The most GPU memory that was taken at once during the picture, where there is a GPU. */
  peakGpuBytes?: number;
  /** How many tiles it was developed in, where the whole did not fit. */
  tiles?: number;
  /** How each component that is or was loaded came in, before this picture or for it. */
  loads?: readonly ComponentLoad[];
  model?: ModelReport;
}

export interface GeneratedPicture {
  pixels: Pixels;
  request: GenerationRequest;
  device: DeviceReport;
  timings: Timings;
}

/** What is used of a Blob: its size and slices of its bytes. */
export interface FileBytes {
  readonly size: number;
  slice(start: number, end: number): { arrayBuffer(): Promise<ArrayBuffer> };
}

/** A LoRA or an embedding of this person. */
export interface AdapterEntry {
  id: string;
  /** What prompts may call it: the file's name without its ending, its alias; of a file with several embeddings, each one's own. */
  names: readonly string[];
  /** Another text for other bytes: a hash of them. */
  revision: string;
  file: FileBytes;
}

/** What a workflow names and does not hold. */
export interface WorkflowInputs {
  /** Models that it may load, at least one. */
  models: readonly ModelEntry[];
  /** LoRAs that it may add. */
  adapters?: readonly AdapterEntry[];
  /** Embeddings that its prompts may name; files that they do not name are not read. */
  embeddings?: readonly AdapterEntry[];
  /** Autoencoders that it may name, by the ids of their packs. */
  vaes?: readonly NamedAdapter[];
  /** Files of text encoders that it may name, likewise. */
  texts?: readonly NamedAdapter[];
  upscalers?: readonly UpscalerEntry[];
  /** ControlNets and T2I-Adapters that it may apply. */
  controls?: readonly ControlEntry[];
  /** Pictures that it starts from, by the hash of their pixels. */
  images?: Readonly<Record<string, Pixels>>;
  /** Latents that were sampled are kept for the next workflow, as ComfyUI keeps them: another second pass begins at once. */
  keepsLatents?: boolean;
}

/** What a request names and does not hold, but its model. */
export interface PictureInputs extends Omit<WorkflowInputs, 'models'> {
  /** That paints its second pass, where it asks for another. */
  secondModel?: ModelEntry;
  /** That takes over on the way, where it asks for one. */
  refiner?: ModelEntry;
}

export interface WorkflowResult {
  /** What its `keep` nodes were given, in their order. */
  images: Pixels[];
  /** What was found in what these are made of, likewise: a pose as text. */
  found?: (string | undefined)[];
  /** What was said on the way, a sentence each. */
  notices?: string[];
  device: DeviceReport;
  timings: Timings;
}

export interface EngineSetup {
  provider: ProviderChoice;
  /** Memory of the GPU in bytes, where its owner says: WebGPU does not tell. */
  memoryBytes?: number | undefined;
  /** Absolute URL of the folder the app is served from; bundled models are below it. */
  baseUrl: string;
}

/** How a prompt is read when its tokens are counted; what is not said is as in a request that does not say it. */
export interface CountReading {
  dialect?: Dialect;
  emphasis?: EmphasisMode;
  isNegative?: boolean;
  steps?: number;
  /** Names that count for as many tokens as they have vectors. */
  embeddings?: readonly Embedding[];
}

/** What the components of a model are loaded for. */
export type PictureShape = Pick<GenerationRequest, 'clipSkip' | 'dialect'>;

export type EventListener = (event: EngineEvent) => void;

/** What a page can ask of the engine. `onEvent` travels as an argument of its own (comlink cannot proxy a function inside an object). */
export interface EngineApi {
  /** Finds the device; the first call decides, later calls with another choice switch. `onEvent` is told how the runtime comes in. */
  open(setup: EngineSetup, onEvent?: EventListener): Promise<DeviceReport>;
  /** Tests the GPU again and opens it with what the test found; the model has to be loaded again. */
  examine(setup: EngineSetup): Promise<DeviceReport>;
  /**
   * Makes a model ready to paint such a picture, of any size. Loading again what is loaded costs nothing.
   */
  load(model: ModelEntry, onEvent: EventListener, shape?: PictureShape): Promise<void>;
  /** @throws AppError 'busy' while another runs, 'cancelled' after cancel(), 'bad-request' for a workflow that cannot run */
  run(workflow: Workflow, inputs: WorkflowInputs, onEvent: EventListener): Promise<WorkflowResult>;
  /**
   * The workflow of a request.
   * @param inputs  what it starts from, and the LoRAs and embeddings that its prompts may name
   * @throws as run(), 'missing-file' where its picture did not come with it
   */
  generate(
    request: GenerationRequest,
    model: ModelEntry,
    onEvent: EventListener,
    inputs?: PictureInputs,
  ): Promise<GeneratedPicture>;
  /**
   * Ends the running generation before its next model call, and at once where none is under way; loading of a model goes on.
   * Harmless when nothing runs.
   */
  cancel(): void;
  /**
   * Tokens of the prompt in the model's vocabulary, as A1111 counts: of the longest of its texts, without brackets and tags,
   * with every chunk but the last full. `limit` is what the chunks hold: 75, 150, …
   */
  countTokens(text: string, model: ModelEntry, reading?: CountReading): Promise<{ tokens: number; limit: number }>;
}

/** What the worker offers to the page. */
export interface EngineWorkerApi extends EngineApi {
  /** Takes a lock of that name for as long as the worker lives. Resolves when it has it. */
  live(lock: string): Promise<void>;
  /** Where a cancel is seen that comes while the worker is too busy to be told: one number, 1 from then on. */
  watch(wish: SharedArrayBuffer): Promise<void>;
}
