/** The starter as the engine paints it, in Node on ONNX Runtime's own CPU provider: many pictures in a short time. */
import * as ort from 'onnxruntime-node';
import manifest from '../../models-manifest.json';
import { parseCatalog } from '../../src/core/catalog';
import type { FilledGraph, LazyGraph } from '../../src/core/weights';
import type { GenerationRequest } from '../../src/core/recipe/request';
import type { Runtime } from '../../src/engine/ports';
import { Engine } from '../../src/engine/engine';
import { createOrtSession, type Ort } from '../../src/platform/gpu/ort-session';
import { createNodePorts } from '../../workers/testing/node-ports';

/** One thread, so that as many run side by side as there are cores. */
class OneThread {
  static readonly create: Ort['InferenceSession']['create'] = (model, options) =>
    ort.InferenceSession.create(model, { ...options, intraOpNumThreads: 1, interOpNumThreads: 1 }) as never;
}

const NATIVE = { InferenceSession: OneThread, Tensor: ort.Tensor } as unknown as Ort;

/** It copies files whole, and cannot be given them weight by weight. */
function whole(graph: FilledGraph | LazyGraph): FilledGraph {
  if ('files' in graph) return graph;
  const files = graph.lazyFiles.map(({ location, byteLength, places = [], read }) => {
    const bytes = new Uint8Array(byteLength);
    for (const { offset, byteLength: length } of places) bytes.set(read(offset, length), offset);
    return { location, bytes };
  });
  return { onnx: graph.onnx, files };
}

const createRuntime = (): Promise<Runtime> =>
  Promise.resolve({
    device: { provider: 'wasm', adapter: 'node, native' },
    target: 'portable',
    lost: new Promise<never>(() => undefined),
    createSession: (graph, options) => createOrtSession(NATIVE, ['cpu'], whole(graph), options),
    dispose: () => Promise.resolve(),
  });

const [starter] = parseCatalog(manifest).models;
const engine = new Engine(createNodePorts({ createRuntime }));

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
