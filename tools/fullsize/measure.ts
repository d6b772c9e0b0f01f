/** What importing and loading a full-size model costs: seconds, CPU seconds and the most memory, each in a process of its own. */
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import * as ort from 'onnxruntime-web';
import { buildUnet, readUnetConfig, timestepWave, type UnetConfig } from '../../src/core/networks';
import {
  DTYPE_PLANS,
  importCheckpoint,
  openWeights,
  shardsOf,
  type DtypePlanId,
  type Pack,
} from '../../src/core/packs';
import { createPhiloxNoise } from '../../src/core/noise/philox';
import { lazyGraph } from '../../src/core/weights';
import type { NamedTensor } from '../../src/engine/ports';
import { createOrtSession, type Ort } from '../../src/platform/gpu/ort-session';
import { packSizes } from './pack-sizes';
import { createFolderPack, openFolderPack } from '../pack/folder-packs';
import { openSources } from '../../src/core/testing/open-sources';
import { makeCheckpoint, type FullSizeModel } from './make-checkpoint';
import { paintFullSize } from './paint';

export const HELP = `node tools/fullsize.mjs <command>     figures of docs/benchmarks.md; each command prints one line of JSON

  make <sd15|sd21|sdxl> <file.safetensors>           random weights in the published single-file layout
  import <file.safetensors> <plan> <folder>          plan: ${Object.keys(DTYPE_PLANS).join(', ')}
  sizes                                              of packs of every family and plan, without making any
  step <folder> <cells>                              loads the U-Net (wasm) and runs it once on cells x cells latents
  paint <sd15|sdxl> [side]                           through the page on lavapipe: imported in 8 bits, one step, no guidance`;

/** @returns what to print */
export async function runFullSize([command, ...args]: string[]): Promise<string> {
  const clock = startClock();
  if (command === 'make') {
    const bytes = await makeCheckpoint(args[0] as FullSizeModel, args[1]);
    return JSON.stringify({ bytes, ...clock() });
  }
  if (command === 'import')
    return JSON.stringify({ ...(await runImport(args[0], args[1] as DtypePlanId, args[2])), ...clock() });
  if (command === 'sizes') return packSizes();
  if (command === 'step') return JSON.stringify(await runStep(args[0], Number(args[1] ?? 16)));
  if (command === 'paint')
    return JSON.stringify({ ...(await paintFullSize(args[0] as FullSizeModel, Number(args[1] ?? 128))), ...clock() });
  return HELP;
}

/** @returns since then: seconds, seconds of all cores, and the most memory that the process has had */
function startClock() {
  const started = performance.now();
  return () => {
    const { user, system } = process.cpuUsage();
    const { maxRSS } = process.resourceUsage();
    return {
      seconds: Number(((performance.now() - started) / 1000).toFixed(1)),
      cpuSeconds: Number(((user + system) / 1e6).toFixed(1)),
      peakMegabytes: Math.round(maxRSS / 1000),
    };
  };
}

async function runImport(path: string, plan: DtypePlanId, folder: string) {
  const { sources, dispose } = await openSources(path);
  const draft = await createFolderPack(folder);
  const name = basename(path);
  const pack = await importCheckpoint({ sources, id: name, name, plan, draft, onProgress: () => undefined });
  await dispose();
  return { plan, sourceBytes: (await stat(path)).size, ...sizes(pack) };
}

function sizes({ components }: Pack) {
  const bytes = Object.fromEntries(
    Object.entries(components).map(([id, { shards }]) => [
      id,
      shards.reduce((sum, { byteLength }) => sum + byteLength, 0),
    ]),
  );
  const shards = shardsOf({ components });
  return {
    packBytes: shards.reduce((sum, { byteLength }) => sum + byteLength, 0),
    shards: shards.length,
    largestShard: Math.max(...shards.map(({ byteLength }) => byteLength)),
    bytes,
  };
}

async function runStep(folder: string, cells: number) {
  const pack = await openFolderPack(folder);
  const clock = startClock();
  const weights = await openWeights(pack, 'unet');
  const config = readUnetConfig('config.json', weights.config);
  const form = { target: 'portable', activations: 'float32', storedForm: weights.storedForm } as const;
  const lazy = lazyGraph(buildUnet(config, form), weights.read);
  const session = await createOrtSession(ort as unknown as Ort, ['wasm'], lazy);
  const load = clock();
  const stepClock = startClock();
  const { out_sample: out } = await session.run(unetInputs(config, cells));
  const { seconds } = stepClock();
  await session.dispose();
  pack.dispose();
  const bytes = lazy.weightBytes;
  const size = Math.sqrt(out.reduce((sum, value) => sum + value * value, 0) / out.length);
  return {
    plan: pack.pack.plan,
    load: { ...load, bytes, megabytesPerSecond: Math.round(bytes / 1e6 / load.seconds) },
    step: { seconds, cells },
    output: { values: out.length, isFinite: out.every(Number.isFinite), rootMeanSquare: Number(size.toFixed(4)) },
    peakMegabytes: clock().peakMegabytes,
  };
}

function unetInputs(config: UnetConfig, cells: number): Record<string, NamedTensor> {
  const noise = createPhiloxNoise(2);
  const normal = (...dims: number[]): NamedTensor => ({
    data: noise.next(dims.reduce((product, n) => product * n, 1)),
    dims,
  });
  return {
    sample: normal(1, config.inChannels, cells, cells),
    timestep_wave: { data: timestepWave(500, config), dims: [1, config.levels[0].channels] },
    encoder_hidden_states: normal(1, 77, config.contextWidth),
    ...(config.addedCondition ? { added_condition: normal(1, config.addedCondition.width) } : {}),
  };
}
