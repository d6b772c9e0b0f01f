/** What crosses between the page and the benchmark's worker: plain types only. */
import type { BenchReport } from '../core/bench';
import type { ModelEntry } from '../core/catalog';
import type { ProviderChoice } from './api';

/** The big model: one of the library, or Stable Diffusion 1.5's U-Net of random numbers, or none. */
export type BigModel = { kind: 'stored'; entry: ModelEntry } | { kind: 'random' } | { kind: 'none' };

export interface BenchSetup {
  provider: ProviderChoice;
  /** Absolute URL of the folder the app is served from. */
  baseUrl: string;
  starter: ModelEntry;
  big: BigModel;
  /** Program and version: "gesso-0.1.0". */
  program: string;
  /** How to do it again, for the report. */
  repeat: string;
  /** The browser and the system, for the report. */
  host: string;
}

export interface BenchProgress {
  /** What is measured now, in words. */
  text: string;
  done: number;
  total: number;
  /** The report as far as it is known. */
  report: BenchReport;
}

/** The worker's face. It is stopped by ending the worker. `onProgress` travels as an argument of its own. */
export interface BenchApi {
  /** @throws AppError where nothing can be measured; what fails by itself is in the report */
  run(setup: BenchSetup, onProgress: (progress: BenchProgress) => void): Promise<BenchReport>;
}
