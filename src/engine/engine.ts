/** The engine behind the worker's face: one device, one model, one picture at a time. */
import { AppError, toAppError, type ErrorCode } from '../core/errors';
import type { ModelEntry } from '../core/catalog';
import { BUILT_IN_UPSCALER } from '../core/catalog/built-in-upscaler';
import { paintsNothing } from '../core/recipe/has-effect';
import { assertControl } from '../core/recipe/control/problems';
import { assertRequest } from '../core/recipe/problems';
import type { GenerationRequest } from '../core/recipe/request';
import { readWorkflow, workflowOf, type Workflow } from '../core/workflow';
import { countPrompt } from '../core/prompt';
import type { TokenCount } from '../core/tokenizer';
import type {
  CountReading,
  DeviceReport,
  EngineApi,
  EngineSetup,
  EventListener,
  GeneratedPicture,
  PictureInputs,
  PictureShape,
  Timings,
  WorkflowInputs,
  WorkflowResult,
} from './api';
import { Attempts } from './run/attempts';
import { Cancellation } from './run/cancellation';
import { HeldDevice, toldDevice } from './run/held-device';
import { adapterEntry } from './models/adapters';
import type { Model } from './models/model';
import { HeldModel, type Loading, type Place } from './models/held-model';
import { HeldControls } from './models/held-controls';
import { HeldUpscaler } from './models/held-upscaler';
import type { Saving } from './models/model-room';
import type { ModelReference, OperationContext } from './operations/implementation';
import type { Ports, Runtime } from './ports';
import { KeptOutcomes } from './run/kept-outcomes';
import { busy, heardBy, modelOf, pictureOf, type Attempt, type PaintJob, type Spent } from './run/job';
import { secondModelOf } from './run/second-model';
import { Serial } from './run/serial';
import { StageClock } from './run/stage-clock';
import { Unfinished } from './run/unfinished';
import { WorkflowRun } from './run/workflow-run';

/** Steps for a prompt that is counted without a picture in mind: enough for every text of an alternation. */
const COUNTED_STEPS = 20;

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

export class Engine implements EngineApi {
  readonly #ports: Ports;
  readonly #serial = new Serial();
  readonly #device: HeldDevice;
  readonly #held: HeldModel;
  readonly #upscaler: HeldUpscaler;
  readonly #controls: HeldControls;
  /** The provider that the last task ran on. */
  #provider: DeviceReport['provider'] | undefined;
  readonly #unfinished: Unfinished;
  readonly #kept = new KeptOutcomes();
  /** Cancels the picture being made, or waiting for a model to load. */
  #generation: Cancellation | undefined;

  constructor(ports: Ports) {
    this.#ports = ports;
    this.#device = new HeldDevice(ports, this.#serial, () => this.#close());
    this.#held = new HeldModel(ports);
    this.#upscaler = new HeldUpscaler(ports);
    this.#controls = new HeldControls(ports);
    const { calls, now, rest } = ports;
    this.#unfinished = new Unfinished({ store: calls, now, rest });
  }

  open(setup: EngineSetup): Promise<DeviceReport> {
    return this.#device.during(async () => {
      const { provider, memoryBytes } = this.#device.setup;
      if (setup.provider !== provider || setup.memoryBytes !== memoryBytes) await this.#close();
      if (setup.memoryBytes !== memoryBytes) this.#held.forgetRooms();
      this.#device.setup = setup;
      return toldDevice((await this.#device.ready()).device);
    });
  }

