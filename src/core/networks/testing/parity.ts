/** Runs a parity case: builds a graph from a fixture's config, runs it on its inputs, compares with diffusers' output. */
import { Checkpoint } from '../../checkpoints';
import { openControl } from '../../checkpoints/open-control';
import { openUpscaler } from '../../checkpoints/open-upscaler';
import { bytesSource, readSafetensors, type ByteSource } from '../../formats';
import type { Activations, GraphForm, Target } from '../../graph';
import { halfToFloat } from '../../math/half';
import type { FilledGraph } from '../../weights';
import { fillGraph } from '../../weights/testing/fill-graph';
import { relativeError } from '../../weights/testing/numbers';
import { MORE_CASES, PARITY_CASES, type ParityCase, type Tensors } from './cases';

/** Float32 on both sides; the sums run in another order. */
export const MAX_RELATIVE_ERROR = 1e-4;

/** Weights and activations rounded to half precision. */
export const MAX_RELATIVE_ERROR_HALF = 5e-3;

/** How far a case may be from diffusers' float32, on WebGPU. */
export function maxRelativeError(activations: Activations): number {
  return activations === 'float32' ? MAX_RELATIVE_ERROR : MAX_RELATIVE_ERROR_HALF;
}

const CASES: Record<string, ParityCase> = { ...PARITY_CASES, ...MORE_CASES };

interface TestSession {
  run(inputs: Tensors): Promise<Record<string, Float32Array>>;
  dispose(): Promise<void>;
}

export interface ParityHost {
  form: Target | GraphForm;
  /** Bytes of a file below fixtures/. */
  read(path: string): Promise<Uint8Array>;
  createSession(graph: FilledGraph): Promise<TestSession>;
}

/** @returns ‖ours − diffusers‖₂ / ‖diffusers‖₂ over a whole output, the greatest of the case's outputs */
export async function parityError(name: string, host: ParityHost): Promise<number> {
  const [error] = await parityErrors([name], host);
  return error;
}

/** @param names  cases of one model at several sizes, that one session runs one after another */
export async function parityErrors(names: readonly string[], host: ParityHost): Promise<number[]> {
  const { config, tensors } = await openCase(CASES[names[0]], host);
  const session = await host.createSession(await fillGraph(CASES[names[0]].build(config, host.form), tensors));
  try {
    const errors: number[] = [];
    for (const name of names) errors.push(await runCase(CASES[name], config, { session, host }));
    return errors;
  } finally {
    await session.dispose();
  }
}

export async function openCase({ folder, isUpscaler, isControl }: ParityCase, host: Pick<ParityHost, 'read'>) {
  const weights = bytesSource('weights.safetensors', await host.read(`${folder}/weights.safetensors`));
  if (isUpscaler) return openUpscaler(weights);
  if (isControl) return openSteering(weights);
  const config: unknown = JSON.parse(new TextDecoder().decode(await host.read(`${folder}/config.json`)));
  return { config, tensors: await Checkpoint.open([weights]) };
}

/** Where all its graphs read is in the file: opening it says so. */
async function openSteering(weights: ByteSource) {
  const { config, tensors } = await openControl([weights]);
  return { config, tensors: Object.assign(tensors, { assertFits: () => undefined }) };
}

async function runCase(
  { folder, io, outputs, adapt = (inputs) => inputs }: ParityCase,
  config: unknown,
  { session, host }: { session: TestSession; host: ParityHost },
): Promise<number> {
  const tensors = await readTensors(`${io}.safetensors`, await host.read(`${folder}/${io}.safetensors`));
  const inputs = Object.fromEntries(Object.entries(tensors).filter(([key]) => !outputs.includes(key)));
  const results = await session.run(adapt(inputs, config));
  return Math.max(...outputs.map((output) => relativeError(results[output], tensors[output].data)));
}

async function readTensors(file: string, bytes: Uint8Array): Promise<Tensors> {
  const { tensors, source } = await readSafetensors(bytesSource(file, bytes));
  const read: Tensors = {};
  for (const [key, { dtype, shape, offset, byteLength }] of tensors) {
    const { buffer } = await source.read(offset, byteLength);
    const data = dtype === 'F16' ? halfToFloat(new Uint16Array(buffer)) : new Float32Array(buffer);
    read[key] = { data: dtype === 'I32' ? new Int32Array(buffer) : data, dims: shape };
  }
  return read;
}
