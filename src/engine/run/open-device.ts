/** The device that is open. It is tested before it is trusted: what is needed first, the rest while nothing is made. */
import type { ModelEntry } from '../../core/catalog';
import { AppError, toAppError } from '../../core/errors';
import type { Ability, DeviceReport, EngineSetup, ProviderTrial } from '../api';
import type { Ports, Runtime } from '../ports';
import { cpuWins, isSmall, tried, type TrialPorts } from './provider-trial';
import type { TaskQueue } from './task-queue';

/** So long nothing was asked: a person may be typing, and the next picture would wait for the GPU. */
const IDLE_MS = 5000;

/** A loss that came during a test is heard before the device is believed. */
const LOSS_IS_HEARD_MS = 50;

/** Abilities to be tested in the order in which models want them; what is under way is asked again where it was broken off. */
const REST: readonly (readonly Ability[])[] = [['halfPrecision'], ['halfPrecision', 'packedMatrices']];

/** Asks a test to stop that runs while nothing is made. */
class Stop {
  isAsked = false;
  readonly asked: Promise<void>;
  #tell: () => void = () => undefined;

  constructor() {
    this.asked = new Promise((resolve) => (this.#tell = resolve));
  }

  ask(): void {
    this.isAsked = true;
    this.#tell();
  }
}

type DevicePorts = TrialPorts & Pick<Ports, 'rest' | 'onDevice'>;

export class OpenDevice {
  readonly #ports: DevicePorts;
  #setup: EngineSetup = { provider: 'auto', baseUrl: '' };
  #runtime: Runtime | undefined;
  /** How GPU and CPU compare for the small model that is painted with. */
  #trial: ProviderTrial | undefined;
  /** Trials by model id; undefined where one could not be made. */
  readonly #trials = new Map<string, ProviderTrial | undefined>();
  readonly #serial: TaskQueue;
  /** Closes the device with what is on it. */
  readonly #close: () => Promise<void>;
  /** Ends the test that runs while nothing is made. */
  #idle: Stop | undefined;
  /** How many tasks are under way, or wait. */
  #tasks = 0;

  /** @param close  gives back what is on the device, then has it disposed of */
  constructor(ports: DevicePorts, serial: TaskQueue, close: () => Promise<void>) {
    this.#ports = ports;
    this.#serial = serial;
    this.#close = close;
  }

  get setup(): EngineSetup {
    return this.#setup;
  }
  set setup(setup: EngineSetup) {
    if (setup.provider !== 'auto') this.#trial = undefined;
    this.#setup = setup;
  }

  async ready(): Promise<Runtime> {
    this.#runtime ??= this.#told(await this.#ports.createRuntime(this.#choice, { needs: [] }));
    return this.#runtime;
  }

  /** The CPU where it has won. */
  get #choice(): EngineSetup['provider'] {
    return this.#trial && cpuWins(this.#trial) ? 'wasm' : this.#setup.provider;
  }

  /** Opened anew and tested again; GPU and CPU are compared again when a small model is painted with. */
  async examine(): Promise<Runtime> {
    const { provider } = this.#setup;
    this.#trial = undefined;
    this.#trials.clear();
    await this.#ports.trials?.clear().catch(() => undefined);
    this.#runtime = this.#told(await this.#ports.createRuntime(provider, { examineAgain: true }));
    return this.#runtime;
  }

  /**
   * Has the device tested for what these models compute with, where it is not.
   *
   * @param onTesting  told where that takes its time
   * @param check  asked on the way: throws where nobody waits for it any more
   */
  async trustFor(models: readonly ModelEntry[], onTesting: () => void, check?: () => void): Promise<void> {
    await this.#chooseFor(models, onTesting, check);
    const needs = needsOf(models);
    const runtime = await this.ready();
    if (needs.length === 0 || !isUnfinished(runtime)) return;
    onTesting();
    const isOfUse = await this.#examineMore(runtime, needs);
    if (!isOfUse || (await this.#isLost(runtime))) await this.#close();
  }

  /** Where a person has not chosen, small models are painted by what is faster, all others by the GPU. */
  async #chooseFor(models: readonly ModelEntry[], onTesting: () => void, check?: () => void): Promise<void> {
    const [first] = models;
    if (models.length === 0) return; // either does
    const isTried = this.#ports.trials && this.#setup.provider === 'auto' && models.every(isSmall);
    const trial = isTried ? await this.#trialOf(first, onTesting, check) : undefined;
    if (trial === this.#trial) return;
    const before = this.#choice;
    this.#trial = trial;
    if (this.#choice !== before) await this.#close();
    else if (this.#runtime) this.#runtime = this.#told(this.#runtime);
    this.#ports.onDevice?.(toldDevice((await this.ready()).device));
  }

  async #trialOf(model: ModelEntry, onTesting: () => void, check?: () => void): Promise<ProviderTrial | undefined> {
    const { id } = model;
    if (this.#trials.has(id)) return this.#trials.get(id);
    if (this.#choice !== 'auto') {
      this.#trial = undefined; // of another small model
      await this.#close();
    }
    const runtime = await this.ready();
    if (runtime.device.provider !== 'webgpu') return undefined;
    onTesting();
    const place = { ports: this.#ports, baseUrl: this.#setup.baseUrl, check };
    const trial = await tried(model, runtime, place).catch((thrown: unknown) => this.#afterSilence(thrown));
    this.#trials.set(id, trial);
    return trial;
  }

  /** A GPU that gave no answer is opened anew. @throws AppError 'cancelled' as it was */
  async #afterSilence(thrown: unknown): Promise<undefined> {
    const error = toAppError(thrown);
    if (error.code === 'cancelled') throw error;
    await this.#close();
  }

  /** Runs tasks in turn. What is asked never waits for a test that nobody asked for: that is broken off, and begun again in a while. */
  async during<T>(task: () => Promise<T>): Promise<T> {
    this.#tasks += 1;
    this.#idle?.ask();
    try {
      return await this.#serial.run(task);
    } finally {
      this.#tasks -= 1;
      if (this.#tasks === 0) this.#testRest();
    }
  }

  async dispose(): Promise<void> {
    const runtime = this.#runtime;
    this.#runtime = undefined;
    await runtime?.dispose().catch(() => undefined);
  }

  #testRest(): void {
    const runtime = this.#runtime;
    if (!runtime || !isUnfinished(runtime)) return;
    const stop = (this.#idle = new Stop());
    // What is not known is not trusted, and tested when it is needed.
    this.#whileIdle(runtime, stop).catch(() => undefined);
  }

  async #whileIdle(runtime: Runtime, stop: Stop): Promise<void> {
    await this.#ports.rest(IDLE_MS);
    for (const needs of REST) {
      if (stop.isAsked) return;
      const isOfUse = await this.#examineMore(runtime, needs, stop);
      if (!isOfUse) return void (await this.during(this.#close));
    }
    if (this.#runtime) this.#ports.onDevice?.(toldDevice(this.#runtime.device));
  }

  /** @returns whether the device is of use as it was opened */
  async #examineMore(runtime: Runtime, needs: readonly Ability[], stop?: Stop): Promise<boolean> {
    const device = await runtime.examineMore?.(needs, stop?.asked);
    if (stop?.isAsked) throw new AppError('cancelled', 'The test of the GPU was stopped.');
    // where the test could not be begun while nothing was made, nothing is trusted for that
    if (device && (device.examination || !stop)) this.#runtime = this.#told({ ...runtime, device });
    return device !== undefined;
  }

  #isLost({ lost }: Runtime): Promise<boolean> {
    return Promise.race([
      lost.then(
        () => true,
        () => true,
      ),
      this.#ports.rest(LOSS_IS_HEARD_MS).then(() => false),
    ]);
  }

  #told(runtime: Runtime): Runtime {
    const { memoryBytes } = this.#setup;
    const trial = this.#trial;
    const isLimited = memoryBytes !== undefined && runtime.device.provider === 'webgpu';
    const known = { ...runtime.device };
    delete known.trial;
    return { ...runtime, device: { ...known, ...(isLimited && { memoryBytes }), ...(trial && { trial }) } };
  }
}

const isUnfinished = ({ device, examineMore }: Runtime): boolean =>
  examineMore !== undefined && device.examination?.isUnfinished === true;

/** Bundled models are widened and computed in float32 (open-model-source.ts); what is known of others is their plan. */
function needsOf(models: readonly ModelEntry[]): Ability[] {
  const plans = models.flatMap(({ source, plan = '' }) => (source.kind === 'bundled' ? [] : [plan]));
  if (plans.every((plan) => plan === 'float32')) return [];
  if (plans.every((plan) => plan === 'float32' || plan === 'float16')) return ['halfPrecision'];
  return ['halfPrecision', 'packedMatrices'];
}

/** The device as the page judges by it: what is to be expected of one that was not tested to the end. */
export function toldDevice(device: DeviceReport): DeviceReport {
  const { isUnfinished: isOpenEnded, abilities } = device.examination ?? {};
  if (!isOpenEnded || abilities?.halfPrecision.found !== 'untested') return device;
  return { ...device, halfPrecision: true };
}
