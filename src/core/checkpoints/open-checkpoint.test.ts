import { beforeAll, describe, expect, it } from 'vitest';
import { FAMILY_CONFIGS } from '../families/configs';
import { openCheckpoint, type CheckpointPart, type OpenedCheckpoint } from '.';
import type { PublishedId } from '../networks/published';
import {
  checksum,
  namedValue,
  readFixture,
  virtualSafetensors,
  type Shapes,
  type VirtualSource,
} from './testing/layouts';

type Components<Entry> = Record<string, Record<string, Entry>>;

/** What diffusers' own models have at full size, and what its converters make of tiny files (make_checkpoint_layouts.py). */
const full = readFixture<Record<string, { stored: Shapes; components: Components<number[]> }>>('full-size.json.gz');
const tiny =
  readFixture<Record<string, { stored: Shapes; components: Components<[number[], number]> }>>('tiny.json.gz');

const MODELS = ['sd15', 'sd21', 'sdxl', 'sdxl-refiner'] as const;
const COUNTS = { sd15: 1131, sd21: 1240, sdxl: 2515, 'sdxl-refiner': 1858 };
const CONFIGS = { ...FAMILY_CONFIGS, sd21: FAMILY_CONFIGS['sd21-base'] };

const facts = ({ components: _components, scheduler: _scheduler, ...rest }: OpenedCheckpoint) => rest;
const parts = (opened: OpenedCheckpoint) => Object.entries(opened.components) as [PublishedId, CheckpointPart][];
const shapesOf = (opened: OpenedCheckpoint) =>
  Object.fromEntries(
    parts(opened).map(([component, { tensors }]) => [
      component,
      Object.fromEntries(tensors.names().map((name) => [name, tensors.shape(name)])),
    ]),
  );

/** The files of a diffusers folder, from the same names. */
function folderOf(components: Components<number[]>, options: { file?: (component: string) => string } = {}) {
  const file =
    options.file ??
    ((component) => (component.startsWith('text') ? 'model.safetensors' : 'diffusion_pytorch_model.safetensors'));
  return Object.entries(components).map(([component, shapes]) =>
    virtualSafetensors(`${component}/${file(component)}`, shapes),
  );
}

describe.each(MODELS)('openCheckpoint of a full-size %s file', (model) => {
  let source: VirtualSource;
  let opened: OpenedCheckpoint;

  beforeAll(async () => {
    source = virtualSafetensors(`${model}.safetensors`, full[model].stored);
    opened = await openCheckpoint([source]);
  });

  it('says what it is', () => {
    expect(facts(opened)).toEqual({
      family: model,
      variant: 'base',
      layout: 'ldm',
      dtype: 'float16',
      prediction: 'epsilon',
      zeroTerminalSnr: false,
      unused: [],
      missing: [],
      tensors: COUNTS[model],
    });
  });

  it('has every tensor of diffusers with its shape, and no other', () => {
    expect(shapesOf(opened)).toEqual(full[model].components);
  });

  it('has the published configs', () => {
    for (const [component, { config }] of parts(opened))
      expect(config).toMatchObject(CONFIGS[model][component as 'unet']);
    expect(opened.scheduler).toEqual(CONFIGS[model].scheduler);
  });

  it('takes every byte of every tensor once, but for what no picture needs', async () => {
    const { places, reads } = source;
    reads.length = 0;
    const hollow = virtualSafetensors('hollow', full[model].stored);
    expect(hollow.size).toBe(source.size);
    // Reading 5 GB of zeros would take long; where the bytes lie is all that is asked.
    source.read = (offset, length) => {
      reads.push({ offset, length });
      return Promise.resolve(new Uint8Array());
    };
    for (const [, { tensors }] of parts(opened)) for (const name of tensors.names()) await tensors.read(name);
    const left = [...places].filter(([, place]) => bytesOf(reads, place) === 0).map(([key]) => key);
    expect(
      left.filter((key) => !/position_ids|logit_scale|text_projection|resblocks\.23\.|^[a-z_0-9]+$/.test(key)),
    ).toEqual([]);
    const partly = [...places].filter(
      ([key, place]) => !left.includes(key) && bytesOf(reads, place) !== place.byteLength,
    );
    expect(partly).toEqual([]);
    const sorted = [...reads].sort((a, b) => a.offset - b.offset);
    expect(sorted.every(({ offset }, i) => i === 0 || offset >= sorted[i - 1].offset + sorted[i - 1].length)).toBe(
      true,
    );
  });

  it('is the same from a folder in diffusers layout', async () => {
    const folder = await openCheckpoint(folderOf(full[model].components));
    expect(facts(folder)).toMatchObject({ family: model, layout: 'diffusers', unused: [], missing: [] });
    expect(shapesOf(folder)).toEqual(full[model].components);
  });
});

/** How many bytes of a tensor were read. */
function bytesOf(reads: VirtualSource['reads'], place: { offset: number; byteLength: number }): number {
  return reads
    .filter(({ offset }) => offset >= place.offset && offset < place.offset + place.byteLength)
    .reduce((sum, { length }) => sum + length, 0);
}

const named = () => {
  const values = new Map<string, (i: number) => number>();
  return (key: string, i: number): number => {
    const found = values.get(key) ?? namedValue(key);
    values.set(key, found);
    return found(i);
  };
};

async function checksums(opened: OpenedCheckpoint): Promise<Components<[readonly number[], number]>> {
  const found: Components<[readonly number[], number]> = {};
  for (const [component, { tensors }] of parts(opened)) {
    found[component] = {};
    for (const name of tensors.names())
      found[component][name] = [tensors.shape(name), checksum(await tensors.read(name))];
  }
  return found;
}

describe('openCheckpoint of tiny files', () => {
  it.each(MODELS)('reads what diffusers makes of %s', async (model) => {
    const { stored, components } = tiny[model];
    const opened = await openCheckpoint([
      virtualSafetensors('tiny.safetensors', stored, { dtype: 'F32', value: named() }),
    ]);
    expect(opened).toMatchObject({ family: model, missing: [], unused: [] });
    expect(await checksums(opened)).toEqual(components);
  });

  const text = Object.fromEntries(Object.entries(tiny['sd21'].stored).filter(([key]) => key.startsWith('cond_stage')));
  it.each([
    ['F16', 'float16'],
    ['BF16', 'bfloat16'],
    ['F64', 'float64'],
  ] as const)('reads the same from %s', async (dtype, name) => {
    const opened = await openCheckpoint([virtualSafetensors('tiny.safetensors', text, { dtype, value: named() })]);
    expect(opened.dtype).toBe(name);
    expect((await checksums(opened))['text_encoder']).toEqual(tiny['sd21'].components['text_encoder']);
  });
});
