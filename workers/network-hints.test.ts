/** Hints that a network draws, from the file that a person has to the picture: as `inspect -- hint --weights` draws them. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { bytesSource } from '../src/core/formats';
import { drawHint } from '../src/core/hints';
import { fitHint } from '../src/core/control/fit-hint';
import { fromPixels, toRgba } from '../src/core/image/raster';
import type { Pixels } from '../src/core/image';
import { drawPose } from '../src/core/pose/draw-pose';
import { readPoseText } from '../src/core/pose/pose-text';
import { importCheckpoint } from '../src/core/packs';
import { memoryPacks } from '../src/core/packs/testing/memory-packs';
import type { ControlUnit } from '../src/core/recipe/control/unit';
import cases from '../src/engine/fixtures/pipelines/cases.json';
import fixture from '../src/engine/fixtures/pipelines/control.json';
import { node, wire } from '../src/core/workflow/make-node';
import { WORKFLOW_VERSION } from '../src/core/workflow/workflow';
import { Engine } from '../src/engine/engine';
import { storedModel } from '../src/platform/library/describe-pack';
import { networkRunner } from '../tools/inspect/run-annotator';
import { createNodePorts } from './testing/node-ports';
import { paintTiny, TINY_ENTRY, tinyCase } from './testing/paint-tiny';
import { openTinyControls } from './testing/tiny-control';
import { openTinyPack } from './testing/tiny-pack';

const { width, height } = cases;
const [{ units }] = fixture.cases;

/** The one that is shown pictures of the published ones' size. */
const FOLDERS: Readonly<Record<string, string | undefined>> = { vitpose: 'vitpose_seen' };

const pathOf = (id: string): string =>
  fileURLToPath(
    new URL(`../src/core/networks/fixtures/annotator-${FOLDERS[id] ?? id}/weights.safetensors`, import.meta.url),
  );

function picture(): Pixels {
  const data = new Uint8ClampedArray(4 * width * height).fill(255);
  units[0].hint.forEach((level, i) => (data[4 * Math.floor(i / 3) + (i % 3)] = level));
  return { width, height, data };
}

/** [preprocessor, file that it asks for, network] */
const DRAWN = [
  ['softedge_teed', '7_model.pth', 'teed'],
  ['softedge_hed', 'ControlNetHED.pth', 'hed'],
  ['lineart_realistic', 'sk_model.pth', 'line_drawing'],
  ['lineart_anime', 'netG.pth', 'anime_lines'],
  ['softedge_pidinet', 'table5_pidinet.pth', 'pidinet'],
  ['mlsd', 'mlsd_large_512_fp32.pth', 'mlsd'],
  ['openpose', 'ViTPose+ small', 'vitpose'],
] as const;

async function imported(id: string, file: string, bytes?: Uint8Array, store = memoryPacks()) {
  const pack = await importCheckpoint({
    ...{ id, name: id, plan: 'q8', draft: store.create(id), onProgress: () => undefined },
    sources: [bytesSource(file, bytes ?? (await readFile(pathOf(id))))],
  });
  return { store, pack };
}

const paint = async (changes: Partial<ControlUnit>, image: Pixels, drawer?: Awaited<ReturnType<typeof imported>>) => {
  const base = tinyCase('sd15');
  const controls = await openTinyControls(['control-sd15']);
  const entries = [...controls.entries];
  const file = DRAWN.find(([module]) => module === changes.module)?.[1];
  if (drawer && file !== undefined)
    entries.push({ id: drawer.pack.id, name: 'x', source: { kind: 'imported' }, downloadBytes: 0, draws: file });
  const open: typeof controls.packs.open = (id) =>
    id === drawer?.pack.id ? Promise.resolve(drawer.store.open(id)) : controls.packs.open(id);
  return paintTiny(base, await openTinyPack(base, 'float32'), {
    control: [{ model: 'control-sd15', image: 'hint', resolution: 64, ...changes }],
    images: { hint: image },
    controls: { ...controls, entries, packs: { open } },
  });
};

describe.each(DRAWN)('%s', (module, file, id) => {
  it('draws with a file of the library what it draws with the file itself', async () => {
    const drawer = await imported(id, file);
    expect(storedModel({ pack: drawer.pack, bytes: 1, ownBytes: 1, addedAt: 1 })).toMatchObject({
      control: 'annotator',
      draws: id,
    });
    expect(drawer.pack.plan).toBe('float32');
    const hint = await drawHint(module, fromPixels(picture()), { resolution: 64 }, networkRunner(pathOf(id)));
    const finished = toRgba(fitHint(hint, { width, height }, 'crop_and_resize'));
    const drawn = await paint({ module }, picture(), drawer);
    expect(drawn).toEqual(await paint({ module: 'none' }, finished));
    expect(drawn).not.toEqual(await paint({ module: 'none' }, picture()));
  });
});

