/** The networks that draw hints against torch, on ONNX Runtime's wasm provider: tools/fixtures/make_annotators.py, make_depth_anything.py. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import * as ort from 'onnxruntime-web';
import { describe, expect, it } from 'vitest';
import { openAnnotator } from '../../core/checkpoints/open-annotator';
import { bytesSource, readSafetensors } from '../../core/formats';
import { exprTensors, type GraphForm, type Target } from '../../core/graph';
import { ANNOTATORS, recogniseAnnotator, type AnnotatorId } from '../../core/networks/annotators/recognise';
import others from '../../core/networks/fixtures/annotator-shapes.json' with { type: 'json' };
import depthAnything from '../../core/networks/fixtures/depth-anything-shapes.json' with { type: 'json' };
import {
  vitpose,
  vitpose_plus_small as plusSmall,
} from '../../core/networks/fixtures/vitpose-shapes.json' with { type: 'json' };
import { yolos, yolos_small as yolosSmall } from '../../core/networks/fixtures/yolos-shapes.json' with { type: 'json' };
import { MAX_RELATIVE_ERROR, MAX_RELATIVE_ERROR_HALF } from '../../core/networks/testing/parity';
import { fillGraph } from '../../core/weights/testing/fill-graph';
import { relativeError } from '../../core/weights/testing/numbers';
import { createOrtSession, type Ort } from './ort-session';

const shapes = { ...others, ...depthAnything, vitpose, yolos };
/** Tensors of training, of a layer that adds to nothing, and of ways for other things than people. */
const UNUSED =
  /\.mask_token$|^neck\.fusion_stage\.layers\.0\.residual_layer1\.|\.num_batches_tracked$|\.experts\.[1-9]\d*\./;

const fixtures = new URL('../../core/networks/fixtures/', import.meta.url);
const read = async (path: string) => new Uint8Array(await readFile(fileURLToPath(new URL(path, fixtures))));
const openFixture = async (folder: string) =>
  openAnnotator(bytesSource('weights.safetensors', await read(`annotator-${folder}/weights.safetensors`)));

async function readTensors(path: string) {
  const { tensors, source } = await readSafetensors(bytesSource(path, await read(path)));
  const all = [...tensors].map(async ([key, { shape, offset, byteLength }]) => {
    const { buffer } = await source.read(offset, byteLength);
    return [key, { data: new Float32Array(buffer), dims: shape }] as const;
  });
  return Object.fromEntries(await Promise.all(all));
}

/** The greatest of all outputs. */
async function errorOf(folder: string, size: string, form: Target | GraphForm): Promise<number> {
  const { id, build, tensors } = await openFixture(folder);
  const session = await createOrtSession(ort as unknown as Ort, ['wasm'], await fillGraph(build(form), tensors));
  try {
    const { image, ...expected } = await readTensors(`annotator-${folder}/io_${size}.safetensors`);
    const made = await session.run({ image });
    expect(Object.keys(expected).sort()).toEqual([...ANNOTATORS[id].outputs].sort());
    return Math.max(...Object.entries(expected).map(([name, { data }]) => relativeError(made[name], data)));
  } finally {
    await session.dispose();
  }
}

describe.each([
  ['hed', '32x48'],
  ['hed', '16x80'],
  ['line_drawing', '32x48'],
  ['line_drawing', '44x20'],
  ['anime_lines', '32x48'],
  ['anime_lines', '64x32'],
  ['teed', '32x48'],
  ['teed', '24x40'],
  ['pidinet', '32x48'],
  ['pidinet', '24x40'],
  ['mlsd', '32x48'],
  ['mlsd', '64x32'],
  ['depth_anything', '56x56'],
  ['depth_anything', '42x70'],
  ['depth_anything', '112x56'],
  ['vitpose', '64x48'],
  ['vitpose_plus', '64x48'],
  ['yolos', '32x48'],
  ['yolos', '96x64'],
  ['yolos', '48x112'],
  ['yolos_mid', '32x48'],
  ['yolos_mid', '96x64'],
  ['yolos_mid', '48x112'],
])('%s, %s', (id, size) => {
  it('computes what torch computes', async () => {
    const error = await errorOf(id, size, 'portable');
    expect(error).toBeLessThan(MAX_RELATIVE_ERROR);
    expect(error).toBeGreaterThan(0);
  });

  it('computes it in the form for WebGPU, too, which has no operators of its own here', async () => {
    expect(await errorOf(id, size, 'webgpu')).toBeLessThan(MAX_RELATIVE_ERROR);
  });

  it('computes it within half precision with float16 activations', async () => {
    const error = await errorOf(id, size, { target: 'portable', activations: 'float16' });
    expect(error).toBeLessThan(MAX_RELATIVE_ERROR_HALF);
  });
});

