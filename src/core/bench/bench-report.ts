/** What a run of the benchmark holds, in the kit and on the page alike. Plain data: it is written as JSON as it is. */
import type { BenchComponent } from './component-flops';

/** One network in one form at one size. */
export interface BenchRow {
  /** "Stable Diffusion 1.5, random weights" */
  model: string;
  component: BenchComponent;
  /** How its weights lie on the device: "q8", "float16"; "torch.onnx" for a graph exported as peers do it. */
  weights: string;
  activations: 'float32' | 'float16';
  /** Whether ONNX Runtime may use subgroups, and with them its flash attention. */
  subgroups?: boolean;
  width: number;
  height: number;
  batch: number;
  /** Seconds that the session of this call took to load, where this row is its first. */
  loadSeconds?: number;
  loadBytes?: number;
  /** The first call, which compiles shaders. */
  firstMs?: number;
  /** A call once all is compiled: the median. */
  ms?: number;
  runs?: number;
  /** The most GPU memory that buffers took during it, weights and all. */
  peakBytes?: number;
  /** Operations of one call, counted from the graph: two a multiply-add, in 10¹². */
  tflop?: number;
  /** Why there is no figure. */
  failure?: string;
  /** What is odd about the figure. */
  note?: string;
}

/** Products of matrices alone: what this GPU gives through WebGPU at best. */
export interface PeakRow {
  /** "matrix product, float16, sums in float32 (our kernel, 128 x 128 tiles)" */
  what: string;
  tflops?: number;
  failure?: string;
}

/** A component with tiny weights against diffusers' numbers. */
export interface ParityRow {
  name: string;
  activations: 'float32' | 'float16';
  subgroups: boolean;
  /** ‖ours − diffusers‖₂ / ‖diffusers‖₂ */
  error?: number;
  limit: number;
  failure?: string;
}

/** A whole picture of the built-in model against one of torch and k-diffusion. */
export interface PictureRow {
  name: string;
  activations?: 'float32' | 'float16';
  /** "q8", or "widened" to the activations. */
  weights?: string | undefined;
  /** Seconds of the first picture, with loading and compiling. */
  firstSeconds?: number;
  /** The same again: only its steps are painted anew. */
  seconds?: number;
  /** Peak signal-to-noise ratio in decibels, over 8-bit colours. */
  psnr?: number;
  limit?: number;
  failure?: string;
}

export interface SelfTestRow {
  name: string;
  result: string;
  isGood: boolean;
}

export interface BenchDevice {
  adapter: string;
  provider: 'webgpu' | 'wasm';
  /** "Chromium 156.0, Linux", "Dawn in Node 20.20" */
  host: string;
  runtime: string;
  features?: readonly string[];
  limits?: Readonly<Record<string, number>>;
  /** A GPU that is computed on the CPU: its figures say nothing of real ones. */
  isSoftware?: boolean;
}

export interface BenchReport {
  /** Program and version: "gesso-0.1.0". */
  program: string;
  /** How to do it again: a command, or what to press. */
  repeat: string;
  /** When it began, ISO 8601. */
  startedAt: string;
  seconds: number;
  device: BenchDevice;
  selfTest?: SelfTestRow[];
  parity?: ParityRow[];
  pictures?: PictureRow[];
  peaks: PeakRow[];
  rows: BenchRow[];
  /** What was left out, and why: one sentence each. */
  skipped: string[];
  /** Networks a tenth as wide, or small pictures: the program was tried, the GPU not measured. */
  isQuick?: boolean;
}

/** Achieved, in 10¹² operations a second. */
export const tflopsOf = ({ tflop, ms }: BenchRow): number | undefined =>
  tflop === undefined || ms === undefined ? undefined : tflop / (ms / 1000);

/** The best product of matrices: what networks are held against. */
export const bestPeak = ({ peaks }: Pick<BenchReport, 'peaks'>): number | undefined => {
  const found = peaks.flatMap(({ tflops }) => (tflops === undefined ? [] : [tflops]));
  return found.length === 0 ? undefined : Math.max(...found);
};
