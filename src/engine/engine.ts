/** The engine behind the worker's face: one device, one model, one picture at a time. */
import { AppError } from '../core/errors';
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
  WorkflowInputs,
  WorkflowResult,
} from './api';
import type { Ports } from './ports';
import { Cancellation } from './run/cancellation';
import { toldDevice, type OpenDevice } from './run/open-device';
import { busy, heardBy, keptOf, type Attempt, type PaintJob, type Spent } from './run/job';
import { operationContext } from './run/operation-context';
import { Recovery } from './run/recovery';
import { Resources } from './run/resources';
import { refinerOf } from './run/refiner';
import { secondModelOf } from './run/second-model';
import { StageClock } from './run/stage-clock';
import { timingsOf } from './run/timings';
import { Unfinished } from './run/unfinished';
import { WorkflowRun } from './run/workflow-run';

/** Steps for a prompt that is counted without a picture in mind: enough for every text of an alternation. */
const COUNTED_STEPS = 20;

export class Engine implements EngineApi {
  readonly #ports: Ports;
  readonly #resources: Resources;
  readonly #unfinished: Unfinished;
  readonly #recovery: Recovery;
  /** Cancels the picture being made, or waiting for a model to load. */
  #generation: Cancellation | undefined;

  constructor(ports: Ports) {
    this.#ports = ports;
    this.#resources = new Resources(ports);
    const { calls, now, rest } = ports;
    this.#unfinished = new Unfinished({ store: calls, now, rest });
    this.#recovery = new Recovery(this.#resources, this.#unfinished, rest);
  }

  get #device(): OpenDevice {
    return this.#resources.device;
  }

  open(setup: EngineSetup): Promise<DeviceReport> {
    return this.#device.during(async () => {
      await this.#resources.use(setup);
      return toldDevice((await this.#device.ready()).device);
    });
  }

  examine(setup: EngineSetup): Promise<DeviceReport> {
    return this.#device.during(async () => {
      await this.#resources.close();
      this.#device.setup = setup;
      return (await this.#device.examine()).device;
    });
  }

  load(entry: ModelEntry, onEvent: EventListener, shape?: PictureShape): Promise<void> {
    const clock = new StageClock(this.#ports.now, onEvent);
    return this.#device.during(async () => {
      await this.#device.trustFor([entry], () => onEvent({ type: 'stage', stage: 'testing' }));
      await this.#recovery.untilDone(
        { entry, onEvent },
        async () => void (await this.#resources.load({ entry, onEvent, shape, clock })),
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
    const refiner = refinerOf(request, entry, given);
    const picture = given.images?.[request.initImage ?? ''];
    const parts = { ...given, ...part, refiner: refiner.part.refiner, picture };
    const workflow = workflowOf({ ...request, model: entry.id }, given.adapters, parts);
    const inputs = { upscalers: [BUILT_IN_UPSCALER], ...given, models: [entry, ...models, ...refiner.models] };
    for (const message of [notice, refiner.notice]) if (message !== undefined) onEvent({ type: 'notice', message });
    const made = await this.run(workflow, inputs, onEvent);
    return { pixels: made.images[0], request, device: made.device, timings: made.timings };
  }

  async run(workflow: Workflow, inputs: WorkflowInputs, onEvent: EventListener): Promise<WorkflowResult> {
    if (this.#generation) throw busy();
    const run = new WorkflowRun(readWorkflow(workflow), this.#resources.outcomes, inputs.keepsLatents);
    const entry = inputs.models.at(0);
    if (!entry) throw new AppError('bad-request', 'The workflow comes without a model.');
    const cancellation = new Cancellation(this.#ports.wish);
    this.#generation = cancellation;
    const spent: Spent = { startedAt: this.#ports.now(), modelCalls: 0, forecastCalls: 0 };
    const notices = new Set<string>();
    const heard = heardBy({ cancellation, spent, notices }, onEvent);
    const clock = new StageClock(this.#ports.now, heard);
    const job: PaintJob = { run, inputs, entry, onEvent: heard, cancellation, clock, spent, images: [], notices };
    const task = this.#device.during(async () => {
      const onTesting = (): void => heard({ type: 'stage', stage: 'testing' });
      await this.#device.trustFor(inputs.models, onTesting, () => cancellation.check());
      return await this.#recovery.untilDone(job, (attempt) => this.#walk(job, attempt));
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
    const { model: held } = this.#resources;
    if (held.model?.entry.id !== entry.id) await this.load(entry, () => undefined);
    const tokenizer = held.model?.texts.tokenizer;
    if (!tokenizer) throw new AppError('internal', `${entry.name} is not loaded.`);
    const { dialect = 'a1111', steps = COUNTED_STEPS, ...others } = reading;
    return countPrompt(text, tokenizer, { ...others, dialect, calls: steps });
  }

  async #walk(job: PaintJob, attempt: Attempt): Promise<WorkflowResult> {
    const resources = this.#resources;
    const { run, cancellation, clock, images, notices } = job;
    cancellation.check();
    const { memory, device } = await resources.runtime();
    try {
      await run.walk(operationContext({ job, attempt, resources, ports: this.#ports, unfinished: this.#unfinished }));
    } finally {
      await resources.releaseLarge();
      memory?.trim();
    }
    clock.stop();
    cancellation.check();
    if (run.isPainting) this.#unfinished.done();
    const timings = timingsOf(job, { now: this.#ports.now(), memory, model: resources.model.model });
    // what the self-test found is of the device, not of each picture that is kept
    return {
      ...keptOf(images),
      ...(notices.size > 0 && { notices: [...notices] }),
      device: { ...device, examination: undefined },
      timings,
    };
  }
}
