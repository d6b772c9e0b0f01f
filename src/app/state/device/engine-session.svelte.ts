/** The engine as the page knows it: which device, which model is in it, how far loading is; one thing at a time. */
import type { ModelEntry } from '../../../core/catalog';
import { AppError, toAppError, type ErrorCode } from '../../../core/errors';
import type { TokenCount } from '../../../core/tokenizer';
import type {
  CountReading,
  DeviceReport,
  EngineEvent,
  EventListener,
  PictureInputs,
  PictureShape,
  Stage,
  WorkflowResult,
} from '../../../engine/api';
import type { Workflow } from '../../../core/workflow/workflow';
import type { PageEngine } from '../../../clients/engine-client';
import { fetchInLine } from '../graph/fetch-in-line';
import type { DeviceChoice } from './device-choice';
import type { LateInputs, Painted, Work } from '../line/work';

/** `asleep`: nothing is loaded; the next picture loads it. */
export type EnginePhase = 'asleep' | 'opening' | 'loading' | 'ready' | 'failed';

export interface LoadProgress {
  file: string;
  loadedBytes: number;
  /** Bytes to be loaded in all; 0 where unknown. */
  totalBytes: number;
}

/** After these nothing in the worker can be trusted: a new one is started. */
const FATAL: readonly ErrorCode[] = ['device-lost', 'out-of-memory', 'runtime', 'stopped', 'internal'];

const REVIVED = 'The engine stopped and was started again; the picture went on from where it was last kept.';

export class EngineSession {
  readonly #api: PageEngine;
  readonly #baseUrl: string;
  readonly #choice: () => DeviceChoice;
  readonly #inputs: LateInputs;
  #tail: Promise<unknown> = Promise.resolve();
  #readyFor = '';
  /** Key of the device's choice that is open. */
  #openFor = '';
  /** Bytes of the runtime, where it was fetched: a part of what is loaded. */
  #runtimeBytes = 0;

