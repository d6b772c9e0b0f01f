import { flushSync, mount, unmount } from 'svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { writePoseText } from '../../../core/pose/pose-text';
import { readyPerson } from '../../../core/pose/ready-poses';
import type { Workflow } from '../../../core/workflow/workflow';
import type { PictureInputs } from '../../../engine/api';
import { click } from '../../testing/page';
import PoseSheet from './PoseSheet.svelte';

beforeEach(() => {
  vi.stubGlobal(
    'ResizeObserver',
    class {
      observe() {}
      unobserve() {}
      disconnect() {}
    },
  );
  HTMLCanvasElement.prototype.getContext = () => null;
});
afterEach(() => {
  vi.unstubAllGlobals();
  document.body.replaceChildren();
});

const VITPOSE = { id: 'vitpose', name: 'ViTPose+', fileName: 'model.safetensors', draws: 'vitpose', bytes: 1 };
const YOLOS = { ...VITPOSE, id: 'yolos', name: 'YOLOS', draws: 'yolos' };
const FOUND = writePoseText({ width: 64, height: 64, people: [readyPerson('sitting', { width: 64, height: 64 })] });

interface Given {
  /** Picture of the unit. */
  image?: string | undefined;
  controls?: (typeof VITPOSE)[];
  found?: string;
  notices?: string[];
}

function open({ image, controls = [], found = FOUND, notices }: Given = { image: 'a' }) {
  const takePose = vi.fn((): Promise<boolean> => Promise.resolve(true));
  const pixels = { width: 1, height: 1, data: new Uint8ClampedArray(4) };
  const common = { role: 'control', licence: { name: 'Apache-2.0', url: 'x' } };
  const helpers = [
    { ...common, id: 'vitpose-plus-small', name: 'ViTPose+, small', downloadBytes: 132600000 },
    { ...common, id: 'yolos-tiny', name: 'YOLOS, tiny', downloadBytes: 25978888 },
  ];
  const studio = {
    settings: { width: 64, height: 64, initImage: 'b' },
    said: undefined as string | undefined,
    library: {
      controls,
      helpers: helpers.map((entry) => ({ entry })),
      problemOf: () => undefined,
      preferences: { mustAccept: () => false },
    },
    startPictures: {
      imagesOf: ({ initImage }: { initImage: string }) => Promise.resolve({ [initImage]: pixels }),
      look: () => ({ url: 'blob:start' }),
    },
    engine: { run: vi.fn(() => Promise.resolve({ images: [pixels], found: [found], notices })) },
  };
  const row = { place: 0, unit: { image, pose: undefined }, look: image && { url: 'blob:a' }, model: undefined };
  const props = { studio, form: { takePose }, row, onclose: vi.fn() } as never;
  const sheet = mount(PoseSheet, { target: document.body, props });
  flushSync();
  return { takePose, studio, sheet };
}

it('keeps what was drawn where its form goes, as when a phone is turned, and says so', async () => {
  const { takePose, studio, sheet } = open();
  click('Mirror');
  await unmount(sheet);
  expect(takePose).toHaveBeenCalledTimes(1);
  expect(studio.said).toBe('What you have drawn so far is kept.');
});

it('finds the pose in the unit’s picture, which Undo takes back, and keeps it', async () => {
  const { takePose, studio, sheet } = open({ image: 'a', controls: [VITPOSE] });
  click('Find the person in the picture');
  await vi.waitFor(() => expect(document.body.textContent).toContain('Found. Drag what is not right.'));
  const [[workflow]] = studio.engine.run.mock.calls as unknown as [[Workflow]];
  expect(workflow.nodes[1]).toMatchObject({ operation: 'make_hint', settings: { module: 'openpose' } });
  expect(document.querySelector('img')?.getAttribute('src')).toBe('blob:a');
  await unmount(sheet);
  expect(takePose).toHaveBeenCalledWith(0, expect.anything(), FOUND);
});

