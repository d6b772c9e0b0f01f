/** What crosses between the page and the engine's worker: plain types only. */
import type { GenerationRequest } from '../core/request';
import type { ModelEntry } from '../core/catalog';
import type { Pixels } from '../core/image';

/** Where the numbers are computed. `auto` takes WebGPU where there is an adapter, else wasm, and says which and why. */
export type ProviderChoice = 'auto' | 'webgpu' | 'wasm';

export interface DeviceReport {
  provider: 'webgpu' | 'wasm';
  /** The adapter's own words ("NVIDIA GeForce RTX 4090"), or the CPU with its thread count. */
  adapter: string;
  /** Why it is not WebGPU, when it is not although it was wanted; one sentence for people. */
  fallbackReason?: string;
}

export type { Pixels };

export type Stage = 'loading' | 'encoding' | 'denoising' | 'decoding';

export type EngineEvent =
  | { type: 'device'; device: DeviceReport }
  | { type: 'stage'; stage: Stage }
  /** Bytes of the model fetched so far, and in all as the catalogue says. `file` is what is being worked on. */
  | { type: 'loading'; file: string; loadedBytes: number; totalBytes: number }
  /** After step `step` of `steps` (1-based). `preview` is small: one pixel a latent cell. */
  | { type: 'step'; step: number; steps: number; secondsLeft: number; preview?: Pixels };

export interface Timings {
  loadSeconds: number;
  encodeSeconds: number;
  /** All denoising steps together. */
  denoiseSeconds: number;
  decodeSeconds: number;
  totalSeconds: number;
  modelCalls: number;
}

export interface GeneratedPicture {
  pixels: Pixels;
  request: GenerationRequest;
  device: DeviceReport;
  timings: Timings;
}

export interface EngineSetup {
  provider: ProviderChoice;
  /** Absolute URL of the folder the app is served from; bundled models are below it. */
  baseUrl: string;
}

export type EventListener = (event: EngineEvent) => void;

/** The worker's face. `onEvent` travels as an argument of its own (comlink cannot proxy a function inside an object). */
export interface EngineApi {
  /** Finds the device; the first call decides, later calls with another choice switch. */
  open(setup: EngineSetup): Promise<DeviceReport>;
  /** Makes a model ready to paint at the entry's default size. Loading again what is loaded costs nothing. */
  load(model: ModelEntry, onEvent: EventListener): Promise<void>;
  /** @throws AppError 'busy' while another runs, 'cancelled' after cancel() */
  generate(request: GenerationRequest, model: ModelEntry, onEvent: EventListener): Promise<GeneratedPicture>;
  /** Ends the running generation before its next model call; loading of a model goes on. Harmless when nothing runs. */
  cancel(): void;
  /** Number of tokens the prompt has in the model's vocabulary, and of 75-token chunks. */
  countTokens(text: string, model: ModelEntry): Promise<{ tokens: number; limit: number }>;
}
