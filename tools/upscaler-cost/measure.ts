/** Seconds a megapixel of each upscaler in its published sizes, of random weights, beside a call of SD 1.5's U-Net in the same run. */
import { componentFlops, createRandomWeights, familyConfigs } from '../../src/core/bench';
import { countFlops } from '../../src/core/bench/count-flops';
import { openNetwork } from '../../src/core/networks';
import type { ComponentId } from '../../src/core/networks/components';
import { lazyGraph } from '../../src/core/weights';
import { callInputs } from '../../src/engine/bench/call-inputs';
import { createRandomSource } from '../../src/engine/bench/random-source';
import type { NamedTensor, Runtime } from '../../src/engine/ports';

export interface UpscalerQuestion {
  /** Side of the patch that each is given, in pixels. */
  side: number;
  /** Calls of each, in turn with all others. */
  rounds: number;
  /** Side of the picture whose latent the U-Net is given; 0 leaves it out. */
  unetSide: number;
  /** Ids of SUBJECTS; all where nothing is said. */
  only?: readonly string[];
}

/** What is published under these names, by its sizes; speed does not depend on the weights. */
export const SUBJECTS: Readonly<Record<string, { name: string; component: ComponentId; config: object }>> = {
  compact16: {
    name: 'realesr-animevideov3 x4 (Compact, 16 convolutions; the one in the app)',
    component: 'compact_upscaler',
    config: { features: 64, convolutions: 16, scale: 4 },
  },
  compact32: {
    name: 'realesr-general-x4v3 (Compact, 32 convolutions)',
    component: 'compact_upscaler',
    config: { features: 64, convolutions: 32, scale: 4 },
  },
  span: {
    name: 'NomosUni span x4 (SPAN, 48 channels)',
    component: 'span_upscaler',
    config: { features: 48, scale: 4, normalises: true },
  },
  omnisr: {
    name: 'OmniSR x4',
    component: 'omnisr_upscaler',
    config: { features: 64, groups: 5, blocks: 1, window: 8, scale: 4, hasPositions: true },
  },
  rrdb6: {
    name: 'RealESRGAN x4plus anime 6B (RRDBNet, 6 blocks)',
    component: 'rrdb_upscaler',
    config: { features: 64, growth: 32, blocks: 6, upsamplings: 2, unshuffle: 1 },
  },
  rrdb23x2: {
    name: 'RealESRGAN x2plus (RRDBNet, 23 blocks)',
    component: 'rrdb_upscaler',
    config: { features: 64, growth: 32, blocks: 23, upsamplings: 2, unshuffle: 2 },
  },
  rrdb23: {
    name: 'RealESRGAN x4plus, most community files (RRDBNet, 23 blocks)',
    component: 'rrdb_upscaler',
    config: { features: 64, growth: 32, blocks: 23, upsamplings: 2, unshuffle: 1 },
  },
};

interface Subject {
  name: string;
  /** Pixels of the picture that a call makes, or works on. */
  pixels: number;
  /** Multiply-adds of a call. */
  products: number;
  /** A call once all is compiled. */
  run(): Promise<void>;
  dispose(): Promise<void>;
}

/** @param cpuMs  of all processes that compute, since any moment @returns lines of a table */
export async function* measureUpscalers(
  { side, rounds, unetSide, only }: UpscalerQuestion,
  { runtime, cpuMs }: { runtime: Runtime; cpuMs: () => number | Promise<number> },
): AsyncGenerator<string> {
  const ids = Object.keys(SUBJECTS).filter((id) => only === undefined || only.includes(id));
  const subjects: Subject[] = [];
  for (const id of ids) subjects.push(await upscaler(id, side, runtime));
  if (unetSide > 0) subjects.push(await unet(unetSide, runtime));
  const walls = subjects.map((): number[] => []);
  const cpus = subjects.map((): number[] => []);
  for (const subject of subjects) await subject.run(); // compiles, and makes room
  for (let round = 0; round < rounds; round++)
    for (const [i, subject] of subjects.entries()) {
      const [cpu, wall] = [await cpuMs(), performance.now()];
      await subject.run();
      walls[i].push(performance.now() - wall);
      cpus[i].push((await cpuMs()) - cpu);
    }
  const { halfPrecision = false, adapter } = runtime.device;
  yield `patches of ${side} × ${side} pixels, ${halfPrecision ? 'float16' : 'float32'}, on ${adapter}, medians of ${rounds}`;
  yield '| network | 10⁹ multiply-adds a call | seconds a call | seconds a megapixel | CPU seconds a megapixel | megapixels |';
  yield `${'| --- '.repeat(6)}|`;
  for (const [i, { name, pixels, products }] of subjects.entries()) {
    const [wall, cpu] = [walls[i], cpus[i]].map((all) => median(all) / 1000);
    const each = (seconds: number): string => (seconds / (pixels / 1e6)).toPrecision(3);
    const called = [(products / 1e9).toFixed(1), wall.toPrecision(3), each(wall), each(cpu)];
    yield `| ${name} | ${called.join(' | ')} | ${(pixels / 1e6).toFixed(3)} |`;
  }
  for (const subject of subjects) await subject.dispose();
}

async function upscaler(id: string, side: number, runtime: Runtime): Promise<Subject> {
  const { name, component, config } = SUBJECTS[id];
  const network = openNetwork(component, { file: id, config });
  const { scale = 1, multiple = 1 } = network.sizes.upscaler ?? {};
  const activations = runtime.device.halfPrecision ? 'float16' : 'float32';
  const graph = network.build({ target: runtime.target, activations });
  const session = await runtime.createSession(lazyGraph(graph, createRandomWeights()));
  const image: NamedTensor = {
    data: Float32Array.from({ length: 3 * side * side }, (_, i) => ((i * 7919) % 256) / 255),
    dims: [1, 3, side, side],
  };
  const bindings = { batch: 1, height: side / multiple, width: side / multiple };
  const flops = countFlops(network.build('portable'), bindings);
  return {
    name,
    pixels: (side * scale) ** 2,
    products: flops.total / 2,
    run: async () => void (await session.run({ image })),
    dispose: () => session.dispose(),
  };
}

/** A step with guidance: two latents in one call, matrices packed in 8 bits. */
async function unet(side: number, runtime: Runtime): Promise<Subject> {
  const activations = runtime.device.halfPrecision ? 'float16' : 'float32';
  const configs = familyConfigs('sd15');
  const source = createRandomSource({ configs, plan: 'q8', activations, runtime });
  const shape = { width: side, height: side, batch: 2 } as const;
  const inputs = callInputs('unet', source.traits, shape);
  const { session } = await source.open('unet', {});
  return {
    name: `a step of SD 1.5’s U-Net with guidance, ${side} × ${side}`,
    pixels: side ** 2,
    products: componentFlops('unet', configs, shape).total / 2,
    run: async () => void (await session.run(inputs)),
    dispose: () => session.dispose(),
  };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
