/** The U-Net of Stable Diffusion 1.5 as peers run it: exported by torch.onnx in float16, random weights made while it is loaded. */
import {
  componentFlops,
  createRandomWeights,
  familyConfigs,
  type BenchRow,
  type CallShape,
  type TimeBudget,
} from '../../../src/core/bench';
import { toAppError } from '../../../src/core/errors';
import { elementCount, tensor } from '../../../src/core/graph';
import { floatToHalf } from '../../../src/core/math/half';
import { createPhiloxNoise } from '../../../src/core/noise/philox';
import type { LazyFile, LazyGraph } from '../../../src/core/weights';
import { timeCalls, type TimeCallsOptions } from '../../../src/engine/bench/time-calls';
import type { RawTensor, Runtime } from '../../../src/engine/ports';

interface Places {
  /** Versions and how it was exported. */
  note: string;
  weights: { name: string; shape: number[]; location: string; offset: number }[];
}

export interface PeerOptions extends TimeCallsOptions {
  isQuick: boolean;
  calls: readonly CallShape[];
  budget: TimeBudget;
  read(path: string): Promise<Uint8Array<ArrayBuffer>>;
  onRow(row: BenchRow): void;
}

/** Bytes of its weights, once loaded: of the full-size one 859,520,964 halves. */
export const PEER_BYTES = 1.72e9;

export async function timePeer(runtime: Pick<Runtime, 'createSession'>, o: PeerOptions): Promise<void> {
  const configs = familyConfigs('sd15', o.isQuick);
  const [first] = o.calls;
  const row = (call: CallShape): BenchRow => ({
    model: 'Stable Diffusion 1.5, random weights',
    component: 'unet',
    weights: 'torch.onnx',
    activations: 'float16',
    subgroups: true,
    ...call,
  });
  try {
    const graph = await openPeer(o.isQuick ? 'unet-narrow' : 'unet', o.read);
    const start = o.now();
    const session = await runtime.createSession(graph);
    const load = { loadSeconds: (o.now() - start) / 1000, loadBytes: graph.weightBytes };
    o.budget.noteLoad(load.loadBytes, load.loadSeconds);
    try {
      for (const call of o.calls) {
        const flops = componentFlops('unet', configs, call).total;
        let isFinite = true;
        const inputs = peerInputs(call, configs.unet?.sizes.denoiser?.contextWidth ?? 0);
        const times = await timeCalls(async () => {
          for (const values of Object.values(await session.run(inputs))) isFinite &&= values.every(Number.isFinite);
        }, o);
        o.budget.noteCalls(flops, times.ms, times.firstMs);
        const note = isFinite ? {} : { note: 'its numbers are not all finite' };
        o.onRow({ ...row(call), ...(call === first ? load : {}), ...times, ...note, tflop: flops / 1e12 });
      }
    } finally {
      await session.dispose();
    }
  } catch (thrown) {
    o.onRow({ ...row(first), failure: toAppError(thrown).message });
  }
}

async function openPeer(name: string, read: PeerOptions['read']): Promise<LazyGraph> {
  const onnx = await read(`peer/${name}.onnx`);
  const { weights } = JSON.parse(new TextDecoder().decode(await read(`peer/${name}-weights.json`))) as Places;
  const make = createRandomWeights();
  const files = new Map<string, LazyFile & { ranges: Map<number, Places['weights'][number]> }>();
  for (const place of weights) {
    const { location, offset, shape } = place;
    const ranges = files.get(location)?.ranges ?? new Map<number, Places['weights'][number]>();
    ranges.set(offset, place);
    const byteLength = offset + 2 * elementCount(shape);
    const readRange = (start: number): Uint8Array<ArrayBuffer> => {
      const found = ranges.get(start);
      if (!found) throw new RangeError(`${location}: no weight begins at ${start}`);
      return make({
        value: { name: found.name, type: 'float16', dims: found.shape },
        expr: tensor(found.name, ...checkpointShape(found)),
        part: 'values',
      });
    };
    files.set(location, { location, byteLength, read: readRange, ranges });
  }
  const weightBytes = weights.reduce((sum, { shape }) => sum + 2 * elementCount(shape), 0);
  return { onnx, lazyFiles: [...files.values()], weightBytes };
}

/** The exporter turns matrices around, and calls them by numbers. */
function checkpointShape({ name, shape }: { name: string; shape: readonly number[] }): readonly number[] {
  return shape.length === 2 && /^onnx::/.test(name) ? [shape[1], shape[0]] : shape;
}

const TOKENS = 77;

function peerInputs({ width, height, batch }: CallShape, contextWidth: number): Record<string, RawTensor> {
  const noise = createPhiloxNoise(3);
  const normal = (...dims: number[]): RawTensor => ({
    data: floatToHalf(new Float32Array(noise.next(elementCount(dims)))),
    dims,
  });
  return {
    sample: normal(batch, 4, height / 8, width / 8),
    timestep: { data: floatToHalf(Float32Array.of(500)), dims: [1] },
    encoder_hidden_states: normal(batch, TOKENS, contextWidth),
  };
}
