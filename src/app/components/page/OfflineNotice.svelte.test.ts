import { flushSync, mount, unmount, type ComponentProps } from 'svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { memoryStore } from '../../testing/page';
import OfflineNotice from './OfflineNotice.svelte';

beforeEach(() => {
  vi.stubGlobal(
    'ResizeObserver',
    class {
      observe(): void {}
      unobserve(): void {}
      disconnect(): void {}
    },
  );
});

let app: Record<string, unknown> | undefined;
afterEach(async () => {
  if (app) await unmount(app);
  document.body.replaceChildren();
});

function show({
  isOfflineReady = true,
  newest = {} as object | null,
  current = undefined as object | undefined,
  isFleeting = false,
  told = memoryStore(),
} = {}) {
  const props = {
    gallery: { newest: newest ?? undefined, isFleeting },
    queue: { current },
    updates: { isOfflineReady, isWaiting: false },
    told,
  };
  app = mount(OfflineNotice, {
    target: document.body,
    props: props as unknown as ComponentProps<typeof OfflineNotice>,
  });
  flushSync();
  return document.body.textContent ?? '';
}

describe('OfflineNotice', () => {
  it('says once, after a picture and when all is kept, that no network is needed', async () => {
    const told = memoryStore();
    expect(show({ told })).toMatch(/Works offline now: Gesso opens and paints without a network\./);
    document.querySelector<HTMLButtonElement>('button')?.click();
    flushSync();
    expect(document.body.textContent).not.toMatch(/offline/);
    if (app) await unmount(app);
    expect(show({ told })).not.toMatch(/offline/);
  });

  it('says in its place that all of it goes with the window, also where the app is not kept', () => {
    const words = show({ isOfflineReady: false, isFleeting: true });
    expect(words).toMatch(/private window: pictures and models go when it is closed/);
    expect(words).not.toMatch(/offline/);
  });

  it.each([
    ['before all is kept', { isOfflineReady: false }],
    ['before the first picture', { newest: null }],
    ['while one is being made', { current: {} }],
  ])('says nothing %s', (_when, part) => {
    expect(show(part)).not.toMatch(/offline/);
  });
});
