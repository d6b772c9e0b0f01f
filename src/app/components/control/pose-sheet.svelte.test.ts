import { flushSync, mount, unmount } from 'svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { writePoseText } from '../../../core/pose/pose-text';
import { readyPerson } from '../../../core/pose/ready-poses';
import type { Workflow } from '../../../core/workflow/workflow';
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
const FOUND = writePoseText({ width: 64, height: 64, people: [readyPerson('sitting', { width: 64, height: 64 })] });

interface Given {
  /** Picture of the unit. */
  image?: string | undefined;
  controls?: (typeof VITPOSE)[];
  found?: string;
}

function open({ image, controls = [], found = FOUND }: Given = { image: 'a' }) {
  const takePose = vi.fn((): Promise<boolean> => Promise.resolve(true));
  const pixels = { width: 1, height: 1, data: new Uint8ClampedArray(4) };
  const helper = {
    id: 'vitpose-plus-small',
    role: 'control',
    name: 'ViTPose+, small',
    downloadBytes: 132600000,
    licence: { name: 'Apache-2.0', url: 'x' },
  };
  const studio = {
    settings: { width: 64, height: 64, initImage: 'b' },
    said: undefined as string | undefined,
    library: {
      controls,
      helpers: [{ entry: helper }],
      problemOf: () => undefined,
      preferences: { mustAccept: () => false },
    },
    startPictures: {
      imagesOf: ({ initImage }: { initImage: string }) => Promise.resolve({ [initImage]: pixels }),
      look: () => ({ url: 'blob:start' }),
    },
    engine: { run: vi.fn(() => Promise.resolve({ images: [pixels], found: [found] })) },
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

it('offers what finds poses where it is not here, with its size and licence', async () => {
  const { sheet } = open();
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
