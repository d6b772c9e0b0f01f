import { flushSync, mount, unmount } from 'svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
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
afterEach(() => vi.unstubAllGlobals());

function open() {
  const takePose = vi.fn((): Promise<boolean> => Promise.resolve(true));
  const studio = { settings: { width: 64, height: 64 }, said: undefined as string | undefined };
  const row = { place: 0, unit: { image: 'a', pose: undefined }, look: undefined, model: undefined };
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

it('keeps nothing where nothing was drawn', async () => {
  const { takePose, studio, sheet } = open();
  await unmount(sheet);
  expect(takePose).not.toHaveBeenCalled();
  expect(studio.said).toBeUndefined();
});