  #settle: () => void = () => undefined;
  /** Resolves when a model is loaded, or could not be, for the first time. */
  readonly settled = new Promise<void>((resolve) => (this.#settle = resolve));

  #phase = $state<EnginePhase>('asleep');
  #device = $state.raw<DeviceReport>();
  #loading = $state.raw<LoadProgress>();
  #error = $state.raw<AppError>();
  #isExamining = $state(false);
  #lastSignAt = $state(performance.now());

  /**
   * @param choice  asked whenever the device may have to change
   * @param inputs  what a request names and does not hold, asked for each picture
   */
  constructor(
    api: PageEngine,
    baseUrl: string,
    choice: () => DeviceChoice,
    inputs: LateInputs = () => Promise.resolve({}),
  ) {
    this.#api = api;
    this.#baseUrl = baseUrl;
    this.#choice = choice;
    this.#inputs = inputs;
  }

  get phase(): EnginePhase {
    return this.#phase;
  }
  get device(): DeviceReport | undefined {
    return this.#device;
  }
  get loading(): LoadProgress | undefined {
    return this.#loading;
  }
  get isExamining(): boolean {
    return this.#isExamining;
  }
  /** Why `phase` is `failed`. */
  get error(): AppError | undefined {
    return this.#error;
  }

  /** When something was last heard of the engine, or asked of it: milliseconds since the page was opened. */
  get lastSignAt(): number {
    return this.#lastSignAt;
  }

  /** Opens the device and loads the model, for such a picture, where that is not done yet. @throws AppError */
  prepare(model: ModelEntry, shape?: PictureShape): Promise<void> {
    return this.#exclusive(() => this.#revived(() => this.#prepare(model, shape)));
  }

  /**
   * Paints, after loading what is missing. Aborting before the engine has begun rejects at once and lets loading go on;
   * afterwards it asks the engine to stop. @throws AppError
   */
  generate({ request, model, graph }: Work, onEvent: EventListener, signal: AbortSignal): Promise<Painted> {
    this.#hear();
    const heard: EventListener = (event) => {
      this.#hear();
      onEvent(event);
    };
    return new Promise((resolve, reject) => {
      let isRunning = false;
      const cancelled = (): AppError => new AppError('cancelled', 'Cancelled before it began.');
      const onAbort = (): void => (isRunning ? this.#api.cancel() : reject(cancelled()));
      signal.addEventListener('abort', onAbort);
      this.#exclusive(async () => {
        const paint = async (): Promise<Painted> => {
          isRunning = false;
          if (signal.aborted) throw cancelled();
          const inputs = await this.#inputs(request, graph);
          const run = graph && (await fetchInLine()).runGraph;
          await (graph ? this.#open() : this.#prepare(model, request));
          if (signal.aborted) throw cancelled();
          isRunning = true;
          return await this.#guard(() =>
            graph && run
              ? run(this.#api, { request, model, graph }, inputs, heard)
              : this.#api.generate(request, model, heard, inputs),
          );
        };
        return await this.#revived(paint, () => heard({ type: 'notice', message: REVIVED }));
      })
        .finally(() => signal.removeEventListener('abort', onAbort))
        .then(resolve, reject);
    });
  }

  /**
   * What makes no picture of the person's, after what is under way: a hint to be looked at. No model is loaded for it.
   * @param isWanted  asked when its turn comes @throws AppError 'cancelled' where it is not wanted any more
   */
  run(
    workflow: Workflow,
    inputs: PictureInputs,
    model: ModelEntry,
    isWanted: () => boolean = () => true,
  ): Promise<WorkflowResult> {
    return this.#exclusive(() =>
      this.#revived(async () => {
        if (!isWanted()) throw new AppError('cancelled', 'Cancelled before it began.');
        await this.#open();
        const made = await this.#guard(async () =>
          this.#api.run?.(workflow, { ...inputs, models: [model] }, () => undefined),
        );
        return made ?? Promise.reject(new AppError('internal', 'This engine runs no workflows.'));
      }),
    );
  }

  /** Tokens of a prompt and how many fit; undefined while the model is not ready. @throws AppError */
  async countTokens(text: string, model: ModelEntry, reading?: CountReading): Promise<TokenCount | undefined> {
    return this.#phase === 'ready' ? await this.#api.countTokens(text, model, reading) : undefined;
  }

  /** Tests the GPU again and takes up what is found; the next picture loads its model again. Never rejects. */
  examine(): Promise<void> {
    this.#isExamining = true;
    return this.#exclusive(async () => {
      this.#readyFor = this.#openFor = '';
      this.#error = undefined;
      try {
        this.#phase = 'opening';
        const setup = { ...this.#choice(), baseUrl: this.#baseUrl };
        this.#device = await this.#guard(() => this.#api.examine(setup));
        this.#phase = 'asleep';
      } catch (thrown) {
        this.#error = toAppError(thrown);
        this.#phase = 'failed';
      } finally {
        this.#isExamining = false;
      }
    });
  }

  /** Forgets everything loaded, with a fresh worker. */
  restart(): void {
    this.#readyFor = this.#openFor = '';
    this.#phase = 'asleep';
    this.#loading = undefined;
    this.#api.restart();
  }

  /** Opens the device alone. */
  async #open(): Promise<void> {
    const choice = this.#choice();
    const key = JSON.stringify(choice);
    if (this.#openFor === key) return;
    this.#readyFor = this.#openFor = '';
    this.#error = undefined;
    this.#phase = 'opening';
    try {
      const setup = { ...choice, baseUrl: this.#baseUrl };
      this.#device = await this.#guard(() => this.#api.open(setup, (event) => this.#onOpenEvent(event)));
      this.#openFor = key;
    } finally {
      this.#loading = undefined;
      this.#isExamining = false;
      this.#phase = 'asleep'; // why it failed is said where it was asked
    }
  }

  async #prepare(model: ModelEntry, shape: PictureShape | undefined): Promise<void> {
    const choice = this.#choice();
    const key = JSON.stringify([choice, model.id]);
    if (this.#readyFor === key) return;
    this.#readyFor = this.#openFor = '';
    this.#runtimeBytes = 0;
    this.#error = undefined;
    try {
      await this.#guard(async () => {
        this.#phase = 'opening';
        const setup = { ...choice, baseUrl: this.#baseUrl };
        this.#device = await this.#api.open(setup, (event) => this.#onOpenEvent(event, model));
        this.#openFor = JSON.stringify(choice);
        this.#isExamining = false;
        this.#phase = 'loading';
        await this.#api.load(model, (event) => this.#onLoadEvent(event), shape);
      });
      this.#readyFor = key;
      this.#phase = 'ready';
    } catch (thrown) {
      this.#error = toAppError(thrown);
      this.#phase = 'failed';
      throw this.#error;
    } finally {
      this.#loading = undefined;
      this.#isExamining = false;
      this.#settle();
    }
  }

  /** Once more where the worker has died: it may have been the browser's doing. */
  async #revived<T>(work: () => Promise<T>, onRevival?: () => void): Promise<T> {
    try {
      return await work();
    } catch (thrown) {
      if (toAppError(thrown).code !== 'stopped') throw thrown;
      onRevival?.();
      return await work();
    }
  }

  #hear(): void {
    this.#lastSignAt = performance.now();
  }

  /** @param model  what is loaded next, if any is */
  #onOpenEvent(event: EngineEvent, model?: ModelEntry): void {
    this.#hear();
    if (event.type === 'device') this.#device = event.device; // the rest of its test, made while nothing was asked
    if (this.#phase !== 'opening') return;
    if (event.type === 'stage') this.#onStage(event.stage);
    if (event.type !== 'loading') return;
    const { file, loadedBytes, totalBytes } = event;
    this.#runtimeBytes = totalBytes;
    this.#loading = { file, loadedBytes, totalBytes: totalBytes + (model?.downloadBytes ?? 0) };
  }

  #onLoadEvent(event: EngineEvent): void {
    this.#hear();
    if (event.type === 'device') this.#device = event.device;
    if (event.type === 'stage') this.#onStage(event.stage);
    if (event.type === 'loading' && this.#phase === 'loading') {
      const { file, loadedBytes, totalBytes } = event;
      const before = this.#runtimeBytes;
      this.#loading = { file, loadedBytes: before + loadedBytes, totalBytes: totalBytes > 0 ? before + totalBytes : 0 };
    }
  }

  #onStage(stage: Stage): void {
    this.#isExamining = stage === 'testing';
    if (this.#isExamining) this.#loading = undefined;
  }

  /** Starts a new worker where the error says that the old one is beyond use. */
  async #guard<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (thrown) {
      const error = toAppError(thrown);
      if (FATAL.includes(error.code)) this.restart();
      throw error;
    }
  }

  #exclusive<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#tail.then(work);
    this.#tail = turn.catch(() => undefined);
    return turn;
  }
}
