/** A line over an engine whose pictures are done when the test says so. */
import { vi } from 'vitest';
import type { GenerationRequest } from '../../core/recipe/request';
import type { EventListener, GeneratedPicture } from '../../engine/api';
import type { Work } from '../state/line/work';
import { Queue } from '../state/line/queue.svelte';
import type { QueueOptions } from '../state/line/queue-options';
import { CATALOG } from './catalog';

export interface Turn {
  work: Work;
  onEvent: EventListener;
  signal: AbortSignal;
  resolve(picture: GeneratedPicture): void;
  reject(reason: unknown): void;
}

export const request = (seed: number) => ({ seed, steps: 3 }) as GenerationRequest;
export const settled = () => new Promise((resolve) => setTimeout(resolve));

/** An engine whose generations end when the test says so. */
export function queueUnderTest(options: Partial<QueueOptions> = {}) {
  const turns: Turn[] = [];
  let lastId = 0;
  const deliver = vi.fn(() => Promise.resolve((lastId += 1)));
  const onJobEnd = vi.fn(() => Promise.resolve());
  const onDone = vi.fn();
  const onCancelled = vi.fn();
  const generate = (job: Work, onEvent: EventListener, signal: AbortSignal) =>
    new Promise<GeneratedPicture>((resolve, reject) => turns.push({ work: job, onEvent, signal, resolve, reject }));
  const findModel = () => CATALOG.models[0];
  return {
    queue: new Queue({ engine: { generate }, findModel, deliver, onDone, onJobEnd, onCancelled, ...options }),
    turns,
    deliver,
    onDone,
    onJobEnd,
    onCancelled,
  };
}
export const last = (turns: Turn[]): Turn => {
  const turn = turns.at(-1);
  if (!turn) throw new Error('nothing was begun');
  return turn;
};
const done = {} as GeneratedPicture;
export const finish = async (turns: Turn[]) => {
  last(turns).resolve(done);
  await settled();
};
export const seeds = (turns: Turn[]) => turns.map((turn) => turn.work.request.seed);
