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
import type { ModelSource } from '../models/model-source';
import type { Runtime, Session } from '../ports';
import { callInputs } from './call-inputs';
import { timeCalls, type TimeCallsOptions } from './time-calls';

export interface TimeComponentOptions extends TimeCallsOptions {
  /** Name that the report has for the model. */
  model: string;
  component: BenchComponent;
  /** Name that the report has for the form of its weights. */
  weights: string;
  subgroups?: boolean;
  /** Calls on one session. */
  calls: readonly CallShape[];
  /** Configs of our own graphs, to count their arithmetic. */
  configs?: BenchConfigs;
  /** The runtime's memory, to see how much a call takes. */
  memory?: Runtime['memory'];
  /** Is told what was measured. */
  budget?: TimeBudget;
  onRow(row: BenchRow): void;
}

/** A row for each call; what fails ends the component with a row that says so. @throws AppError 'cancelled' alone */
export async function timeComponent(source: ModelSource, o: TimeComponentOptions): Promise<void> {
  const { model, component, weights, subgroups, budget, onRow, now } = o;
  const { activations } = source;
  const common = { model, component, weights, activations, ...(subgroups === undefined ? {} : { subgroups }) };
  let row: BenchRow = { ...common, ...o.calls[0] };
  let session: Session | undefined;
  try {
    await o.beforeCall?.();
    const start = now();
    const opened = await source.open(component, {});
    session = opened.session;
    const load = { loadSeconds: (now() - start) / 1000, loadBytes: opened.bytes };
    budget?.noteLoad(load.loadBytes, load.loadSeconds);
    for (const call of o.calls) {
      row = { ...common, ...call };
      o.memory?.trim(); // what the shape before left idle is not this one's
      o.memory?.reset();
      const flops = o.configs && componentFlops(component, o.configs, call).total;
      const times = await timeSession(session, callInputs(component, source.traits, call), o);
      if (flops !== undefined) budget?.noteCalls(flops, times.ms, times.firstMs);
      onRow({
        ...row,
        ...(call === o.calls[0] && load),
        ...times,
        ...(flops !== undefined && { tflop: flops / 1e12 }),
        ...(o.memory && { peakBytes: o.memory.read().peakBytes }),
      });
    }
  } catch (thrown) {
    const error = toAppError(thrown);
    if (error.code === 'cancelled') throw error;
    onRow({ ...row, failure: error.message });
  } finally {
    await session?.dispose();
  }
}

async function timeSession(session: Session, inputs: Parameters<Session['run']>[0], o: TimeCallsOptions) {
  let isFinite = true;
  const times = await timeCalls(async () => {
    for (const values of Object.values(await session.run(inputs))) isFinite &&= values.every(Number.isFinite);
  }, o);
  return { ...times, ...(isFinite ? {} : { note: 'its numbers are not all finite' }) };
}
