/**
 * What units add to a step: a U-Net of random weights in its published size, plain and with what steers it, one after another in one run. What runs once for a
 * picture is timed beside it.
 */
import { familyConfigs } from '../../src/core/bench';
import { createRandomWeights } from '../../src/core/bench/random-weights';
import type { GraphForm } from '../../src/core/graph';
import type { BuildOptions, NetworkInputs, OpenNetwork } from '../../src/core/networks/network';
import type { ControlForm } from '../../src/core/networks/control-form';
import type { ComponentId } from '../../src/core/networks/components';
import { residualName } from '../../src/core/networks';
import { DTYPE_PLANS, planRule, type DtypePlanId } from '../../src/core/packs';
import { lazyGraph } from '../../src/core/weights';
import { callInputs } from '../../src/engine/bench/call-inputs';
import { createRandomSource } from '../../src/engine/bench/random-source';
import { seenInputs, sideBySide } from '../../src/engine/models/seen-pictures';
import type { Beside, KeptTensor, NamedTensor, RawSession, Runtime, Session } from '../../src/engine/ports';
import { loraOnBase, PRODUCT } from './control-lora';
import { CONTROL_NETS, imagePrompts, opened, T2I_ADAPTERS, unetOf, VISION_TOWER, type CostFamily } from './networks';

export interface CostQuestion {
  family: CostFamily;
  /** What is changed in the published configs, of all alike. */
  changed?: Readonly<Record<string, unknown>>;
  /** How matrices are stored. */
  plan: DtypePlanId;
  /** Side of the picture, in pixels. */
  side: number;
  /** Rows of a call: 2 with guidance. */
  batch: 1 | 2;
  /** Calls of each. */
  rounds: number;
  /** The U-Net is called once, and not in the form that could take units without one. */
  isBrief?: boolean;
  /** Names of what is measured, of UNITS. */
  units: readonly UnitName[];
}

export const UNITS = [
  'ControlNet',
  'mid',
  'small',
  'Control-LoRA',
  'T2I-Adapter',
  'IP-Adapter',
  'IP-Adapter plus',
] as const;
export type UnitName = (typeof UNITS)[number];

type Run = () => Promise<unknown>;

/** Milliseconds that passed, and of all threads of this process. */
interface Took {
  wall: number;
  cpu: number;
}

const CELL = 8;
/** Pixels, for what is only to be warm. */
const SMALL = 64;

export async function* measureControlCost(question: CostQuestion, runtime: Runtime): AsyncGenerator<string> {
  const bench = new Bench(question, runtime);
  const { family, plan, side, batch, changed = {} } = question;
  const other = Object.entries(changed).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
  yield `${[family, plan, `${side} pixels`, `batch ${batch}`, ...other].join(', ')}, on ${runtime.device.adapter}`;
  yield '| a step of | ms | CPU ms | against the U-Net alone, wall | CPU |';
  yield '| --- | --- | --- | --- | --- |';
  yield await bench.alone('U-Net alone');
  yield* bench.controlNets();
  yield* bench.adapters();
  yield* bench.pictures();
  if (!question.isBrief) yield await bench.alone('U-Net alone, again');
  for (const line of bench.once) yield line;
}

class Bench {
  readonly inputs: Record<string, NamedTensor>;
  /** Lines on what runs once. */
  readonly once: string[] = ['', '| once for a picture | ms | CPU ms |', '| --- | --- | --- |'];
  /** What the U-Net alone took. */
  #first: Took | undefined;
  readonly #asked: CostQuestion;
  readonly #runtime: Runtime;
  readonly #source;

