/** What the check of a GPU needs of whoever runs it: a page in a browser, or Node with Dawn. */
import type { BenchReport } from '../../../src/core/bench';

export interface CheckOptions {
  /** Seconds that all may take. */
  seconds: number;
  /** Networks a tenth as wide, and small pictures. */
  isQuick: boolean;
  /** Whether a GPU that is computed on the CPU is measured, too. */
  takesSoftware: boolean;
  /** Part of a step's name: only steps that have it are run. */
  only?: string;
  /** The program's name as it is written into the report. */
  program: string;
  repeat: string;
}

/** How far it is. Kept outside of the process that measures, which a driver may take down with it. */
export interface CheckState {
  report: BenchReport;
  /** Ids of the steps that are done. */
  done: string[];
  /** The step that is under way; one that is found here at the start has ended its process. */
  current?: string;
}

export type CheckMessage =
  | { type: 'progress'; text: string }
  /** A step has begun or ended. */
  | { type: 'state'; state: CheckState }
  /** There is nothing to measure: one sentence. */
  | { type: 'unusable'; reason: string }
  /** This process is of no more use: another shall go on. */
  | { type: 'restart' }
  | { type: 'done' };

export interface CheckHost {
  options: CheckOptions;
  /** "Chromium 156, Linux" */
  name: string;
  /** Left by a process before this one. */
  state: CheckState | undefined;
  /** Files of the kit's data folder; unpacked. */
  read(path: string): Promise<Uint8Array<ArrayBuffer>>;
  /** Milliseconds. */
  now(): number;
  /** ISO 8601. */
  date(): string;
  /** Seconds that are left of the whole, also of processes before. */
  secondsLeft(): number;
  tell(message: CheckMessage): Promise<void>;
}
