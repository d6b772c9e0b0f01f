/** What each network is beside a step of the U-Net, in its published size: multiply-adds of a call, counted from the graphs, and parameters. */
import { countFlops } from '../../src/core/bench';
import { elementCount, exprTensors, type BuiltGraph } from '../../src/core/graph';
import type { BuildOptions } from '../../src/core/networks/network';
import type { ComponentId } from '../../src/core/networks/components';
import { loraOnBase } from './control-lora';
import { CONTROL_NETS, imagePrompts, opened, T2I_ADAPTERS, unetOf, VISION_TOWER, type CostFamily } from './networks';

interface Computed {
  name: string;
  graph: BuiltGraph;
  /** It runs once for a picture, and not in each step. */
  once: boolean;
  /** Rows of a call with guidance. */
  rows: 1 | 2;
}

const CELL = 8;
const SIDES = [512, 1024];

/** @returns lines of two tables: SD 1.5's and SDXL's networks at 512 and 1024 pixels */
export function* computedCost(): Generator<string> {
  for (const family of ['sd15', 'sdxl'] as const) {
    yield '';
    yield `| ${family}, 10⁹ multiply-adds of a call, batch 2 | parameters, millions | ${SIDES.map((side) => `${side} pixels | of the U-Net's`).join(' | ')} |`;
    yield `| --- | --- |${' --- |'.repeat(2 * SIDES.length)}`;
    const all = networksOf(family);
    const macs = (one: Computed, side: number): number =>
      countFlops(one.graph, {
        batch: one.rows,
        tokens: 77,
        height: side / CELL,
        width: side / CELL,
        image_tokens_0: TOKENS,
        parts: PARTS,
      }).total / 2e9;
    const [unet] = all;
    for (const one of all) {
      const figures = SIDES.map((side) => {
        const [own, whole] = [macs(one, side), macs(unet, side)];
        // what the U-Net's own form for it adds to it
        const share = one.graph.name === unet.graph.name && one !== unet ? own - whole : own;
        return `${share.toFixed(1)} | ${((100 * share) / whole).toFixed(1)} %`;
      });
      const what = `${one.name}${one.once ? ', once' : ''}`;
      yield `| ${what} | ${(parameters(one.graph) / 1e6).toFixed(1)} | ${figures.join(' | ')} |`;
    }
  }
}

/** What an IP-Adapter plus makes of a picture. */
const TOKENS = 16;
/** What the tower tells of a picture. */
const PARTS = 257;

function networksOf(family: CostFamily): Computed[] {
  const unet = unetOf(family);
  const build = (component: ComponentId, config: object, options?: BuildOptions): BuiltGraph =>
    opened(component, config).build('portable', options);
  const step = (name: string, graph: BuiltGraph): Computed => ({ name, graph, once: false, rows: 2 });
  const once = (name: string, graph: BuiltGraph): Computed => ({ name, graph, once: true, rows: 1 });
  const nets: [string, object][] = Object.entries(CONTROL_NETS[family]);
  const whole = opened('control_step', CONTROL_NETS[family].ControlNet);
  const { branches } = loraOnBase(whole);
  const layers = unet.sizes.denoiser?.encoder?.crossLayers ?? [];
  return [
    step('U-Net', unet.build('portable')),
    ...nets.map(([name, config]) => step(name, build('control_step', config))),
    step('Control-LoRA of rank 128', whole.build({ target: 'portable', activations: 'float32', branches })),
    step('IP-Adapter plus, in the U-Net', unet.build('portable', { control: { images: 1 } })),
    ...nets.slice(0, 2).map(([name, config]) => once(`${name}: the hint`, build('control_hint', config))),
    once('T2I-Adapter', build('t2i_adapter', T2I_ADAPTERS[family], { latentFactor: CELL })),
    once('CLIP ViT-H', build('clip_vision', VISION_TOWER)),
    ...Object.entries(imagePrompts(family, layers)).map(([name, config]) =>
      once(`${name}: keys and values`, build('image_prompt_adapter', config)),
    ),
  ];
}

function parameters({ weights }: BuiltGraph): number {
  const tensors = new Map(exprTensors(weights.map(({ expr }) => expr)).map(({ name, shape }) => [name, shape]));
  return [...tensors.values()].reduce((sum, shape) => sum + elementCount([...shape]), 0);
}
