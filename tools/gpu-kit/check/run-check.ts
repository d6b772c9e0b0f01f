/** Runs the check, step by step, until all is measured or the time is over; goes on where a process before it has ended. */
import {
  BENCH_FAMILIES,
  componentFlops,
  familyConfigs,
  TimeBudget,
  type BenchReport,
  type BenchRow,
  type Cost,
} from '../../../src/core/bench';
import { toAppError } from '../../../src/core/errors';
import { MAX_RELATIVE_ERROR, MAX_RELATIVE_ERROR_HALF, parityError } from '../../../src/core/networks/testing/parity';
import { PARITY_CASES } from '../../../src/core/networks/testing/cases';
import { measureOrtMatmul } from '../../../src/engine/bench/ort-matmul';
import { createRandomSource } from '../../../src/engine/bench/random-source';
import { timeComponent } from '../../../src/engine/bench/time-component';
import { measureMatmulPeaks } from '../../../src/platform/gpu/matmul-peak';
import { SELF_TEST_GROUPS } from '../../../src/platform/gpu/self-test/groups';
import { groupsFor } from '../../../src/platform/gpu/self-test/judge';
import { runGroups } from '../../../src/platform/gpu/self-test/run-groups';
import type { CheckHost, CheckState } from './check-host';
import { checkPlan, type CheckStep, type NetworkStep, type ParityStep, type SelfTestStep } from './check-plan';
import { networkBytes } from './network-bytes';
import { CheckDevices, describeDevice } from './open-device';
import { paintPictures } from './paint-pictures';
import { PEER_BYTES, timePeer } from './peer-graph';

/** Codes after which the process is left: ONNX Runtime or the device may be broken. */
const FATAL = ['out-of-memory', 'device-lost', 'internal'];
/** Seconds for a step that is not counted in operations. */
const PLAIN_SECONDS = 5;

export async function runCheck(host: CheckHost): Promise<void> {
  const check = new Check(host);
  await check.run();
}

class Check {
  readonly #host: CheckHost;
  readonly #devices = new CheckDevices();
  readonly #budget: TimeBudget;
  #state: CheckState;
  /** Something went wrong that the next step may suffer from. */
  #isBroken = false;

  constructor(host: CheckHost) {
    this.#host = host;
    this.#budget = new TimeBudget(host.secondsLeft(), host.now);
    this.#state = host.state ?? { report: emptyReport(host), done: [] };
  }

  async run(): Promise<void> {
    const { isQuick, takesSoftware, only = '' } = this.#host.options;
    try {
      this.#report.device = await describeDevice(this.#host.name);
    } catch (error) {
      return this.#host.tell({ type: 'unusable', reason: words(error) });
    }
    if (this.#report.device.isSoftware && !takesSoftware)
      return this.#host.tell({ type: 'unusable', reason: `${this.#report.device.adapter} is computed on the CPU.` });
    await this.#nameTheLost();
    for (const step of checkPlan(isQuick).filter(({ id }) => id.includes(only))) {
      if (this.#state.done.includes(step.id)) continue;
      if (this.#isBroken) return this.#host.tell({ type: 'restart' });
      await this.#take(step);
    }
    await this.#host.tell({ type: 'done' });
  }

  get #report(): BenchReport {
    return this.#state.report;
  }

  /** A step that was under way when the process before this one ended. */
  async #nameTheLost(): Promise<void> {
    const { current } = this.#state;
    if (current === undefined) return;
    this.#report.skipped.push(`${current}: it ended the process or did not answer, and was not tried again.`);
    await this.#end(current);
  }

  async #take(step: CheckStep): Promise<void> {
    const cost = this.#cost(step);
    const seconds = cost === undefined ? PLAIN_SECONDS : this.#budget.estimate(cost);
    if (seconds > this.#budget.secondsLeft) {
      const left = Math.max(0, this.#budget.secondsLeft).toFixed(0);
      this.#report.skipped.push(`${step.id}: it would take about ${seconds.toFixed(0)} s and ${left} s were left.`);
      return this.#end(step.id);
    }
    this.#state = { ...this.#state, current: step.id };
    await this.#host.tell({ type: 'state', state: this.#state });
    await this.#host.tell({ type: 'progress', text: step.id });
    try {
      await this.#measure(step);
    } catch (error) {
      this.#note(error);
      this.#report.skipped.push(`${step.id}: ${words(error)}`);
    }
    await this.#end(step.id);
  }

  #end(id: string): Promise<void> {
    this.#report.seconds = this.#host.options.seconds - this.#host.secondsLeft();
    this.#state = { report: this.#report, done: [...this.#state.done, id] };
    return this.#host.tell({ type: 'state', state: this.#state });
  }

