/** The benchmark of the page: products of matrices, the starter, and a big model, in a minute or two. */
import {
  BENCH_COMPONENTS,
  BENCH_FAMILIES,
  componentFlops,
  familyConfigs,
  TimeBudget,
  type BenchComponent,
  type BenchReport,
  type BenchRow,
  type CallShape,
  type PeakRow,
} from '../../core/bench';
import type { ModelEntry } from '../../core/catalog';
import { USUAL_MEASURED } from '../../core/families/configs/measured';
import type { BenchProgress, BenchSetup } from '../bench-api';
import type { ModelSource } from '../models/model-source';
import { openModelSource } from '../models/open-model-source';
import type { Ports, Runtime } from '../ports';
import { measureOrtMatmul } from './ort-matmul';
import { createRandomSource } from './random-source';
import { timeComponent } from './time-component';

export interface BenchPorts extends Ports {
  /** Products of matrices by kernels of our own, on a device that is closed again. */
  measurePeaks(): Promise<PeakRow[]>;
  /** The present time, ISO 8601. */
  date(): string;
  /** Version of ONNX Runtime. */
  runtimeVersion(): Promise<string>;
}

/** What does not fit into these seconds is left out. */
const SECONDS = 120;
const FAMILY = USUAL_MEASURED;
const PLAN = 'q8';

/** Sides that a GPU is busy with, and that a CPU ends within a second. */
const MATMUL = { webgpu: { side: 2048, products: 8 }, wasm: { side: 512, products: 2 } } as const;

interface Step {
  text: string;
  run(): Promise<void>;
}

export async function runBench(
  setup: BenchSetup,
  ports: BenchPorts,
  onProgress: (progress: BenchProgress) => void,
): Promise<BenchReport> {
  const start = ports.now();
  const runtime = await ports.createRuntime(setup.provider);
  try {
    const bench = new Bench(setup, ports, runtime, await emptyReport(setup, ports, runtime));
    const steps = bench.steps();
    for (const [done, { text, run }] of steps.entries()) {
      onProgress({ text, done, total: steps.length, report: bench.report });
      await ports.breathe();
      await run();
    }
    return { ...bench.report, seconds: (ports.now() - start) / 1000 };
  } finally {
    await runtime.dispose();
  }
}

class Bench {
  readonly report: BenchReport;
  readonly #setup: BenchSetup;
  readonly #ports: BenchPorts;
  readonly #runtime: Runtime;
  readonly #budget: TimeBudget;

  constructor(setup: BenchSetup, ports: BenchPorts, runtime: Runtime, report: BenchReport) {
    this.#setup = setup;
    this.#ports = ports;
    this.#runtime = runtime;
    this.report = report;
    this.#budget = new TimeBudget(SECONDS, ports.now);
  }

  steps(): Step[] {
    const { starter, big } = this.#setup;
    const isGpu = this.#runtime.device.provider === 'webgpu';
    return [
      ...(isGpu ? [{ text: 'Products of matrices', run: () => this.#peaks() }] : []),
      { text: 'Products of matrices, by ONNX Runtime', run: () => this.#runtimePeak() },
      { text: starter.name, run: () => this.#stored(starter) },
      ...(big.kind === 'stored' ? [{ text: big.entry.name, run: () => this.#stored(big.entry) }] : []),
      ...(big.kind === 'random' ? [{ text: 'Stable Diffusion 1.5 of random numbers', run: () => this.#random() }] : []),
    ];
  }

  async #peaks(): Promise<void> {
    this.report.peaks.push(...(await this.#ports.measurePeaks()));
  }

  async #runtimePeak(): Promise<void> {
    const { provider, halfPrecision } = this.#runtime.device;
    const activations = halfPrecision ? 'float16' : 'float32';
    const options = { now: this.#ports.now, activations, ...MATMUL[provider] } as const;
    this.report.peaks.push(await measureOrtMatmul(this.#runtime, options));
  }

  async #stored(entry: ModelEntry): Promise<void> {
    const { baseUrl } = this.#setup;
    const parts = { entry, baseUrl, runtime: this.#runtime, ports: this.#ports, onProgress: () => undefined };
    const source = await openModelSource(parts);
    const { width, height } = entry.defaults;
    const weights = source.isWidened ? source.activations : source.plan;
    const size = { width, height };
    for (const { component } of source.traits.texts)
      await this.#component(source, { model: entry.name, component, weights, calls: [{ ...size, batch: 1 }] });
    const { denoiser, decoder } = source.traits.parts;
    const calls = [2, 1].map((batch) => ({ ...size, batch }));
    await this.#component(source, { model: entry.name, component: denoiser, weights, calls });
    await this.#component(source, { model: entry.name, component: decoder, weights, calls: [calls[1]] });
  }

  /** The U-Net alone: it is what a picture takes its time for. */
  async #random(): Promise<void> {
    const activations = this.#runtime.device.halfPrecision ? 'float16' : 'float32';
    const configs = familyConfigs(FAMILY);
    const source = createRandomSource({ configs, plan: PLAN, activations, runtime: this.#runtime });
    const model = `${BENCH_FAMILIES[FAMILY]}, random weights`;
    const calls = [2, 1].map((batch) => ({ width: 512, height: 512, batch }));
    await this.#component(source, { model, component: source.traits.parts.denoiser, weights: PLAN, calls });
  }

  async #component(
    source: ModelSource,
    o: { model: string; component: BenchComponent; weights: string; calls: readonly CallShape[] },
  ): Promise<void> {
    const configs = source.networks;
    const flops = configs ? o.calls.map((call) => componentFlops(o.component, configs, call).total) : [];
    const cost = { loadBytes: source.loadedBytes(o.component), flops };
    if (!this.#budget.fits(cost)) {
      const seconds = this.#budget.estimate(cost).toFixed(0);
      this.report.skipped.push(
        `${o.model}, ${BENCH_COMPONENTS[o.component]}: it would take about ${seconds} s, for which there was no time left.`,
      );
      return;
    }
    await timeComponent(source, {
      ...o,
      ...(configs && { configs }),
      ...(this.#runtime.memory && { memory: this.#runtime.memory }),
      now: this.#ports.now,
      enoughMs: 1000,
      beforeCall: () => this.#ports.breathe(),
      budget: this.#budget,
      onRow: (row: BenchRow) => this.report.rows.push(row),
    });
  }
}

async function emptyReport(setup: BenchSetup, ports: BenchPorts, runtime: Runtime): Promise<BenchReport> {
  const { device } = runtime;
  return {
    program: setup.program,
    repeat: setup.repeat,
    startedAt: ports.date(),
    seconds: 0,
    device: {
      adapter: device.adapter,
      provider: device.provider,
      host: setup.host,
      runtime: await ports.runtimeVersion(),
    },
    peaks: [],
    rows: [],
    skipped: device.fallbackReason === undefined ? [] : [`The GPU: ${device.fallbackReason}`],
  };
}
