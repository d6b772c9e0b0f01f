/** A ready-made graph behind diffusers' words: names, types, layouts, and a number of rows that may be fixed. */
import type { OnnxComponent, OnnxInput, OnnxType } from '../../core/catalog';
import { roleOf, type ComponentId } from '../../core/networks/components';
import { AppError } from '../../core/errors';
import { floatToHalf, joinFloats } from '../../core/math';
import type { NamedTensor, RawSession, RawTensor, Session } from '../ports';

type Inputs = Record<string, NamedTensor>;
type Outputs = Record<string, Float32Array>;

export interface ExportSessionParts {
  component: ComponentId;
  description: OnnxComponent;
  session: RawSession;
  /** Pixels per latent cell along a side. */
  latentFactor: number;
}

export function createExportSession({ session, ...parts }: ExportSessionParts): Session {
  const { batch } = parts.description;
  return {
    run: async (inputs) => {
      const rows = rowsOf(inputs);
      const size = batch ?? rows;
      const results: Outputs[] = [];
      for (let start = 0; start < rows; start += size)
        results.push(await runRows(session, takeRows(inputs, start, size), Math.min(size, rows - start), parts));
      return joinOutputs(results);
    },
    dispose: () => session.dispose(),
  };
}

/** Everything but the timestep has a row for each of the batch. */
const isForAll = (name: string): boolean => name === 'timestep';

function rowsOf(inputs: Inputs): number {
  const [first] = Object.entries(inputs).filter(([name]) => !isForAll(name));
  return first[1].dims[0];
}

/** `count` rows from `start` on; the last again where there are no more. */
function takeRows(inputs: Inputs, start: number, count: number): Inputs {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, tensor]): [string, NamedTensor] => {
      const [rows, ...rest] = tensor.dims;
      if (isForAll(name) || (start === 0 && rows === count)) return [name, tensor];
      const length = tensor.data.length / rows;
      const data =
        tensor.data instanceof Float32Array ? new Float32Array(count * length) : new Int32Array(count * length);
      for (let i = 0; i < count; i++) {
        const row = Math.min(start + i, rows - 1);
        data.set(tensor.data.subarray(row * length, (row + 1) * length), i * length);
      }
      return [name, { data, dims: [count, ...rest] }];
    }),
  );
}

async function runRows(
  session: RawSession,
  inputs: Inputs,
  wanted: number,
  { component, description, latentFactor }: Omit<ExportSessionParts, 'session'>,
): Promise<Outputs> {
  const rows = rowsOf(inputs);
  const fed = Object.entries(description.inputs).map(([word, port]): [string, RawTensor] => {
    const tensor = inputs[word] as NamedTensor | undefined;
    if (!tensor) throw new AppError('internal', `${component}: its export wants "${word}", which nothing gives`);
    return [port.name, toPort(tensor, port, rows)];
  });
  const results = await session.run(Object.fromEntries(fed));
  const image = Object.values(inputs).find(({ dims }) => dims.length === 4);
  return Object.fromEntries(
    Object.entries(description.outputs).map(([word, { name, layout }]) => {
      const all = results[name] as Float32Array | undefined;
      if (!all) throw new AppError('bad-file', `${component}: the graph has no output "${name}"`);
      const planar = layout === 'nhwc' && image ? toPlanar(all, outputSize(component, image.dims, latentFactor)) : all;
      return [word, planar.subarray(0, (all.length / rows) * wanted)];
    }),
  );
}

function toPort(tensor: NamedTensor, { type, layout, isPerRow = false }: OnnxInput, rows: number): RawTensor {
  const { data, dims } = layout === 'nhwc' ? interleaved(tensor) : tensor;
  if (!isPerRow) return { data: toType(data, type), dims };
  return {
    data: toType(
      Float32Array.from({ length: rows }, () => data[0]),
      type,
    ),
    dims: [rows],
  };
}

function toType(data: NamedTensor['data'], type: OnnxType): RawTensor['data'] {
  const floats = (): Float32Array => (data instanceof Float32Array ? data : Float32Array.from(data));
  switch (type) {
    case 'float32':
      return floats();
    case 'float16':
      return floatToHalf(floats());
    case 'int32':
      return Int32Array.from(data, Math.round);
    case 'int64':
      return BigInt64Array.from([...data], (value) => BigInt(Math.round(value)));
  }
}

/** [batch, channels, height, width] → [batch, height, width, channels] */
function interleaved({ data, dims }: NamedTensor): NamedTensor {
  const [batch, channels, height, width] = dims;
  const cells = height * width;
  const out = new Float32Array(data.length);
  for (let i = 0; i < out.length; i++) {
    const [row, cell, channel] = [Math.floor(i / (cells * channels)), Math.floor(i / channels) % cells, i % channels];
    out[i] = data[(row * channels + channel) * cells + cell];
  }
  return { data: out, dims: [batch, height, width, channels] };
}

interface OutputSize {
  rows: number;
  cells: number;
}

function outputSize(component: ComponentId, [rows, , height, width]: readonly number[], factor: number): OutputSize {
  const role = roleOf(component);
  const scale = role === 'decoder' ? factor ** 2 : role === 'encoder' ? factor ** -2 : 1;
  return { rows, cells: height * width * scale };
}

/** [batch, cells, channels] → [batch, channels, cells] */
function toPlanar(data: Float32Array, { rows, cells }: OutputSize): Float32Array {
  const channels = data.length / (rows * cells);
  const out = new Float32Array(data.length);
  for (let i = 0; i < out.length; i++) {
    const [row, channel, cell] = [Math.floor(i / (cells * channels)), Math.floor(i / cells) % channels, i % cells];
    out[i] = data[(row * cells + cell) * channels + channel];
  }
  return out;
}

function joinOutputs(results: readonly Outputs[]): Outputs {
  return Object.fromEntries(
    Object.keys(results[0]).map((word) => [word, joinFloats(results.map((outputs) => outputs[word]))]),
  );
}
