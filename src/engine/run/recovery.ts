/** Pictures begun again by themselves: on a new device where the old one was lost, with less memory where there was too little. */
import { AppError, toAppError, type ErrorCode } from '../../core/errors';
import type { DeviceReport } from '../api';
import type { Saving } from '../models/model-room';
import type { Ports } from '../ports';
import { Attempts } from './attempts';
import type { Attempt, PaintJob } from './job';
import type { Resources } from './resources';
import type { Unfinished } from './unfinished';

/** What the next attempt does without, where memory was short. */
const SAVED: Record<Saving, string> = {
  in_turn: 'There was not enough memory for the whole model at once, so that its parts are now loaded in turn.',
  tiles: 'There was not enough memory for the whole picture at once, so that it was developed in tiles.',
  read_in_tiles: 'There was not enough memory to read the whole picture at once, so that it was read in tiles.',
  packed:
    'There was still not enough memory, so that the model was loaded as it is stored, which is slower, and the picture begun again.',
  kernels:
    'There was still not enough memory, so that all of the model stays in 8 bits, and the picture was begun again.',
};

/** What the next attempt begins with. */
const AGAIN: Partial<Record<ErrorCode, string>> = {
  'device-lost': 'The GPU went away and was opened again; the picture went on from where it was.',
  'out-of-memory': 'Memory ran out, and the picture went on from where it was with the model loaded again.',
};

/** Codes after which the runtime is beyond use. */
const FATAL: readonly ErrorCode[] = ['device-lost', 'out-of-memory', 'internal'];

/** What the loss of a device can look like at first. */
const MAYBE_LOSS: readonly ErrorCode[] = ['internal', 'not-a-number', 'out-of-memory'];
const LOSS_IS_TOLD_MS = 200;

/** A GPU's driver takes a moment to start again. */
const GPU_REST_MS = 1000;
const GPU_TRIES = 3;

/** What is tried; all but the model and its listener belongs to a picture alone. */
type Tried = Pick<PaintJob, 'entry' | 'onEvent'> & Partial<PaintJob>;

export class Recovery {
  readonly #resources: Resources;
  readonly #unfinished: Unfinished;
  readonly #rest: Ports['rest'];
  /** The provider that the last attempt ran on. */
  #provider: DeviceReport['provider'] | undefined;

  constructor(resources: Resources, unfinished: Unfinished, rest: Ports['rest']) {
    this.#resources = resources;
    this.#unfinished = unfinished;
    this.#rest = rest;
  }

  /**
   * Tries until it is done, as long as another attempt helps. Where a model that stays loaded leaves too little memory, its
   * components are loaded in turn from then on.
   *
   * @throws AppError of the last attempt
   */
  async untilDone<T>(job: Tried, task: (attempt: Attempt) => Promise<T>): Promise<T> {
    const attempts = new Attempts();
    const said = new Set<string>();
    let losses = 0;
    for (;;) {
      this.#roomOf(job).begin();
      try {
        return await this.#guarded(task);
      } catch (thrown) {
        const error = toAppError(thrown);
        if (error.code === 'device-lost') losses += 1;
        const isFull = error.code === 'out-of-memory';
        // A GPU goes away for many reasons: twice while developing, it is taken for one.
        const saving = this.#roomOf(job).save({ isFull, isShort: isFull || losses > 1 });
        if (!attempts.mayTryAgain(error, this.#unfinished.calls, saving !== undefined)) throw error;
        job.cancellation?.check();
        if (saving === 'packed' || saving === 'kernels') this.#beginAgain(job);
        if (error.code === 'device-lost') await this.#reopen(error);
        const message = saving ? SAVED[saving] : AGAIN[error.code];
        if (message === undefined || said.has(message)) continue;
        said.add(message);
        job.onEvent({ type: 'notice', message });
      }
    }
  }

  #roomOf({ entry }: Tried) {
    return this.#resources.model.room(entry.id);
  }

  /** Opens the GPU again, and never silently the CPU: that may take a hundred times as long. @throws AppError 'device-lost' */
  async #reopen(loss: AppError): Promise<void> {
    for (let tries = 1; ; tries++) {
      const found = await this.#resources.runtime().then(
        ({ device }) => device.provider,
        () => undefined,
      );
      if (found === this.#provider) return;
      await this.#resources.close();
      if (tries === GPU_TRIES) break;
      await this.#rest(GPU_REST_MS);
    }
    throw new AppError(
      'device-lost',
      `${loss.message} It did not come back: close other programs that use it, or reload.`,
    );
  }

  /** A picture's numbers are of one form: nothing of another is taken for them. */
  #beginAgain({ run, images }: Tried): void {
    this.#resources.outcomes.clear();
    run?.reset();
    images?.splice(0);
  }

  /** Watches the device during `task`; where the runtime itself failed, the next task starts with a fresh one. */
  async #guarded<T>(task: (attempt: Attempt) => Promise<T>): Promise<T> {
    const attempt: Attempt = { isOver: false };
    const { lost, device } = await this.#resources.runtime();
    this.#provider = device.provider;
    try {
      return await Promise.race([task(attempt), lost]);
    } catch (thrown) {
      attempt.isOver = true;
      const error = await this.#causeOf(toAppError(thrown), lost);
      if (FATAL.includes(error.code)) await this.#resources.close();
      throw error;
    }
  }

  /** A run may fail, or give nonsense, before the browser says that its device is gone. */
  async #causeOf(error: AppError, lost: Promise<never>): Promise<AppError> {
    if (!MAYBE_LOSS.includes(error.code)) return error;
    const late = lost.catch((thrown: unknown) => toAppError(thrown));
    return (await Promise.race([late, this.#rest(LOSS_IS_TOLD_MS)])) ?? error;
  }
}
