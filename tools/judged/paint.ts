/** The starter as the engine paints it, in Node on ONNX Runtime's own CPU provider: many pictures in a short time. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import manifest from '../../models-manifest.json';
import { parseCatalog } from '../../src/core/catalog';
import { bytesSource } from '../../src/core/formats';
import type { GenerationRequest } from '../../src/core/recipe/request';
import { Engine } from '../../src/engine/engine';
import type { ModelFiles } from '../../src/engine/ports';
import { createNodePorts } from '../../workers/testing/node-ports';
import { createNativeRuntime } from '../lib/native-runtime';

// one thread, so that as many run side by side as there are cores
const createRuntime = () => Promise.resolve(createNativeRuntime(1));

const [starter] = parseCatalog(manifest).models;
const shipped = createNodePorts({ createRuntime });

/** What the pack of a folder has comes from there: its weights are others, its words are the starter's. */
function filesOf(model: Parameters<typeof shipped.createFiles>[0], folder: string): ModelFiles {
  const files = shipped.createFiles(model, '');
  return {
    open(path, onProgress) {
      const own = join(folder, path);
      if (!existsSync(own)) return files.open(path, onProgress);
      return Promise.resolve(bytesSource(path, new Uint8Array(readFileSync(own))));
    },
  };
}

/** The folder of another pack of the starter; without it, the one in the app. */
const folder = process.env['GESSO_JUDGED_PACK'];
const engine = new Engine(
  folder === undefined ? shipped : { ...shipped, createFiles: (model) => filesOf(model, folder) },
);

export type Asked = Pick<GenerationRequest, 'prompt' | 'seed' | 'steps'> & Partial<GenerationRequest>;

export interface Painted {
  /** RGB, row by row. */
  rgb: Uint8Array;
  side: number;
  /** Made by the network, and forecast. */
  calls: number;
  forecast: number;
  denoiseSeconds: number;
}

/** DPM++ 2M, whatever else is not said as the starter likes it. */
export async function paint(asked: Asked): Promise<Painted> {
  const { cfgScale, width, height, schedule } = starter.defaults;
  const usual = { negativePrompt: '', model: starter.id, noise: 'cpu', sampler: 'dpmpp_2m', schedule } as const;
  const request: GenerationRequest = { ...usual, cfgScale, width, height, ...asked };
  const { pixels, timings } = await engine.generate(request, starter, () => undefined);
  const rgb = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) rgb.set(pixels.data.subarray(4 * i, 4 * i + 3), 3 * i);
  const { modelCalls: calls, forecastCalls: forecast = 0, denoiseSeconds } = timings;
  return { rgb, side: width, calls, forecast, denoiseSeconds };
}

// What is imported when it is first used comes now: the runner that reads TypeScript is closed when this module is there.
await paint({ prompt: 'a tree', seed: 1, steps: 12, speed: 'fast' });
