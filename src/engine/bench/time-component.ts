/** One component of a model, opened and called at several sizes. */
import {
  componentFlops,
  type BenchComponent,
  type BenchConfigs,
  type BenchRow,
  type CallShape,
  type TimeBudget,
} from '../../core/bench';
import { toAppError } from '../../core/errors';
import type { ModelSource, OpenedComponent } from '../model-source';
import type { Session } from '../ports';
import { callInputs } from './call-inputs';
import { timeCalls, type TimeCallsOptions } from './time-calls';

export interface TimeComponentOptions extends TimeCallsOptions {
  /** As the report calls it. */
  model: string;
  component: BenchComponent;
  /** As the report calls the form of its weights. */
  weights: string;
  subgroups?: boolean;
  /** Neighbours of one size share a session. */
  calls: readonly CallShape[];
  /** Of our own graphs: to count their arithmetic. */
  configs?: BenchConfigs;
  /** Is told what was measured. */
  budget?: TimeBudget;
  onRow(row: BenchRow): void;
}

/** A row for each call; what fails ends the component with a row that says so. @throws AppError 'cancelled' alone */
export async function timeComponent(source: ModelSource, o: TimeComponentOptions): Promise<void> {
  const { model, component, weights, subgroups, budget, onRow } = o;
  const opened = new Sessions(source, o);
  for (const call of o.calls) {
    const row: BenchRow = {
      model,
      component,
      weights,
      activations: source.activations,
      ...(subgroups === undefined ? {} : { subgroups }),
      ...call,
    };
    const flops = o.configs && componentFlops(component, o.configs, call).total;
    try {
      await o.beforeCall?.();
      const { session, ...load } = await opened.for(call);
      if (load.loadSeconds !== undefined) budget?.noteLoad(load.loadBytes, load.loadSeconds);
      const { note, ...times } = await timeSession(session, callInputs(component, source.traits, call), o);
      if (flops !== undefined) budget?.noteCalls(flops, times.ms, times.firstMs);
      onRow({ ...row, ...load, ...times, ...(note && { note }), ...(flops !== undefined && { tflop: flops / 1e12 }) });
    } catch (thrown) {
      await opened.dispose();
      const error = toAppError(thrown);
      if (error.code === 'cancelled') throw error;
      onRow({ ...row, failure: error.message });
      return;
    }
  }
  await opened.dispose();
}

async function timeSession(session: Session, inputs: Parameters<Session['run']>[0], o: TimeCallsOptions) {
  let isFinite = true;
  const times = await timeCalls(async () => {
    for (const values of Object.values(await session.run(inputs))) isFinite &&= values.every(Number.isFinite);
  }, o);
  return { ...times, ...(isFinite ? {} : { note: 'its numbers are not all finite' }) };
}

/** The session of the size that was asked for last. */
class Sessions {
  readonly #source: ModelSource;
  readonly #o: TimeComponentOptions;
  #size = '';
  #opened: OpenedComponent | undefined;

  constructor(source: ModelSource, options: TimeComponentOptions) {
    this.#source = source;
    this.#o = options;
  }

  async for({ width, height }: CallShape) {
    const { component, now } = this.#o;
    const { latentFactor } = this.#source.traits;
    const latent = { width: width / latentFactor, height: height / latentFactor };
    const size = component.startsWith('text') ? 'texts' : `${width} ${height}`;
    if (this.#opened && size === this.#size) return { session: this.#opened.session };
    await this.dispose();
    const start = now();
    this.#opened = await this.#source.open(component, { latent });
    this.#size = size;
    const { session, bytes } = this.#opened;
    return { session, loadSeconds: (now() - start) / 1000, loadBytes: bytes };
  }

  async dispose(): Promise<void> {
    const opened = this.#opened;
    this.#opened = undefined;
    await opened?.session.dispose();
  }
}
