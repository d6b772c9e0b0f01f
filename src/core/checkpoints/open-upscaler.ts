/** Opens the file of an upscaler, whatever it is wrapped in. Of its weights, nothing is read yet. */
import { AppError } from '../errors';
import { openTensorFile, type ByteSource, type TensorFile } from '../formats';
import { exprTensors, type BuiltGraph } from '../graph';
import { openNetwork } from '../networks';
import type { ComponentId } from '../networks/components';
import type { UpscalerSizes } from '../networks/network';
import { recogniseUpscaler, UPSCALERS, upscalerRelative, type UpscalerId } from '../networks/upscalers/recognise';
import type { FusedTensor } from '../networks/upscalers/upscaler-file';
import { addOn } from './add-ons';
import { Checkpoint } from './checkpoint';
import { collectFiles } from './collect';
import { foreignModel } from './foreign-models';
import type { TensorReader } from './opened';
import type { StoredTensor } from './stored-tensor';

export interface OpenedUpscaler {
  network: UpscalerId;
  component: ComponentId;
  config: unknown;
  sizes: UpscalerSizes;
  tensors: UpscalerTensors;
}

/** @throws AppError 'bad-file', or 'unsupported-model' naming what it is instead */
export async function openUpscaler(source: ByteSource): Promise<OpenedUpscaler> {
  const file = await openTensorFile(source);
  const found = inFile(source.name, () => recogniseUpscaler(file.tensors));
  if (!found) throw new AppError('unsupported-model', `${source.name}: ${notOurs(file)}`);
  const { id: network, config, prefix, names, fused = new Map(), file: published } = found;
  const { component } = published;
  const plain = new Map([...names].map(([ours, theirs]) => [ours, stored(file, prefix + theirs)]));
  const parts = new Map([...file.tensors.keys()].map((key) => [key, stored(file, key)]));
  const tensors = new UpscalerTensors(new Checkpoint(plain), { fused, prefix, parts: new Checkpoint(parts) });
  const open = openNetwork(component, { file: source.name, config });
  const { upscaler: sizes } = open.sizes;
  if (!sizes) throw new RangeError(`${component}: its network has no such sizes`);
  tensors.assertFits(open.build('portable'));
  return { network, component, config, sizes, tensors };
}

function stored(file: TensorFile, key: string): StoredTensor {
  const entry = file.tensors.get(key);
  if (!entry) throw new RangeError(`${key}: no such tensor`);
  return { file, key, entry, shape: entry.shape };
}

/** Sentences about tensors begin with the file's name. */
function inFile<T>(name: string, task: () => T): T {
  try {
    return task();
  } catch (error) {
    if (error instanceof AppError) throw new AppError(error.code, `${name}: ${error.message}`, { cause: error });
    throw error;
  }
}

/** "Compact (SRVGGNet), RRDBNet (ESRGAN) and SPAN" */
const whatUpscales = (): string =>
  Object.values(UPSCALERS)
    .map(({ name }) => name.replace(/^an? /, ''))
    .sort()
    .join(', ')
    .replace(/, ([^,]*)$/, ' and $1');

function notOurs(file: TensorFile): string {
  const keys = [...file.tensors.keys()];
  const addition = addOn(file.tensors)?.split(';')[0];
  if (addition !== undefined) return `this is ${addition}, no upscaler`;
  const relative = upscalerRelative(keys);
  if (relative !== undefined) return `this is ${relative}, which Gesso does not run; it runs ${whatUpscales()}`;
  if (keys.length === 0) return 'there are no tensors in it; it is no upscaler';
  const foreign = foreignModel(keys)?.split(';')[0];
  if (foreign !== undefined) return `this is ${foreign}, no upscaler that Gesso runs; it runs ${whatUpscales()}`;
  if (collectFiles([file]).components.size > 0)
    return 'this is a checkpoint, which paints pictures and makes none larger; open it as a model';
  return `its tensors are of no upscaler that Gesso knows; it runs ${whatUpscales()}`;
}

interface Fusing {
  fused: ReadonlyMap<string, FusedTensor>;
  prefix: string;
  /** Tensors by their names in the file. */
  parts: Checkpoint;
}

/** Tensors by the names of the graph, some of them computed of several. */
class UpscalerTensors implements TensorReader {
  readonly #plain: Checkpoint;
  readonly #fusing: Fusing;

  constructor(plain: Checkpoint, fusing: Fusing) {
    this.#plain = plain;
    this.#fusing = fusing;
  }

  /** @throws AppError 'bad-file' naming file and tensor */
  assertFits(graph: BuiltGraph): void {
    const { fused } = this.#fusing;
    this.#plain.assertFits(graph, (name) => fused.has(name));
    for (const { name, shape } of exprTensors(graph.weights.map(({ expr }) => expr)))
      if (fused.has(name) && this.shape(name).join() !== shape.join())
        throw new AppError(
          'bad-file',
          `"${name}" has shape [${this.shape(name).join(', ')}], not [${shape.join(', ')}]`,
        );
  }

  names(): string[] {
    return [...this.#plain.names(), ...this.#fusing.fused.keys()];
  }

  has(name: string): boolean {
    return this.#fusing.fused.has(name) || this.#plain.has(name);
  }

  shape(name: string): readonly number[] {
    return this.#fusing.fused.get(name)?.shape ?? this.#plain.shape(name);
  }

  async read(name: string): Promise<Float32Array<ArrayBuffer>> {
    const { fused, prefix, parts } = this.#fusing;
    const found = fused.get(name);
    if (!found) return this.#plain.read(name);
    const values: Float32Array[] = [];
    for (const part of found.of) values.push(await parts.read(prefix + part));
    return found.compute(values);
  }
}
