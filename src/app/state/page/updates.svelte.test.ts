import { flushSync } from 'svelte';
import { describe, expect, it, vi } from 'vitest';
import { becomesTrue, Updates } from './updates.svelte';

class FakeWorker extends EventTarget {
  state = 'installing';
  readonly messages: unknown[] = [];
  postMessage(message: unknown): void {
    this.messages.push(message);
  }
  become(state: string): void {
    this.state = state;
    this.dispatchEvent(new Event('statechange'));
  }
}

/** A browser's service workers: `update()` is a new version arriving. */
function fakeContainer({ hasController }: { hasController: boolean }) {
  const registration = Object.assign(new EventTarget(), {
    installing: undefined as FakeWorker | undefined,
    waiting: undefined as FakeWorker | undefined,
  });
  const container = Object.assign(new EventTarget(), {
    controller: hasController ? {} : null,
    ready: Promise.resolve(registration),
    register: vi.fn(() => Promise.resolve(registration)),
  });
  const update = (): FakeWorker => {
    const worker = new FakeWorker();
    registration.installing = worker;
    registration.dispatchEvent(new Event('updatefound'));
    registration.installing = undefined;
    registration.waiting = worker;
    worker.become('installed');
    return worker;
  };
  const control = (): void => {
    container.controller = {};
    container.dispatchEvent(new Event('controllerchange'));
  };
  return { container: container as unknown as ServiceWorkerContainer, update, control };
}

describe('Updates', () => {
  it('on a first visit waits for nothing, and is ready for no network', async () => {
    const { container, update, control } = fakeContainer({ hasController: false });
    const updates = new Updates();
    await updates.register(container, './sw.js');
    update();
    control(); // the first version claims the page it came with
    expect([updates.isWaiting, updates.isReloadNeeded, updates.isOfflineReady]).toEqual([false, false, true]);
  });

  it('offers a new version and takes it when told to, then reloads once', async () => {
    const { container, update, control } = fakeContainer({ hasController: true });
    const reload = vi.fn();
    const updates = new Updates(reload);
    await updates.register(container, './sw.js');
    const worker = update();
    expect(updates.isWaiting).toBe(true);
    expect(worker.messages).toEqual([]);
    updates.accept();
    expect(worker.messages).toEqual([{ type: 'SKIP_WAITING' }]);
    expect(reload).not.toHaveBeenCalled();
    worker.become('activated');
    control();
    expect(reload).toHaveBeenCalledOnce();
  });

  it('says in other tabs that another has taken a new version, and does not reload them', async () => {
    const { container, control } = fakeContainer({ hasController: true });
    const reload = vi.fn();
    const updates = new Updates(reload);
    await updates.register(container, './sw.js');
    control();
    expect(updates.isReloadNeeded).toBe(true);
    expect(reload).not.toHaveBeenCalled();
    updates.accept();
    expect(reload).toHaveBeenCalledOnce();
  });

  it('reloads when asked, where another tab has taken the version that waited here, too', async () => {
    const { container, update, control } = fakeContainer({ hasController: true });
    update();
    const reload = vi.fn();
    const updates = new Updates(reload);
    await updates.register(container, './sw.js');
    expect(updates.isWaiting).toBe(true);
    control();
    expect([updates.isWaiting, updates.isReloadNeeded]).toEqual([false, true]);
    updates.accept();
    expect(reload).toHaveBeenCalledOnce();
  });

  it('is silent without service workers, and where they are refused', async () => {
    vi.spyOn(console, 'info').mockImplementation(() => undefined);
    const updates = new Updates();
    await updates.register(undefined, './sw.js');
    const { container } = fakeContainer({ hasController: false });
    vi.spyOn(container, 'register').mockRejectedValue(new Error('refused'));
    await updates.register(container, './sw.js');
    expect(updates.isOfflineReady).toBe(false);
  });
});

describe('becomesTrue', () => {
  it('resolves when it holds, and not before', async () => {
    const { container, update } = fakeContainer({ hasController: true });
    const updates = new Updates();
    await updates.register(container, './sw.js');
    const seen = vi.fn();
    const waits = becomesTrue(() => updates.isWaiting).then(seen);
    flushSync();
    await Promise.resolve();
    expect(seen).not.toHaveBeenCalled();
    update();
    flushSync();
    await waits;
    expect(seen).toHaveBeenCalledOnce();
    await becomesTrue(() => true);
  });
});
