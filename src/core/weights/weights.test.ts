import { describe, expect, it } from 'vitest';
import { Checkpoint } from '../checkpoints';
import { AppError } from '../errors';
import { bytesSource } from '../formats';
import { floatSafetensors, safetensorsBytes } from '../formats/testing/safetensors-bytes';
import {
  add,
  concat,
  GraphBuilder,
  padColumns,
  padRows,
  reshape,
  scale,
  tensor,
  transpose,
  type WeightExpr,
} from '../graph';
import { evaluate } from '.';
import { fillGraph } from './testing/fill-graph';

const open = (bytes: Uint8Array, name = 'unet/model.safetensors') => Checkpoint.open([bytesSource(name, bytes)]);

function graphOf(...exprs: WeightExpr[]) {
  const g = new GraphBuilder('g', 'portable');
  exprs.forEach((expr) => g.weight(expr));
  return g.build();
}

describe('evaluate', () => {
  const values: Record<string, number[]> = { a: [1, 2, 3, 4, 5, 6], b: [10, 20, 30] };
  const read = (name: string) => Promise.resolve(Float32Array.from(values[name]));
  const a = tensor('a', 2, 3);
  const b = tensor('b', 1, 3);

  it.each<[string, WeightExpr, number[]]>([
    ['transposes', transpose(a), [1, 4, 2, 5, 3, 6]],
    ['joins along the first axis', concat(a, b), [1, 2, 3, 4, 5, 6, 10, 20, 30]],
    ['pads rows with zeros', padRows(b, 2), [10, 20, 30, 0, 0, 0]],
    ['pads columns with zeros', padColumns(reshape(b, 3, 1), 2), [10, 0, 20, 0, 30, 0]],
    ['adds, scales and reshapes', add(scale(reshape(a, 3, 2), 2), tensor('a', 3, 2)), [3, 6, 9, 12, 15, 18]],
  ])('%s', async (_what, expr, expected) => {
    expect([...(await evaluate(expr, read))]).toEqual(expected);
  });

  it('transposes matrices larger than its tiles', async () => {
    const [rows, columns] = [70, 45];
    const matrix = Float32Array.from({ length: rows * columns }, (_, i) => i);
    const out = await evaluate(transpose(tensor('m', rows, columns)), () => Promise.resolve(matrix));
    for (const [r, c] of [
      [0, 0],
      [69, 44],
      [33, 31],
      [31, 40],
    ])
      expect(out[c * rows + r]).toBe(r * columns + c);
  });
});

describe('fillGraph', () => {
  it('puts each weight at its place', async () => {
    const checkpoint = await open(
      floatSafetensors({ w: { shape: [2, 2], values: [1, 2, 3, 4] }, v: { shape: [1], values: [7] } }),
    );
    const { files } = await fillGraph(graphOf(transpose(tensor('w', 2, 2)), tensor('v', 1)), checkpoint);
    const floats = new Float32Array(files[0].bytes.buffer);
    expect([...floats.subarray(0, 4), floats[16]]).toEqual([1, 3, 2, 4, 7]);
  });

  const failing = async (bytes: Uint8Array, expr: WeightExpr): Promise<AppError> => {
    const error = await open(bytes)
      .then((checkpoint) => fillGraph(graphOf(expr), checkpoint))
      .then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
    expect(error).toBeInstanceOf(AppError);
    return error as AppError;
  };
  const w = (values: number[]) => floatSafetensors({ w: { shape: [values.length], values } });

  it('names file and tensor when a tensor is missing', async () => {
    expect((await failing(w([1]), tensor('conv_in.weight', 1))).message).toMatch(
      /unet\/model\.safetensors: tensor "conv_in\.weight" is missing/,
    );
  });

  it('names both shapes when they differ', async () => {
    expect((await failing(w([1, 2]), tensor('w', 3))).message).toMatch(
      /"w" has shape \[2\]; its config\.json asks for \[3\]/,
    );
  });

  it('refuses a dtype that is no float', async () => {
    const bytes = safetensorsBytes({ w: { dtype: 'I32', shape: [1], data_offsets: [0, 4] } }, new Uint8Array(4));
    expect((await failing(bytes, tensor('w', 1))).message).toMatch(
      /"w" has dtype I32; a weight must be one of F32, F16/,
    );
  });

  it.each([NaN, Infinity, -Infinity])('refuses %s and says where it is', async (value) => {
    const error = await failing(w([0, 1, value]), tensor('w', 3));
    expect(error.code).toBe('bad-file');
    expect(error.message).toContain(`tensor "w" holds ${value} at element 2`);
  });
});

describe('Checkpoint', () => {
  it.each([
    ['decoder.mid_block.attentions.0.query.weight', 'decoder.mid_block.attentions.0.to_q.weight'],
    ['decoder.mid_block.attentions.0.proj_attn.bias', 'decoder.mid_block.attentions.0.to_out.0.bias'],
    ['encoder.layers.3.mlp.fc1.weight', 'text_model.encoder.layers.3.mlp.fc1.weight'],
    ['final_layer_norm.bias', 'text_model.final_layer_norm.bias'],
  ])('finds %s as %s', async (stored, wanted) => {
    const checkpoint = await open(floatSafetensors({ [stored]: { shape: [1], values: [3] } }));
    expect([...(await checkpoint.read(wanted))]).toEqual([3]);
  });
});