describe('openpose', () => {
  it('tells the pose that it draws, in the size at which the picture was looked at', async () => {
    const drawer = await imported('vitpose', 'model.safetensors');
    const told: string[] = [];
    const options = { resolution: 64 };
    const run = networkRunner(pathOf('vitpose'));
    const hint = await drawHint('openpose', fromPixels(picture()), options, run, {
      told: (text) => told.push(text),
    });
    const pose = readPoseText(told[0]) ?? expect.fail('no pose');
    expect([pose.width, pose.height]).toEqual([hint.width, hint.height]);
    expect(pose.people.length).toBe(1);
    const asDrawn = drawPose(pose);
    const apart = hint.data.filter((level, i) => level !== asDrawn.data[i]).length;
    expect(apart, 'places are told in tenths of pixels').toBeLessThan(hint.data.length / 20);
    const engine = new Engine({ ...createNodePorts(), packs: drawer.store as never });
    const entry = { id: 'vitpose', name: 'x', source: { kind: 'imported' as const }, downloadBytes: 0 };
    const nodes = [
      node('picture', 'load_image', { image: 'hint' }),
      node('hint', 'make_hint', { module: 'openpose', ...options }, { image: wire('picture', 'image') }),
      node('keep', 'keep', {}, { image: wire('hint', 'image') }),
    ];
    const inputs = {
      models: [TINY_ENTRY],
      controls: [{ ...entry, draws: 'ViTPose+ small' }],
      images: { hint: picture() },
    };
    for (const turn of ['drawn', 'kept from before']) {
      const { found } = await engine.run({ version: WORKFLOW_VERSION, nodes }, inputs, () => undefined);
      expect(found, turn).toEqual(told);
    }
  });
});

describe('openpose, where people are found first', () => {
  const entryOf = (id: string, draws: string) => ({
    ...{ id, name: id, downloadBytes: 0, draws },
    source: { kind: 'imported' as const },
  });
  const [DRAWER, FINDER] = [entryOf('vitpose', 'ViTPose+ small'), entryOf('yolos', 'YOLOS tiny')];

  /** The picture’s pose by the engine, and what it says of it. */
  async function find(engine: Engine, controls: ReturnType<typeof entryOf>[]) {
    const nodes = [
      node('picture', 'load_image', { image: 'hint' }),
      node('hint', 'make_hint', { module: 'openpose', resolution: 64 }, { image: wire('picture', 'image') }),
      node('keep', 'keep', {}, { image: wire('hint', 'image') }),
    ];
    const inputs = { models: [TINY_ENTRY], controls, images: { hint: picture() } };
    const { found, notices } = await engine.run({ version: WORKFLOW_VERSION, nodes }, inputs, () => undefined);
    return { found, notices };
  }

  async function opened(bytes?: Uint8Array) {
    const { store } = await imported('vitpose', 'model.safetensors');
    const { pack } = await imported('yolos', 'model.safetensors', bytes, store);
    expect(storedModel({ pack, bytes: 1, ownBytes: 1, addedAt: 1 })).toMatchObject({
      ...{ control: 'annotator', draws: 'yolos' },
    });
    return new Engine({ ...createNodePorts(), packs: store as never });
  }

  it('takes the whole picture where it finds nobody, and says so each time', async () => {
    const engine = await opened();
    const alone = await find(engine, [DRAWER]);
    expect(alone.notices).toBeUndefined();
    for (const turn of ['drawn', 'kept from before']) {
      const { found, notices } = await find(engine, [DRAWER, FINDER]);
      expect(found, turn).toEqual(alone.found);
      expect(notices, turn).toEqual([expect.stringContaining('Nobody is found in the picture of the pose')]);
    }
  });

  it('finds the people of whom it is sure, and no kept pose of the time before', async () => {
    const sure = sureOfPeople(await readFile(pathOf('yolos')));
    const engine = await opened(sure);
    const alone = await find(engine, [DRAWER]);
    const { found, notices } = await find(engine, [DRAWER, FINDER]);
    expect(notices).toBeUndefined();
    const pose = readPoseText(found?.[0] ?? '') ?? expect.fail('no pose');
    expect(pose.people.length).toBeGreaterThan(1);
    expect(found).not.toEqual(alone.found);
    expect(await find(engine, [DRAWER])).toEqual(alone);
  });
});

/** The same YOLOS, which takes all things for people. */
function sureOfPeople(bytes: Buffer): Uint8Array {
  const changed = new Uint8Array(bytes);
  const view = new DataView(changed.buffer);
  const length = Number(view.getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(changed.subarray(8, 8 + length))) as Record<
    string,
    { data_offsets: [number, number] }
  >;
  const [from] = header['class_labels_classifier.layers.2.bias'].data_offsets;
  const [person, sixty] = [1, 0x5380]; // in float16
  view.setUint16(8 + length + from + 2 * person, sixty, true);
  return changed;
}

describe('a preprocessor whose file is not here', () => {
  it('says which', async () => {
    await expect(paint({ module: 'softedge_teed' }, picture())).rejects.toThrow(
      '7_model.pth, which draws this hint, is not here: add the file under Models.',
    );
  });
});
