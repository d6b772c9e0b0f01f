/** What the line is given to work with, and what it tells. */
import type { ModelEntry } from '../../../core/catalog';
import type { AppError } from '../../../core/errors';
import type { EngineSession } from '../device/engine-session.svelte';
import type { Job } from './job';
import type { Deliver } from './work';

/** Requests, of one picture or many: more than anyone means to ask for by leaning on a key. */
export const QUEUE_SIZE = 100;

export interface Failure {
  /** The job with what is left of it, the failed picture first. */
  job: Job;
  error: AppError;
}

/** Taken out of the line, until it can no longer be put back. */
export interface Forgotten {
  /** The line as it was. */
  before: readonly Job[];
  jobs: readonly Job[];
  /** The request under way, whole: what is behind its present picture was taken out. */
  current?: Job;
}

/** A cancel that can be taken back. */
export interface Cancelled {
  /** The job, with the picture that was cancelled. */
  job: Job;
  /** Ids of the jobs that the cancel held. */
  held: ReadonlySet<number>;
  /** Part of the request that still waits. */
  rest?: Job;
  /** The picture was finished all the same. */
  isMade: boolean;
}

export interface QueueOptions {
  engine: Pick<EngineSession, 'generate'>;
  /** @throws AppError where it is not on this computer */
  findModel: (id: string) => ModelEntry;
  deliver: Deliver;
  /** Called when a picture is begun. */
  onBegin?: () => void;
  /** What to make next while `isForever`; undefined ends it. */
  again?: () => Pick<Job, 'request' | 'extras' | 'prompts'> | undefined;
  /** A request is done with, whole or not; the next begins after it. */
  onJobEnd?: (job: Job) => Promise<void>;
  /** A picture was cancelled: `left` of its request wait, and what was can be had back by `undoCancel`. */
  onCancelled?: (left: number) => void;
  onFailure?: (job: Job, error: AppError) => void;
  /** The last of the line is made. */
  onDone?: (pictures: number) => void;
}
