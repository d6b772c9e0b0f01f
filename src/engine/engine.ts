/** The engine behind the worker's face: one device, one model, one picture at a time. */
import { AppError, toAppError } from '../core/errors';
import type { ModelEntry } from '../core/catalog';
import { assertRequest, type GenerationRequest } from '../core/request';
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
import { Cancellation } from './cancellation';
import { generatePicture } from './generate';
import { Model } from './model';
import { openModelSource } from './open-model-source';
import type { Ports, Runtime } from './ports';
import { Serial } from './serial';
import { StageClock } from './stage-clock';

/** Of a prompt that is counted without a picture in mind: enough for every text of an alternation. */
const COUNTED_STEPS = 20;

const TIGHT = 'There was not enough memory for the whole model at once, so that its parts are now loaded in turn.';

/** A picture to be made. */
interface Job {
  request: GenerationRequest;
  entry: ModelEntry;
  onEvent: EventListener;
  cancellation: Cancellation;
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
  /** Ids of models that did not fit here as a whole. */
  readonly #tight = new Set<string>();
  /** Of the picture being made, or waiting for a model to load. */
  #generation: Cancellation | undefined;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  open(setup: EngineSetup): Promise<DeviceReport> {
    return this.#serial.run(async () => {
      if (this.#runtime && setup.provider !== this.#setup.provider) await this.#close();
      this.#setup = setup;
      return (await this.#ready()).device;
    });
  }

  examine(setup: EngineSetup): Promise<DeviceReport> {
    return this.#serial.run(async () => {
      await this.#close();
      this.#setup = setup;
      this.#runtime = await this.#ports.createRuntime(setup.provider, { examineAgain: true });
      return this.#runtime.device;
    });
  }

  load(entry: ModelEntry, onEvent: EventListener, shape?: PictureShape): Promise<void> {
    const clock = new StageClock(this.#ports.now, onEvent);
    return this.#serial.run(() =>
      this.#withRoom({ entry, onEvent }, async () => void (await this.#loaded({ entry, onEvent, shape, clock }))),
    );
  }

  async generate(request: GenerationRequest, entry: ModelEntry, onEvent: EventListener): Promise<GeneratedPicture> {
    if (this.#generation) throw new AppError('busy', 'A picture is being made: wait for it, or cancel it.');
    assertRequest(request, entry.size);
    const cancellation = new Cancellation();
    this.#generation = cancellation;
    const job: Job = { request, entry, onEvent, cancellation };
    const task = this.#serial.run(() => this.#withRoom(job, () => this.#generate(job)));
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

  /** Where a model that stays loaded leaves too little memory, its components are loaded in turn from then on. */
  async #withRoom<T>({ entry, onEvent }: Pick<Job, 'entry' | 'onEvent'>, task: () => Promise<T>): Promise<T> {
    try {
      return await this.#guarded(task);
    } catch (thrown) {
      if (toAppError(thrown).code !== 'out-of-memory' || this.#tight.has(entry.id)) throw thrown;
      this.#tight.add(entry.id);
      onEvent({ type: 'notice', message: TIGHT });
      return await this.#guarded(task);
    }
  }

  async #generate({ request, entry, onEvent, cancellation }: Job): Promise<GeneratedPicture> {
    const { now } = this.#ports;
    cancellation.check();
    const startedAt = now();
    const clock = new StageClock(now, onEvent);
    const model = await this.#loaded({ entry, onEvent, shape: request, clock });
    clock.stop();
    const { device, memory } = await this.#ready();
    memory?.reset();
    onEvent({ type: 'device', device });
    const { pixels, modelCalls } = await generatePicture({
      request,
      model,
      onEvent,
      cancellation,
      clock,
      ports: this.#ports,
    });
    const timings: Timings = {
      loadSeconds: clock.seconds('loading'),
      encodeSeconds: clock.seconds('encoding'),
      denoiseSeconds: clock.seconds('denoising'),
      decodeSeconds: clock.seconds('decoding'),
      totalSeconds: (now() - startedAt) / 1000,
      modelCalls,
      ...(memory && { peakGpuBytes: memory.read().peakBytes }),
      loads: model.components.loads,
      model: model.report,
    };
    // what the self-test found is of the device, not of each picture that is kept
    return { pixels, request, device: { ...device, examination: undefined }, timings };
  }

  async #ready(): Promise<Runtime> {
    this.#runtime ??= await this.#ports.createRuntime(this.#setup.provider);
    return this.#runtime;
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
    const source = await openModelSource({
      entry,
      baseUrl: this.#setup.baseUrl,
      runtime,
      ports: this.#ports,
      onProgress,
    });
    const isTight = this.#tight.has(entry.id);
    const model = new Model({ entry, source, device: runtime.device, now: this.#ports.now, isTight });
    if (model.report.residency === 'in_turn') this.#tight.add(entry.id);
    clock.follow(model.components);
    await model.warm(shape);
    return model;
  }

  /** Watches the device during `task`; where the runtime itself failed, the next task starts with a fresh one. */
  async #guarded<T>(task: () => Promise<T>): Promise<T> {
    try {
      const { lost } = await this.#ready();
      return await Promise.race([task(), lost]);
    } catch (thrown) {
      const error = toAppError(thrown);
      if (['device-lost', 'out-of-memory', 'internal'].includes(error.code)) await this.#close();
      throw error;
    }
  }

  async #close(): Promise<void> {
    const [model, runtime] = [this.#model, this.#runtime];
    this.#model = undefined;
    this.#runtime = undefined;
    // Sessions of a lost device may refuse to be released; they are gone with it.
    await model?.dispose().catch(() => undefined);
    await runtime?.dispose().catch(() => undefined);
  }
}