  constructor(asked: CostQuestion, runtime: Runtime) {
    this.#asked = asked;
    this.#runtime = runtime;
    const { family, plan, side, changed } = asked;
    const unet = opened('unet', { ...unetConfig(family), ...changed });
    this.#source = createRandomSource({
      configs: { ...familyConfigs(family), unet },
      plan,
      activations: 'float32',
      runtime,
    });
    this.inputs = this.inputsAt(side);
  }

  inputsAt(side: number): Record<string, NamedTensor> {
    return callInputs('unet', this.#source.traits, { width: side, height: side, batch: this.#asked.batch });
  }

  async unet(control?: ControlForm): Promise<Session> {
    return (await this.#source.open('unet', { ...(control && { control }) })).session;
  }

  /** The first is what all others are compared with. One U-Net is loaded at a time: two would take ten gigabytes and more. */
  async alone(name: string): Promise<string> {
    const plain = await this.unet();
    await plain.run(this.inputsAt(SMALL)); // what runs first is slow
    const row = await this.#row(name, () => plain.run(this.inputs));
    await plain.dispose();
    return row;
  }

  async *controlNets(): AsyncGenerator<string> {
    const { family, changed, units, batch } = this.#asked;
    const nets: Record<string, object> = CONTROL_NETS[family];
    const wanted = units.filter((name) => name === 'Control-LoRA' || name in nets);
    if (wanted.length === 0) return;
    const unet = await this.unet({ residuals: 'native' });
    const count = unetOf(family).sizes.denoiser?.encoder?.residuals ?? 0;
    const withAdded = (residuals: Beside) => unet.run(this.inputs, residuals);
    if (!this.#asked.isBrief)
      yield await this.#row('U-Net that could take units, none acting', () => withAdded(zeros(count, residualName)));
    for (const name of wanted) {
      const isLora = name === 'Control-LoRA';
      const config = { ...(isLora ? nets.ControlNet : nets[name]), ...changed };
      const features = await this.#hint(name, config);
      const inputs = (rows: number) => this.#stepInputs(rows, { count, features, isLora });
      const network = opened('control_step', config);
      const one = await this.#load('control_step', network, { isNative: true }, isLora);
      const made = (rows: number) => keep(one, network.toGraph(inputs(rows)));
      yield await this.#row(`1 unit: ${name}`, async () => withAdded(await made(batch)));
      if (name === 'ControlNet' && batch === 2)
        yield await this.#row('1 unit, for the prompt’s row alone', async () => withAdded(await made(1)));
      await one.dispose();
      if (name !== 'ControlNet') continue;
      const summing = await this.#load('control_step', network, { isNative: true, addsUp: true });
      const before = zeros(count, (k) => `previous_${k}`);
      yield await this.#row('2 units: ControlNet', async () => {
        const first = await keep(summing, network.toGraph(inputs(batch)), before);
        return withAdded(await keep(summing, network.toGraph(inputs(batch)), renamed(first, count)));
      });
      await summing.dispose();
    }
    await unet.dispose();
  }

  async *adapters(): AsyncGenerator<string> {
    const { family, side, units } = this.#asked;
    if (!units.includes('T2I-Adapter')) return;
    const network = opened('t2i_adapter', T2I_ADAPTERS[family]);
    const { channels = [], factors = [] } = network.sizes.features ?? {};
    const session = await this.#load('t2i_adapter', network, { latentFactor: CELL });
    const hint = normal(1, 3, side, side);
    await this.#timeOnce('T2I-Adapter', () => session.run(network.toGraph({ hint })));
    const made = await session.run(network.toGraph({ hint }));
    await session.dispose();
    const features = Object.fromEntries(
      channels.map((n, i) => [
        `feature_${i}`,
        { data: made[`feature_${i}`], dims: [1, n, side / factors[i], side / factors[i]] },
      ]),
    );
    const unet = await this.unet({ features: factors.map((factor) => factor / CELL) });
    yield await this.#row('1 unit: T2I-Adapter', () => unet.run(this.inputs, features));
    await unet.dispose();
  }

  async *pictures(): AsyncGenerator<string> {
    const { family, batch, units } = this.#asked;
    const layers = unetOf(family).sizes.denoiser?.encoder?.crossLayers ?? [];
    const width = layers.reduce((sum, n) => sum + n, 0);
    const wanted = Object.entries(imagePrompts(family, layers)).filter(([name]) => units.includes(name as UnitName));
    if (wanted.length === 0) return;
    const unet = await this.unet({ images: 1 });
    for (const [name, config] of wanted) {
      const tokens = await this.#see(name, config);
      const dims = [batch, tokens, width];
      const pictures = {
        image_keys_0: normal(...dims),
        image_values_0: normal(...dims),
        image_scale_0: { data: new Float32Array(batch).fill(1), dims: [batch, 1, 1] },
      };
      yield await this.#row(`1 unit: ${name}`, () => unet.run({ ...this.inputs, ...pictures }));
    }
    await unet.dispose();
  }

  /** What a tower and an IP-Adapter make of a picture. @returns tokens */
  async #see(name: string, config: object): Promise<number> {
    const adapter = opened('image_prompt_adapter', config);
    const { readsParts = false } = adapter.sizes.imagePrompt ?? {};
    const tower = opened('clip_vision', VISION_TOWER);
    const { width = 0, tokens: parts = 0, projectionWidth = 0, side = 0 } = tower.sizes.vision ?? {};
    const looking = await this.#load('clip_vision', tower, { penultimate: readsParts });
    const pixels = normal(1, 3, side, side);
    await this.#timeOnce(`CLIP ViT-H, for ${name}`, () => looking.run(tower.toGraph({ pixel_values: pixels })));
    await looking.dispose();
    const seen = readsParts ? normal(1, parts, width) : normal(1, projectionWidth);
    const session = await this.#load('image_prompt_adapter', adapter);
    const run = () => session.run(adapter.toGraph(seenInputs(seen, readsParts)));
    await this.#timeOnce(`${name}: keys and values`, run);
    const { layers = [] } = adapter.sizes.imagePrompt ?? {};
    const { keys } = sideBySide(await run(), layers);
    await session.dispose();
    return keys.length / layers.reduce((sum, n) => sum + n, 0);
  }

  /** A hint, encoded. */
  async #hint(name: string, config: object): Promise<Record<string, NamedTensor>> {
    const network = opened('control_hint', config);
    const { side } = this.#asked;
    const session = await this.#load('control_hint', network);
    const run = () => session.run(network.toGraph({ hint: normal(1, 3, side, side) }));
    const outputs = await run();
    if (name === 'ControlNet') await this.#timeOnce('ControlNet: the hint', run);
    await session.dispose();
    const [channels] = network.sizes.control?.levels ?? [];
    return { hint_features: { data: outputs['hint_features'], dims: [1, channels, side / CELL, side / CELL] } };
  }

  #stepInputs(
    rows: number,
    { count, features, isLora }: { count: number; features: Record<string, NamedTensor>; isLora: boolean },
  ): NetworkInputs {
    const { batch } = this.#asked;
    const own = Object.entries(this.inputs).map(
      ([
        name,
        {
          data,
          dims: [n, ...rest],
        },
      ]): [string, NamedTensor] =>
        n === batch
          ? [name, { data: data.slice(0, (data.length / n) * rows), dims: [rows, ...rest] }]
          : [name, { data, dims: [n, ...rest] }],
    );
    return {
      ...Object.fromEntries(own),
      ...features,
      // as many rows as the U-Net has, also where one alone is computed
      control_scale: { data: new Float32Array(batch * count).fill(0.1), dims: [batch, 1, 1, count] },
      ...(isLora && { [PRODUCT]: { data: Float32Array.of(1), dims: [1] } }),
    };
  }

  #load(component: ComponentId, network: OpenNetwork, options: BuildOptions = {}, isLora = false): Promise<RawSession> {
    const { plan } = this.#asked;
    const random = createRandomWeights();
    const lora = isLora ? loraOnBase(network) : undefined;
    const form: GraphForm = {
      target: this.#runtime.target,
      activations: 'float32',
      storedForm: (key, shape, matrix) =>
        lora?.has(matrix) ? undefined : planRule(DTYPE_PLANS[plan], { component, key, shape, isMatrix: true }).form,
    };
    const graph = network.build({ ...form, ...(lora && { branches: lora.branches }) }, options);
    const read = lora ? lora.readWith(random) : random;
    return this.#runtime.createSession(lazyGraph(graph, read), { keepsOutputs: component === 'control_step' });
  }

  async #timeOnce(name: string, run: () => Promise<unknown>): Promise<void> {
    await run();
    const { wall, cpu } = await timed(run);
    this.once.push(`| ${name} | ${wall.toFixed(0)} | ${cpu.toFixed(0)} |`);
  }

  async #row(name: string, run: Run): Promise<string> {
    const all: Took[] = [];
    for (let round = 0; round < this.#asked.rounds; round++) all.push(await timed(run));
    const [wall, cpu] = [median(all.map((one) => one.wall)), median(all.map((one) => one.cpu))];
    const { wall: w, cpu: c } = (this.#first ??= { wall, cpu });
    return `| ${name} | ${wall.toFixed(0)} | ${cpu.toFixed(0)} | ${(wall / w).toFixed(2)} | ${(cpu / c).toFixed(2)} |`;
  }
}