it('shows the picture behind no pose of another size, which Undo brings back', async () => {
  const size = { width: 48, height: 96 };
  const { sheet } = open({
    image: 'a',
    controls: [VITPOSE],
    found: writePoseText({ ...size, people: [readyPerson('sitting', size)] }),
  });
  click('Find the person in the picture');
  await vi.waitFor(() => expect(document.querySelector('img')?.getAttribute('src')).toBe('blob:a'));
  click('Undo');
  expect(document.querySelector('img')).toBeNull();
  await unmount(sheet);
});

it('takes the start picture where the unit has none, and shows it behind the pose', async () => {
  const { sheet } = open({ controls: [VITPOSE] });
  click('Find the person in the picture');
  await vi.waitFor(() => expect(document.querySelector('img')?.getAttribute('src')).toBe('blob:start'));
  await unmount(sheet);
});

it('says that nobody is found, and changes nothing', async () => {
  const { takePose, sheet } = open({ image: 'a', controls: [VITPOSE], found: '64x64' });
  click('Find the person in the picture');
  await vi.waitFor(() => expect(document.body.textContent).toContain('Nobody is found in this picture.'));
  await unmount(sheet);
  expect(takePose).not.toHaveBeenCalled();
});

describe('where people are found, too', () => {
  const size = { width: 64, height: 64 };
  const people = [readyPerson('standing', size), readyPerson('sitting', size)];
  const found = writePoseText({ ...size, people });

  it('finds each, and gives the engine what it needs for that', async () => {
    const { takePose, studio, sheet } = open({ image: 'a', controls: [VITPOSE, YOLOS], found });
    expect(document.body.textContent).not.toContain('YOLOS, tiny');
    click('Find the people in the picture');
    await vi.waitFor(() => expect(document.body.textContent).toContain('Found 2 people. Drag what is not right.'));
    const [[, inputs]] = studio.engine.run.mock.calls as unknown as [[Workflow, PictureInputs]];
    expect(inputs.controls).toMatchObject([
      { id: 'vitpose', draws: 'ViTPose+ small' },
      { id: 'yolos', draws: 'YOLOS tiny' },
    ]);
    await unmount(sheet);
    expect(takePose).toHaveBeenCalledWith(0, expect.anything(), found);
  });

  it('says which joints are hidden, and that there are more people', async () => {
    const [first, second] = people;
    const hidden = first.map((joint, i) => (i < 3 ? { ...joint, isHidden: true as const } : joint));
    const more = 'There are 9 people in the picture of the pose: it has the 8 largest.';
    const text = writePoseText({ ...size, people: [hidden, second] });
    const { sheet } = open({ image: 'a', controls: [VITPOSE, YOLOS], found: text, notices: [more] });
    click('Find the people in the picture');
    const said = `Found 2 people, without 3 of their joints, which are hidden. ${more}`;
    await vi.waitFor(() => expect(document.body.textContent).toContain(said));
    await unmount(sheet);
  });
});

it('offers what finds several people where one is found, and finds that one without it', async () => {
  const { studio, sheet } = open({ image: 'a', controls: [VITPOSE] });
  expect(document.body.textContent).toMatch(/Several people in the picture: .* YOLOS, tiny: 2\d(\.\d)? MB, once;/s);
  click('Find the person in the picture');
  await vi.waitFor(() => expect(studio.engine.run).toHaveBeenCalled());
  const [[, inputs]] = studio.engine.run.mock.calls as unknown as [[Workflow, PictureInputs]];
  expect(inputs.controls).toMatchObject([{ id: 'vitpose' }]);
  await unmount(sheet);
});

it('offers what finds poses where it is not here, with its size and licence', async () => {
  const { sheet } = open();
  expect(document.body.textContent).not.toContain('YOLOS, tiny');
  expect(document.body.textContent).toMatch(/ViTPose\+, small: 1\d\d MB, once; then it works\s+without a network/);
  expect(document.body.textContent).toContain('Apache-2.0');
  await unmount(sheet);
});

it('keeps nothing where nothing was drawn', async () => {
  const { takePose, studio, sheet } = open();
  await unmount(sheet);
  expect(takePose).not.toHaveBeenCalled();
  expect(studio.said).toBeUndefined();
});
