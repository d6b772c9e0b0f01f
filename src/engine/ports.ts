/** How the engine meets the world: a runtime for graphs, files of models, a tokenizer, a clock. Adapters are in platform/. */
import type { BuiltGraph } from '../core/graph';
import type { Tokenizer } from '../core/tokenizer';
import type { DeviceReport } from './api';

export interface NamedTensor {
  /** float32 values row-major, or int32 ids. */
  data: Float32Array | Int32Array;
  dims: readonly number[];
}

/** A loaded graph. Runs one at a time. */
export interface Session {
  run(inputs: Record<string, NamedTensor>): Promise<Record<string, NamedTensor>>;
  dispose(): Promise<void>;
}

/** One external-data file of a graph: its `location` in the graph and its bytes. */
export interface WeightFile {
  location: string;
  bytes: Uint8Array<ArrayBuffer> | Blob;
}

export interface Runtime {
  readonly device: DeviceReport;
  /** Which form of the operators this provider runs. */
  readonly target: 'webgpu' | 'portable';
  createSession(graph: BuiltGraph, weights: readonly WeightFile[]): Promise<Session>;
  /** Rejects when the device is lost; never resolves otherwise. */
  readonly lost: Promise<never>;
  dispose(): Promise<void>;
}

/** The files of one model, by path within its folder ("unet/config.json"). */
export interface ModelFiles {
  /** @throws AppError 'missing-file' or 'offline', naming the path */
  blob(path: string, onProgress?: (loadedBytes: number, totalBytes: number) => void): Promise<Blob>;
}

export interface Ports {
  runtime: Runtime;
  files: ModelFiles;
  createTokenizer(tokenizerJson: unknown, tokenizerConfig: unknown): Promise<Tokenizer>;
  /** Milliseconds from any fixed origin. */
  now(): number;
  /** Lets pending messages (a cancel) arrive. */
  breathe(): Promise<void>;
}
