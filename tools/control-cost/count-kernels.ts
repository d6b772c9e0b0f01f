/** How many kernels a call of each is, in the published sizes, on the GPU that computes nothing (tools/memory/fake-gpu.ts). */
import type { BuiltGraph, GraphForm } from '../../src/core/graph';
import type { BuildOptions } from '../../src/core/networks/network';
import type { ComponentId } from '../../src/core/networks/components';
import { createGpuRuntime } from '../../src/platform/gpu/gpu-runtime';
import type { OrtModule } from '../../src/platform/gpu/ort-module';
import type { Ort } from '../../src/platform/gpu/ort-session';
import { countDispatches } from '../kernels/count-dispatches';
import { countGraph } from '../kernels/kernel-cases';
import { createFakeGpu, installFakeGpu } from '../memory/fake-gpu';
import { loraOnBase } from './control-lora';
import { CONTROL_NETS, opened, T2I_ADAPTERS, unetOf, type CostFamily } from './networks';

const CELL = 8;
const CELLS = 64;

type Case = (family: CostFamily) => BuiltGraph | undefined;

const form: GraphForm = { target: 'webgpu', activations: 'float16' };

function build(component: ComponentId, config: object | undefined, options?: BuildOptions): BuiltGraph | undefined {
  return config && opened(component, config).build(form, options);
}

const netOf = (family: CostFamily, name: string): object | undefined =>
  (CONTROL_NETS[family] as Record<string, object | undefined>)[name];

const divisors = (family: CostFamily): number[] =>
  (opened('t2i_adapter', T2I_ADAPTERS[family]).sizes.features?.factors ?? []).map((factor) => factor / CELL);

function controlLora(family: CostFamily): BuiltGraph {
  const whole = opened('control_step', CONTROL_NETS[family].ControlNet);
  return whole.build({ ...form, branches: loraOnBase(whole).branches }, { isNative: true });
}

const CASES: Readonly<Record<string, Case>> = {
  'U-Net alone': (family) => unetOf(family).build(form),
  'U-Net that takes residuals': (family) => unetOf(family).build(form, { control: { residuals: 'native' } }),
  'U-Net that takes features (T2I-Adapter)': (family) =>
    unetOf(family).build(form, { control: { features: divisors(family) } }),
  'U-Net that reads a picture (IP-Adapter)': (family) => unetOf(family).build(form, { control: { images: 1 } }),
  ControlNet: (family) => build('control_step', netOf(family, 'ControlNet'), { isNative: true }),
  'ControlNet that adds to another’s': (family) =>
    build('control_step', netOf(family, 'ControlNet'), { isNative: true, addsUp: true }),
  mid: (family) => build('control_step', netOf(family, 'mid'), { isNative: true }),
  small: (family) => build('control_step', netOf(family, 'small'), { isNative: true }),
  'Control-LoRA of rank 128': controlLora,
  'the hint, once': (family) => build('control_hint', netOf(family, 'ControlNet')),
  'T2I-Adapter, once': (family) => build('t2i_adapter', T2I_ADAPTERS[family], { latentFactor: CELL }),
};

export const KERNEL_CASES = Object.keys(CASES);

/** @param what  "sd15/ControlNet" @returns kernels of a call; a dash where the family has none */
export async function countKernelsOf(what: string, importOrt: () => Promise<Ort>): Promise<number | string> {
  const [family, name] = what.split('/');
  const graph = CASES[name](family as CostFamily);
  if (!graph) return '–';
  const { device } = createFakeGpu();
  installFakeGpu(device);
  const counter = countDispatches(device);
  const runtime = createGpuRuntime((await importOrt()) as OrtModule, device, 'counts');
  const counts = await countGraph(graph, CELLS, { counter, createSession: (one) => runtime.createSession(one) });
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}