const PUBLISHED = (Object.keys(ANNOTATORS) as AnnotatorId[]).map((id) => ({ id, name: id as string, own: shapes[id] }));

const FURTHER = [
  { id: 'vitpose' as const, name: 'vitpose+', own: plusSmall },
  { id: 'yolos' as const, name: 'yolos, small', own: yolosSmall },
];

describe.each([...PUBLISHED, ...FURTHER])('the published $name', ({ id, own }) => {
  const entries = Object.entries(own as Record<string, number[]>).map(([name, shape]) => [name, { shape }] as const);

  it('is told by its tensors and uses each of them', () => {
    const found = recogniseAnnotator(new Map(entries)) ?? expect.fail('not told');
    expect(found.id).toBe(id);
    const stored = new Map(entries);
    const left = new Set(stored.keys());
    for (const { name, shape } of exprTensors(found.build('webgpu').weights.map(({ expr }) => expr))) {
      const made = found.made.get(name);
      const { key = '' } = found.names.get(name) ?? {};
      expect(made?.shape ?? stored.get(key)?.shape, name).toEqual(shape);
      for (const one of made?.from ?? [key]) left.delete(one);
    }
    expect([...left].filter((name) => !UNUSED.test(name))).toEqual([]);
  });
});

describe('yolos', () => {
  const sized = (changes: Record<string, number[]>) =>
    recogniseAnnotator(new Map(Object.entries({ ...yolos, ...changes }).map(([name, shape]) => [name, { shape }])));

  it.each([
    [800, 1333],
    [512, 864],
    [800, 1344],
  ])('knows how the places of pictures of %i × %i lie', (height, width) => {
    const [rows, columns] = [height, width].map((side) => Math.floor(side / 16));
    const found = sized({ 'vit.embeddings.position_embeddings': [1, rows * columns + 101, 192] });
    expect(found?.config).toMatchObject({ rows, columns });
  });

  it('refuses one that was taught other things than COCO’s', () => {
    const other = { 'class_labels_classifier.layers.2.weight': [3, 192] };
    expect(() => sized(other)).toThrow('it tells 2 kinds of things apart; COCO’s 91 are wanted');
  });
});

describe('openAnnotator', () => {
  it('refuses an upscaler by what it runs', async () => {
    const bytes = await read('upscaler-compact/weights.safetensors');
    await expect(openAnnotator(bytesSource('x.safetensors', bytes))).rejects.toThrow(
      'x.safetensors: this draws no hints that Gesso knows; it runs HED (ControlNetHED.pth), informative drawings (',
    );
  });

  it('takes PiDiNet’s kernels for plain where they were turned into such before', () => {
    const radial = /block(1_2|2_3|3_3|4_3)\.conv1\.weight$/;
    const kept = Object.entries(shapes.pidinet).map(([name, shape]): [string, { shape: number[] }] => [
      name.replace('module.', ''),
      { shape: radial.test(name) ? [shape[0], 1, 5, 5] : shape },
    ]);
    const found = recogniseAnnotator(new Map(kept));
    expect([...(found?.made.keys() ?? [])]).toEqual(['init_block.weight']);
    const used = exprTensors(found?.build('portable').weights.map(({ expr }) => expr) ?? []);
    for (const { name, shape } of used) expect(new Map(kept).get(name)?.shape, name).toEqual(shape);
  });

  it('refuses a file whose tensors do not fit together', () => {
    const broken = new Map(Object.entries(shapes.hed).map(([name, shape]) => [name, { shape }]));
    broken.delete('block3.convs.0.weight');
    expect(() => recogniseAnnotator(broken)).toThrow('"block3.convs.0.weight" is missing');
  });
});