const unetConfig = (family: CostFamily): object => CONTROL_NETS[family].ControlNet;

async function timed(run: () => Promise<unknown>): Promise<Took> {
  const [start, before] = [performance.now(), process.cpuUsage()];
  await run();
  const { user, system } = process.cpuUsage(before);
  return { wall: performance.now() - start, cpu: (user + system) / 1000 };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)];
}

const keep = (session: RawSession, inputs: NetworkInputs, beside: Beside = {}): Promise<Record<string, KeptTensor>> => {
  if (!session.keep) throw new RangeError('it does not keep what it made');
  return session.keep(inputs, beside);
};

const zeros = (count: number, name: (k: number) => string): Beside =>
  Object.fromEntries(
    Array.from({ length: count }, (_, k) => [name(k), { data: new Float32Array(1), dims: [1, 1, 1, 1] }]),
  );

const renamed = (residuals: Readonly<Record<string, KeptTensor>>, count: number): Beside =>
  Object.fromEntries(Array.from({ length: count }, (_, k) => [`previous_${k}`, residuals[residualName(k)]]));

function normal(...dims: number[]): NamedTensor {
  const size = dims.reduce((product, n) => product * n, 1);
  return { data: Float32Array.from({ length: size }, (_, i) => Math.sin(i * 12.9898) * 0.5), dims };
}
