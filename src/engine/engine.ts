/** The engine behind the worker's face: one device, one model, one picture at a time. */
import { AppError, toAppError, type ErrorCode } from '../core/errors';
import type { ModelEntry } from '../core/catalog';
import type { ComponentId } from '../core/networks/components';
import { assertRequest } from '../core/recipe/problems';
import type { GenerationRequest } from '../core/recipe/request';
import { countPrompt } from '../core/prompt';
import type { TokenCount } from '../core/tokenizer';
import type {
  CountReading,
  DeviceReport,
  EngineApi,
  EngineSetup,
  EventListener,
  GeneratedPicture,
  PictureShape,
  Timings,
} from './api';
import { Attempts } from './run/attempts';
import { Cancellation } from './run/cancellation';
import { generatePicture } from './operations/generate';
import { Model } from './models/model';
import { ModelRoom, type Saving } from './models/model-room';
import { openModelSource } from './models/open-model-source';
import type { Ports, Runtime } from './ports';
import { Serial } from './run/serial';
import { StageClock } from './run/stage-clock';
import { Unfinished } from './run/unfinished';

/** Of a prompt that is counted without a picture in mind: enough for every text of an alternation. */
const COUNTED_STEPS = 20;

/** What the next attempt does without, where memory was short. */
const SAVED: Record<Saving, string> = {
  in_turn: 'There was not enough memory for the whole model at once, so that its parts are now loaded in turn.',
  tiles: 'There was not enough memory for the whole picture at once, so that it was developed in tiles.',
  packed:
    'There was still not enough memory, so that the model was loaded as it is stored, which is slower, and the picture begun again.',
};

/** What the next attempt begins with. */
const AGAIN: Partial<Record<ErrorCode, string>> = {
  'device-lost': 'The GPU went away and was opened again; the picture went on from where it was.',
  'out-of-memory': 'Memory ran out, and the picture went on from where it was with the model loaded again.',
};

/** After these the runtime is beyond use. */
const FATAL: readonly ErrorCode[] = ['device-lost', 'out-of-memory', 'internal'];

/** What the loss of a device can look like at first. */
const MAYBE_LOSS: readonly ErrorCode[] = ['internal', 'not-a-number', 'out-of-memory'];
const LOSS_IS_TOLD_MS = 200;

/** A GPU's driver takes a moment to start again. */
const GPU_REST_MS = 1000;
const GPU_TRIES = 3;

/** A picture to be made. */
interface Job {
  request: GenerationRequest;
  entry: ModelEntry;
  onEvent: EventListener;
  cancellation: Cancellation;
  /** Of all attempts together. */
  clock: StageClock;
  spent: Spent;
}

interface Spent {
  startedAt: number;
  modelCalls: number;
}

/** One go at a task; what it still says when it is over is not heard. */
interface Attempt {
  isOver: boolean;
}

/** A model to be made ready. */
interface Loading extends Pick<Job, 'entry' | 'onEvent'> {
  /** Of the picture it is for, where that is known. */
  shape: PictureShape | undefined;
  clock: StageClock;
}

export class Engine implements EngineApi {
  readonly #ports: Ports;
  readonly #serial = new Serial();
  #setup: EngineSetup = { provider: 'auto', baseUrl: '' };
  #runtime: Runtime | undefined;
  #model: Model | undefined;
  /** Not ready yet; a device that is lost meanwhile takes it along. */
  #opening: Model | undefined;
  /** Where the last task ran. */
  #provider: DeviceReport['provider'] | undefined;
  /** How models are held that did not fit here, by their ids. */
  readonly #rooms = new Map<string, ModelRoom>();
  /** Components of models that half precision was too small for, by the model's id. */
  readonly #widened = new Map<string, Set<ComponentId>>();
  readonly #unfinished: Unfinished;
  /** Of the picture being made, or waiting for a model to load. */
  #generation: Cancellation | undefined;

  constructor(ports: Ports) {
    this.#ports = ports;
    const { calls, now, rest } = ports;
    this.#unfinished = new Unfinished({ store: calls, now, rest });
  }

  open(setup: EngineSetup): Promise<DeviceReport> {
    return this.#serial.run(async () => {
      const { provider, memoryBytes } = this.#setup;
      if (this.#runtime && (setup.provider !== provider || setup.memoryBytes !== memoryBytes)) await this.#close();
      if (setup.memoryBytes !== memoryBytes) this.#rooms.clear(); // what did not fit may fit now, or the other way round
      this.#setup = setup;
      return (await this.#ready()).device;
    });
  }

