/** A workflow on its way, and one go at it. */
import { AppError } from '../../core/errors';
import type { ModelEntry } from '../../core/catalog';
import type { Pixels } from '../../core/image';
import type { EventListener, WorkflowInputs, WorkflowResult } from '../api';
import type { ImageValue } from '../operations/implementation';
import type { Cancellation } from './cancellation';
import type { StageClock } from './stage-clock';
import type { WorkflowRun } from './workflow-run';

/** A workflow to be run. */
export interface PaintJob {
  run: WorkflowRun;
  inputs: WorkflowInputs;
  /** The model that was asked for last. */
  entry: ModelEntry;
  onEvent: EventListener;
  cancellation: Cancellation;
  /** Times of all attempts together. */
  clock: StageClock;
  spent: Spent;
  images: ImageValue[];
  /** What was said so far. */
  notices: Set<string>;
}

export interface Spent {
  startedAt: number;
  modelCalls: number;
  forecastCalls: number;
}

export const busy = (): AppError => new AppError('busy', 'A picture is being made: wait for it, or cancel it.');

/** One go at a task; what it still says when it is over is not heard. */
export interface Attempt {
  isOver: boolean;
}

/** @throws AppError 'missing-file' */
export function pictureOf({ images = {} }: WorkflowInputs, hash: string): Pixels {
  if (Object.hasOwn(images, hash)) return images[hash];
  throw new AppError('missing-file', 'The picture that this one starts from is not here. Choose it again.');
}

/** While a part of the model runs, a cancel waits for it; while one is loaded, it does not. */
export function heardBy(
  { cancellation, spent, notices }: Pick<PaintJob, 'cancellation' | 'spent' | 'notices'>,
  onEvent: EventListener,
): EventListener {
  return (event) => {
    if (event.type === 'notice') notices.add(event.message);
    if (event.type === 'call') spent.modelCalls++;
    if (event.type === 'forecasts') spent.forecastCalls += event.calls - event.made;
    if (event.type === 'stage') cancellation.isInCall = event.stage !== 'loading';
    onEvent(event);
  };
}

/** @throws AppError 'bad-request' */
export function modelOf({ models }: WorkflowInputs, id: string): ModelEntry {
  const entry = models.find((one) => one.id === id);
  if (entry) return entry;
  throw new AppError('bad-request', `The workflow names a model "${id}", which did not come with it.`);
}

/** What a workflow was for, and what was found in what that is made of. */
export const keptOf = (images: readonly ImageValue[]): Pick<WorkflowResult, 'images' | 'found'> => ({
  images: images.map(({ pixels }) => pixels),
  ...(images.some(({ found }) => found !== undefined) && { found: images.map(({ found }) => found) }),
});