  #cost(step: CheckStep): Cost | undefined {
    const { isQuick } = this.#host.options;
    if (step.kind !== 'network' && step.kind !== 'peer') return undefined;
    const family = step.kind === 'peer' ? 'sd15' : step.family;
    const component = step.kind === 'peer' ? 'unet' : step.component;
    const configs = familyConfigs(family, isQuick);
    const loadBytes = step.kind === 'peer' ? PEER_BYTES / (isQuick ? 80 : 1) : networkBytes(step, configs);
    return { loadBytes, flops: step.calls.map((call) => componentFlops(component, configs, call).total) };
  }

  async #measure(step: CheckStep): Promise<void> {
    const { now, read, options } = this.#host;
    switch (step.kind) {
      case 'self-test':
        return this.#selfTest(step);
      case 'peaks': {
        const { device } = await this.#devices.get(true);
        this.#report.peaks.push(...(await measureMatmulPeaks(device, now)));
        return;
      }
      case 'pictures': {
        const rows = (this.#report.pictures ??= []);
        const { read, tell } = this.#host;
        return paintPictures(await this.#devices.get(true), { read, tell, now, onRow: (row) => rows.push(row) });
      }
      case 'runtime-peaks':
        return this.#runtimePeaks();
      case 'parity':
        return this.#parity(step);
      case 'peer': {
        const { runtime } = await this.#devices.get(true);
        const onRow = (row: BenchRow): void => this.#row(row);
        return timePeer(runtime, { now, read, onRow, budget: this.#budget, ...step, isQuick: options.isQuick });
      }
      case 'network':
        return this.#network(step);
    }
  }

  async #selfTest({ subgroups }: SelfTestStep): Promise<void> {
    const { runtime, device } = await this.#devices.get(subgroups);
    const groups = groupsFor({ halfPrecision: device.features.has('shader-f16') });
    const rows = (this.#report.selfTest ??= []);
    const where = subgroups && device.features.has('subgroups') ? 'subgroups' : 'no subgroups';
    await runGroups(runtime, groups, ({ group, operator, error, failure }) => {
      const { activations, limit } = SELF_TEST_GROUPS[group];
      const isGood = error !== undefined && error < limit;
      const result = failure ?? `off by ${(error ?? NaN).toExponential(1)}, allowed ${limit.toExponential(0)}`;
      rows.push({ name: `${operator}, ${activations}, ${where}`, result, isGood });
    });
  }

  async #runtimePeaks(): Promise<void> {
    const { runtime, device } = await this.#devices.get(true);
    const { isQuick } = this.#host.options;
    const size = isQuick ? { side: 256, products: 4 } : { side: 4096, products: 8 };
    const activations = device.features.has('shader-f16') ? 'float16' : 'float32';
    const forms = [
      { activations: 'float32' },
      { activations },
      { activations, packed: 'nbits8' },
      { activations, packed: 'nbits4' },
    ] as const;
    for (const form of forms.slice(activations === 'float32' ? 1 : 0)) {
      const row = await measureOrtMatmul(runtime, { now: this.#host.now, ...size, ...form });
      this.#report.peaks.push(row);
    }
  }

  async #parity({ activations, subgroups }: ParityStep): Promise<void> {
    const { runtime, device } = await this.#devices.get(subgroups);
    if (activations === 'float16' && !device.features.has('shader-f16')) {
      this.#report.skipped.push('Parity in float16: this device has no shader-f16.');
      return;
    }
    if (subgroups && !device.features.has('subgroups')) {
      this.#report.skipped.push('Parity with subgroups: this device has none.');
      return;
    }
    const limit = activations === 'float16' ? MAX_RELATIVE_ERROR_HALF : MAX_RELATIVE_ERROR;
    const rows = (this.#report.parity ??= []);
    for (const name of Object.keys(PARITY_CASES)) {
      await this.#host.tell({ type: 'progress', text: `parity, ${name}, ${activations}` });
      const row = { name, activations, subgroups, limit };
      try {
        const form = { target: runtime.target, activations };
        const read = (path: string) => this.#host.read(`fixtures/${path}`);
        const error = await parityError(name, { form, read, createSession: (graph) => runtime.createSession(graph) });
        rows.push({ ...row, error });
      } catch (thrown) {
        rows.push({ ...row, failure: words(thrown) });
      }
    }
  }

  async #network(step: NetworkStep): Promise<void> {
    const { family, component, plan, subgroups, calls } = step;
    const { now, options } = this.#host;
    const { runtime, device } = await this.#devices.get(subgroups);
    const configs = familyConfigs(family, options.isQuick);
    const activations = device.features.has('shader-f16') ? 'float16' : 'float32';
    const source = createRandomSource({ configs, plan, activations, runtime });
    const beforeCall = (): Promise<void> => Promise.resolve();
    await timeComponent(source, {
      model: `${BENCH_FAMILIES[family]}, random weights`,
      component,
      weights: plan === 'float16' ? activations : plan,
      subgroups: subgroups && device.features.has('subgroups'),
      ...{ calls, configs, now, beforeCall },
      ...(runtime.memory && { memory: runtime.memory }),
      budget: this.#budget,
      onRow: (row) => this.#row(row),
    });
  }

  #row(row: BenchRow): void {
    this.#report.rows.push(row);
    if (row.failure !== undefined) this.#isBroken = true;
  }

  #note(error: unknown): void {
    if (FATAL.includes(toAppError(error).code)) this.#isBroken = true;
  }
}

function emptyReport({ options, name, date }: CheckHost): BenchReport {
  return {
    program: options.program,
    repeat: options.repeat,
    startedAt: date(),
    seconds: 0,
    device: { adapter: '', provider: 'webgpu', host: name, runtime: '' },
    peaks: [],
    rows: [],
    skipped: [],
    ...(options.isQuick && { isQuick: true }),
  };
}

const words = (error: unknown): string => (error instanceof Error ? error.message : String(error));
