/** Models of random weights whose matrices are wide enough to be packed: the layers of SD 1.5 and of SDXL, a tenth to a twentieth as wide. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { modelShapes, type TensorShapes } from '../../src/core/adapters';
import { bytesSource, type ByteSource } from '../../src/core/formats';
import { safetensorsBytes } from '../../src/core/formats/testing/safetensors-bytes';
import type { ComponentId } from '../../src/core/networks';
import { gaussian } from '../../src/core/weights/testing/numbers';

export type MadeFamily = 'sd15' | 'sdxl';

interface MadePart {
  component: ComponentId;
  /** Folder of src/engine/fixtures/pipelines whose config it has, but for what is changed. */
  fixture: string;
  changed: Readonly<Record<string, unknown>>;
}

const TEXT = { hidden_size: 32, intermediate_size: 64 };

const PARTS: Record<MadeFamily, readonly MadePart[]> = {
  sd15: [
    { component: 'text_encoder', fixture: 'text-l', changed: TEXT },
    {
      component: 'unet',
      fixture: 'unet-sd15',
      changed: { block_out_channels: [32, 64], cross_attention_dim: 32 },
    },
  ],
  sdxl: [
    { component: 'text_encoder', fixture: 'text-l', changed: TEXT },
    { component: 'text_encoder_2', fixture: 'text-g', changed: { ...TEXT, projection_dim: 32 } },
    {
      component: 'unet',
      fixture: 'unet-sdxl',
      changed: { block_out_channels: [32, 64], cross_attention_dim: 64, projection_class_embeddings_input_dim: 80 },
    },
  ],
};

/** @returns random tensors, of the sizes that layers have after they are initialised; norms near 1 */
function madeTensors(shapes: TensorShapes): Map<string, Float32Array<ArrayBuffer>> {
  const made = new Map<string, Float32Array<ArrayBuffer>>();
  for (const [name, shape] of shapes) {
    const inner = shape.slice(1).reduce((all, n) => all * n, 1);
    const values = gaussian(shape[0] * inner, made.size + 1);
    const isNorm = shape.length === 1 && name.endsWith('.weight');
    const size = shape.length === 1 ? 0.1 : 1 / Math.sqrt(inner);
    made.set(
      name,
      values.map((value) => value * size + (isNorm ? 1 : 0)),
    );
  }
  return made;
}

/** A file of float32 tensors. */
export function tensorFile(
  tensors: Iterable<readonly [string, Float32Array]>,
  shapeOf: (name: string) => readonly number[],
): Uint8Array<ArrayBuffer> {
  const header: Record<string, unknown> = {};
  const parts: Uint8Array[] = [];
  let end = 0;
  for (const [name, { buffer, byteOffset, byteLength }] of tensors) {
    header[name] = { dtype: 'F32', shape: shapeOf(name), data_offsets: [end, end + byteLength] };
    parts.push(new Uint8Array(buffer, byteOffset, byteLength));
    end += byteLength;
  }
  return safetensorsBytes(header, Buffer.concat(parts));
}

const readFixture = (path: string): Promise<Buffer> =>
  readFile(fileURLToPath(new URL(`../../src/engine/fixtures/pipelines/${path}`, import.meta.url)));

/** The folder of such a model, as the hub lays it out. */
export async function madeModel(family: MadeFamily): Promise<ByteSource[]> {
  const json = (value: unknown): Uint8Array<ArrayBuffer> => new TextEncoder().encode(JSON.stringify(value));
  const scheduler = { beta_start: 0.00085, beta_end: 0.012, beta_schedule: 'scaled_linear' };
  const sources = [bytesSource('scheduler/scheduler_config.json', json(scheduler))];
  for (const { component, fixture, changed } of PARTS[family]) {
    const config = { ...(JSON.parse((await readFixture(`${fixture}/config.json`)).toString()) as object), ...changed };
    const shapes: TensorShapes = modelShapes([[component, { file: fixture, config }]]).get(component) ?? new Map();
    const name = component === 'unet' ? 'diffusion_pytorch_model' : 'model';
    const bytes = tensorFile(madeTensors(shapes), (key) => shapes.get(key) ?? []);
    sources.push(bytesSource(`${component}/config.json`, json(config)));
    sources.push(bytesSource(`${component}/${name}.safetensors`, bytes));
  }
  const vae = 'vae/diffusion_pytorch_model.safetensors';
  sources.push(bytesSource('vae/config.json', await readFixture('vae/config.json')));
  sources.push(bytesSource(vae, await readFixture('vae/weights.safetensors')));
  return sources;
}