  examine(setup: EngineSetup): Promise<DeviceReport> {
    return this.#serial.run(async () => {
      await this.#close();
      this.#setup = setup;
      this.#runtime = this.#withMemory(await this.#ports.createRuntime(setup.provider, { examineAgain: true }));
      return this.#runtime.device;
    });
  }

  load(entry: ModelEntry, onEvent: EventListener, shape?: PictureShape): Promise<void> {
    const clock = new StageClock(this.#ports.now, onEvent);
    return this.#serial.run(() =>
      this.#untilDone({ entry, onEvent }, async () => void (await this.#loaded({ entry, onEvent, shape, clock }))),
    );
  }

  async generate(request: GenerationRequest, entry: ModelEntry, onEvent: EventListener): Promise<GeneratedPicture> {
    if (this.#generation) throw new AppError('busy', 'A picture is being made: wait for it, or cancel it.');
    assertRequest(request, entry.size);
    const cancellation = new Cancellation();
    this.#generation = cancellation;
    const spent: Spent = { startedAt: this.#ports.now(), modelCalls: 0 };
    const heard = heardBy({ cancellation, spent }, onEvent);
    const clock = new StageClock(this.#ports.now, heard);
    const job: Job = { request, entry, onEvent: heard, cancellation, clock, spent };
    const task = this.#serial.run(() => this.#untilDone(job, (attempt) => this.#generate(job, attempt)));
    task.catch(() => undefined); // it goes on after a cancel that did not wait for it
    try {
      return await Promise.race([task, cancellation.wish]);
    } finally {
      this.#generation = undefined;
    }
  }

  cancel(): void {
    this.#generation?.cancel();
  }

  async countTokens(text: string, entry: ModelEntry, reading: CountReading = {}): Promise<TokenCount> {
    if (this.#model?.entry.id !== entry.id) await this.load(entry, () => undefined);
    const tokenizer = this.#model?.tokenizer;
    if (!tokenizer) throw new AppError('internal', `${entry.name} is not loaded.`);
    const { dialect = 'a1111', emphasis, isNegative, steps = COUNTED_STEPS } = reading;
    return countPrompt(text, tokenizer, { dialect, emphasis, isNegative, calls: steps });
  }

  /**
   * Again on a new device where the old one was lost or was full, as long as that helps. Where a model that stays loaded leaves
   * too little memory, its components are loaded in turn from then on.
   */
  async #untilDone<T>(
    { entry, onEvent, cancellation }: Pick<Job, 'entry' | 'onEvent'> & Partial<Job>,
    task: (attempt: Attempt) => Promise<T>,
  ): Promise<T> {
    const attempts = new Attempts();
    const said = new Set<string>();
    let losses = 0;
    for (;;) {
      this.#room(entry.id).decode.done(); // what was tried is of another attempt
      try {
        return await this.#guarded(task);
      } catch (thrown) {
        const error = toAppError(thrown);
        if (error.code === 'device-lost') losses += 1;
        const isFull = error.code === 'out-of-memory';
        // A GPU goes away for many reasons: twice while developing, it is taken for one.
        const saving = this.#room(entry.id).save({ isFull, isShort: isFull || losses > 1 });
        if (!attempts.mayTryAgain(error, this.#unfinished.calls, saving !== undefined)) throw error;
        cancellation?.check();
        if (error.code === 'device-lost') await this.#reopen(error);
        const message = saving ? SAVED[saving] : AGAIN[error.code];
        if (message === undefined || said.has(message)) continue;
        said.add(message);
        onEvent({ type: 'notice', message });
      }
    }
  }

  /** Never silently on the CPU: that may take a hundred times as long. @throws AppError 'device-lost' */
  async #reopen(loss: AppError): Promise<void> {
    for (let tries = 1; ; tries++) {
      const found = await this.#ready().then(
        ({ device }) => device.provider,
        () => undefined,
      );
      if (found === this.#provider) return;
      await this.#close();
      if (tries === GPU_TRIES) break;
      await this.#ports.rest(GPU_REST_MS);
    }
    throw new AppError(
      'device-lost',
      `${loss.message} It did not come back: close other programs that use it, or reload.`,
    );
  }

  async #generate(job: Job, attempt: Attempt): Promise<GeneratedPicture> {
    const { request, entry, cancellation, clock, spent } = job;
    const onEvent: EventListener = (event) => {
      if (!attempt.isOver) job.onEvent(event);
    };
    cancellation.check();
    const model = await this.#loaded({ entry, onEvent, shape: request, clock });
    clock.stop();
    const { device, memory } = await this.#ready();
    memory?.reset();
    onEvent({ type: 'device', device });
    const { pixels, tiles } = await generatePicture({
      request,
      model,
      onEvent,
      cancellation,
      clock,
      ports: this.#ports,
      unfinished: this.#unfinished,
      isOver: () => attempt.isOver,
    }).finally(() => memory?.trim());
    this.#unfinished.done();
    const timings: Timings = {
      loadSeconds: clock.seconds('loading'),
      encodeSeconds: clock.seconds('encoding'),
      denoiseSeconds: clock.seconds('denoising'),
      decodeSeconds: clock.seconds('decoding'),
      totalSeconds: (this.#ports.now() - spent.startedAt) / 1000,
      modelCalls: spent.modelCalls,
      ...(memory && { peakGpuBytes: memory.read().peakBytes }),
      ...(tiles > 1 && { tiles }),
      loads: model.components.loads,
      model: model.report,
    };
    // what the self-test found is of the device, not of each picture that is kept
    return { pixels, request, device: { ...device, examination: undefined }, timings };
  }

  async #ready(): Promise<Runtime> {
    this.#runtime ??= this.#withMemory(await this.#ports.createRuntime(this.#setup.provider));
    return this.#runtime;
  }

  #withMemory(runtime: Runtime): Runtime {
    const { memoryBytes } = this.#setup;
    if (memoryBytes === undefined || runtime.device.provider !== 'webgpu') return runtime;
    return { ...runtime, device: { ...runtime.device, memoryBytes } };
  }

  async #loaded(loading: Loading): Promise<Model> {
    const { entry, clock } = loading;
    if (this.#model?.entry.id !== entry.id) {
      const previous = this.#model;
      this.#model = undefined;
      await previous?.dispose();
      clock.enter('loading');
      this.#model = await this.#open(loading);
    }
    clock.follow(this.#model.components);
    return this.#model;
  }

  async #open({ entry, onEvent, shape, clock }: Loading): Promise<Model> {
    const runtime = await this.#ready();
    const onProgress = (file: string, loadedBytes: number): void =>
      onEvent({ type: 'loading', file, loadedBytes, totalBytes: entry.downloadBytes });
    const room = this.#room(entry.id);
    const source = await openModelSource({
      entry,
      staysPacked: room.isPacked,
      baseUrl: this.#setup.baseUrl,
      runtime,
      ports: this.#ports,
      onProgress,
    });
    const widened = this.#widened.get(entry.id) ?? new Set();
    this.#widened.set(entry.id, widened);
    const { now } = this.#ports;
    const held = { isTight: room.isInTurn, widened, decodeRoom: room.decode };
    const model = new Model({ entry, source, device: runtime.device, now, ...held });
    room.couldStayPacked = source.couldStayPacked ?? false;
    if (model.report.residency === 'in_turn') room.isInTurn = true;
    clock.follow(model.components);
    this.#opening = model;
    await model.warm(shape);
    this.#opening = undefined;
    return model;
  }

  #room(id: string): ModelRoom {
    const room = this.#rooms.get(id) ?? new ModelRoom();
    this.#rooms.set(id, room);
    return room;
  }

  /** Watches the device during `task`; where the runtime itself failed, the next task starts with a fresh one. */
  async #guarded<T>(task: (attempt: Attempt) => Promise<T>): Promise<T> {
    const attempt: Attempt = { isOver: false };
    const { lost, device } = await this.#ready();
    this.#provider = device.provider;
    try {
      return await Promise.race([task(attempt), lost]);
    } catch (thrown) {
      attempt.isOver = true;
      const error = await this.#causeOf(toAppError(thrown), lost);
      if (FATAL.includes(error.code)) await this.#close();
      throw error;
    }
  }

  /** A run may fail, or give nonsense, before the browser says that its device is gone. */
  async #causeOf(error: AppError, lost: Promise<never>): Promise<AppError> {
    if (!MAYBE_LOSS.includes(error.code)) return error;
    const late = lost.catch((thrown: unknown) => toAppError(thrown));
    return (await Promise.race([late, this.#ports.rest(LOSS_IS_TOLD_MS)])) ?? error;
  }

  async #close(): Promise<void> {
    const [models, runtime] = [[this.#model, this.#opening], this.#runtime];
    this.#model = undefined;
    this.#opening = undefined;
    this.#runtime = undefined;
    // Sessions of a lost device may refuse to be released; they are gone with it.
    for (const model of models) await model?.dispose().catch(() => undefined);
    await runtime?.dispose().catch(() => undefined);
  }
}

/** While a part of the model runs, a cancel waits for it; while one is loaded, it does not. */
function heardBy({ cancellation, spent }: Pick<Job, 'cancellation' | 'spent'>, onEvent: EventListener): EventListener {
  return (event) => {
    if (event.type === 'call') spent.modelCalls++;
    if (event.type === 'stage') cancellation.isInCall = event.stage !== 'loading';
    onEvent(event);
  };
}