  examine(setup: EngineSetup): Promise<DeviceReport> {
    return this.#device.during(async () => {
      await this.#close();
      this.#device.setup = setup;
      return (await this.#device.examine()).device;
    });
  }

  load(entry: ModelEntry, onEvent: EventListener, shape?: PictureShape): Promise<void> {
    const clock = new StageClock(this.#ports.now, onEvent);
    return this.#device.during(async () => {
      await this.#device.trustFor([entry], () => onEvent({ type: 'stage', stage: 'testing' }));
      await this.#untilDone(
        { entry, onEvent },
        async () => void (await this.#loaded({ entry, onEvent, shape, clock })),
      );
    });
  }

  async generate(
    request: GenerationRequest,
    entry: ModelEntry,
    onEvent: EventListener,
    given: PictureInputs = {},
  ): Promise<GeneratedPicture> {
    if (this.#generation) throw busy();
    assertRequest(request, paintsNothing(request) ? undefined : entry.size);
    assertControl(request);
    const { part, models, notice } = secondModelOf(request, entry, given);
    const workflow = workflowOf({ ...request, model: entry.id }, given.adapters, { ...given, ...part });
    const inputs = { upscalers: [BUILT_IN_UPSCALER], ...given, models: [entry, ...models] };
    if (notice !== undefined) onEvent({ type: 'notice', message: notice });
    const made = await this.run(workflow, inputs, onEvent);
    return { pixels: made.images[0], request, device: made.device, timings: made.timings };
  }

  async run(workflow: Workflow, inputs: WorkflowInputs, onEvent: EventListener): Promise<WorkflowResult> {
    if (this.#generation) throw busy();
    const run = new WorkflowRun(readWorkflow(workflow), this.#kept, inputs.keepsLatents);
    const entry = inputs.models.at(0);
    if (!entry) throw new AppError('bad-request', 'The workflow comes without a model.');
    const cancellation = new Cancellation(this.#ports.wish);
    this.#generation = cancellation;
    const spent: Spent = { startedAt: this.#ports.now(), modelCalls: 0, forecastCalls: 0 };
    const heard = heardBy({ cancellation, spent }, onEvent);
    const clock = new StageClock(this.#ports.now, heard);
    const job: PaintJob = { run, inputs, entry, onEvent: heard, cancellation, clock, spent, images: [] };
    const task = this.#device.during(async () => {
      const onTesting = (): void => heard({ type: 'stage', stage: 'testing' });
      await this.#device.trustFor(inputs.models, onTesting, () => cancellation.check());
      return await this.#untilDone(job, (attempt) => this.#walk(job, attempt));
    });
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
    if (this.#held.model?.entry.id !== entry.id) await this.load(entry, () => undefined);
    const tokenizer = this.#held.model?.tokenizer;
    if (!tokenizer) throw new AppError('internal', `${entry.name} is not loaded.`);
    const { dialect = 'a1111', steps = COUNTED_STEPS, ...others } = reading;
    return countPrompt(text, tokenizer, { ...others, dialect, calls: steps });
  }

  /**
   * Again on a new device where the old one was lost or was full, as long as that helps. Where a model that stays loaded leaves
   * too little memory, its components are loaded in turn from then on.
   */
  async #untilDone<T>(
    job: Pick<PaintJob, 'entry' | 'onEvent'> & Partial<PaintJob>,
    task: (attempt: Attempt) => Promise<T>,
  ): Promise<T> {
    const { onEvent, cancellation } = job;
    const attempts = new Attempts();
    const said = new Set<string>();
    let losses = 0;
    for (;;) {
      this.#held.room(job.entry.id).begin();
      try {
        return await this.#guarded(task);
      } catch (thrown) {
        const error = toAppError(thrown);
        if (error.code === 'device-lost') losses += 1;
        const isFull = error.code === 'out-of-memory';
        // A GPU goes away for many reasons: twice while developing, it is taken for one.
        const saving = this.#held.room(job.entry.id).save({ isFull, isShort: isFull || losses > 1 });
        if (!attempts.mayTryAgain(error, this.#unfinished.calls, saving !== undefined)) throw error;
        cancellation?.check();
        if (saving === 'packed' || saving === 'kernels') this.#beginAgain(job);
        if (error.code === 'device-lost') await this.#reopen(error);
        const message = saving ? SAVED[saving] : AGAIN[error.code];
        if (message === undefined || said.has(message)) continue;
        said.add(message);
        onEvent({ type: 'notice', message });
      }
    }
  }

  /** Opens the GPU again, and never silently the CPU: that may take a hundred times as long. @throws AppError 'device-lost' */
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

  /** A picture's numbers are of one form: nothing of another is taken for them. */
  #beginAgain({ run, images }: Partial<PaintJob>): void {
    this.#kept.clear();
    run?.reset();
    images?.splice(0);
  }

  async #walk(job: PaintJob, attempt: Attempt): Promise<WorkflowResult> {
    const { run, cancellation, clock, spent, images } = job;
    cancellation.check();
    const { memory } = await this.#ready();
    try {
      await run.walk(this.#context(job, attempt));
    } finally {
      const { model } = this.#held;
      if (model?.report.residency === 'in_turn') {
        await model.components.releaseLarge();
        await this.#controls.release();
      }
      memory?.trim();
    }
    clock.stop();
    cancellation.check();
    if (run.isPainting) this.#unfinished.done();
    const { device } = await this.#ready();
    const { model } = this.#held;
    const tiles = Math.max(...images.map((image) => image.tiles ?? 1));
    const timings: Timings = {
      loadSeconds: clock.seconds('loading'),
      encodeSeconds: clock.seconds('encoding'),
      denoiseSeconds: clock.seconds('denoising'),
      decodeSeconds: clock.seconds('decoding') + clock.seconds('enlarging'),
      totalSeconds: (this.#ports.now() - spent.startedAt) / 1000,
      modelCalls: spent.modelCalls,
      ...(spent.forecastCalls > 0 && { forecastCalls: spent.forecastCalls }),
      ...(memory && { peakGpuBytes: memory.read().peakBytes }),
      ...(tiles > 1 && { tiles }),
      ...(model && { loads: model.components.loads, model: model.report }),
    };
    // what the self-test found is of the device, not of each picture that is kept
    return { images: images.map(({ pixels }) => pixels), device: { ...device, examination: undefined }, timings };
  }

  /** What an attempt's operations are given; the first that needs a model has it loaded. */
  #context(job: PaintJob, attempt: Attempt): OperationContext {
    const { cancellation, clock, inputs } = job;
    const { breathe } = this.#ports;
    const onEvent: EventListener = (event) => {
      if (!attempt.isOver) job.onEvent(event);
    };
    const isOver = (): boolean => attempt.isOver;
    const check = (): void => {
      cancellation.check();
      if (isOver()) throw new AppError('internal', 'This attempt is over.');
    };
    /** A read of the storage each. */
    const revisions = new Map<string, Promise<string>>();
    let isTold = false;
    const said = new Set<string>();
    const entryOf = (id: string): ModelEntry => modelOf(inputs, id);
    const get = async (reference: ModelReference, shape?: PictureShape): Promise<Model> => {
      const entry = entryOf(reference.id);
      job.entry = entry;
      const { revision, adapters, otherVae, otherTexts, blend } = reference;
      const changed = { adapters, entries: inputs.adapters ?? [], otherVae, otherTexts, blend, check };
      const model = await this.#loaded({ entry, revision, ...changed, onEvent, shape, clock });
      for (const message of model.adapterNotices) {
        if (!said.has(message)) onEvent({ type: 'notice', message });
        said.add(message);
      }
      if (isTold) return model;
      isTold = true;
      clock.stop();
      const { device, memory } = await this.#ready();
      memory?.reset();
      onEvent({ type: 'device', device: toldDevice(device) });
      return model;
    };
    return {
      models: {
        get,
        refer: async (id) => {
          const revision = revisions.get(id) ?? this.#held.revisionOf(entryOf(id));
          revisions.set(id, revision);
          return { id, revision: await revision, adapters: [] };
        },
        adapterRevision: (id) => adapterEntry(id, inputs.adapters ?? []).revision,
        partRevision: async (id) => (await this.#ports.packs.revision?.(id)) ?? '',
      },
      upscalers: this.#upscaler.of(inputs.upscalers ?? [], {
        onEvent,
        clock,
        revisionOf: (one) => this.#held.revisionOf(one),
        place: () => this.#placeBesides(),
      }),
      controls: this.#controls.of(inputs.controls ?? [], {
        onEvent,
        clock,
        revisionOf: (one) => this.#held.revisionOf(one),
        runtime: () => this.#ready(),
        place: () => this.#placeBesides(),
      }),
      embeddings: inputs.embeddings ?? [],
      image: (hash) => pictureOf(inputs, hash),
      onEvent,
      clock,
      ports: this.#ports,
      unfinished: this.#unfinished,
      isOver,
      check,
      pause: async () => {
        await breathe();
        check();
      },
      keep: (image) => void (isOver() || job.images.push(image)),
    };
  }

  #ready(): Promise<Runtime> {
    return this.#device.ready();
  }

  #loaded(loading: Loading): Promise<Model> {
    const { baseUrl } = this.#device.setup;
    return this.#held.get(loading, async () => {
      await this.#controls.release(); // they were for the model before
      return { runtime: await this.#ready(), baseUrl };
    });
  }

  /** Room for what runs beside the model, where memory is short. */
  async #placeBesides(): Promise<Place> {
    const { model } = this.#held;
    if (model?.report.residency === 'in_turn') await model.components.releaseLarge();
    return { runtime: await this.#ready(), baseUrl: this.#device.setup.baseUrl };
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
    this.#kept.clear();
    await this.#held.close();
    await this.#upscaler.close();
    await this.#controls.close();
    await this.#device.dispose();
  }
}
