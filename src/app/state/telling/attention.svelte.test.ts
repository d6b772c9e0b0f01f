import { describe, expect, it, vi } from 'vitest';
import { Attention, type AttentionHost } from './attention.svelte';

function createHost(isHidden = false) {
  let listener = (): void => undefined;
  const locks = { held: 0, asked: 0 };
  const document = { hidden: isHidden, addEventListener: (_: string, then: () => void) => void (listener = then) };
  const navigator = {
    wakeLock: {
      request: vi.fn(() => {
        locks.asked += 1;
        locks.held += 1;
        return Promise.resolve({ release: () => Promise.resolve(void (locks.held -= 1)) });
      }),
    },
    setAppBadge: vi.fn(() => Promise.resolve()),
    clearAppBadge: vi.fn(() => Promise.resolve()),
  };
  const show = (isShown: boolean): void => {
    document.hidden = !isShown;
    listener();
  };
  return { host: { document, navigator } as unknown as AttentionHost, navigator, locks, show };
}

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

describe('Attention', () => {
  it('keeps the screen awake while pictures are made, and no longer', async () => {
    const { host, locks, show } = createHost();
    const attention = new Attention(host);
    attention.work(true);
    await settle();
    expect(locks.held).toBe(1);
    show(false);
    show(true);
    await settle();
    expect(locks.held).toBe(1);
    attention.work(false);
    await settle();
    expect(locks.held).toBe(0);
  });

  it('counts what is finished unseen until somebody looks', async () => {
    const { host, navigator, show } = createHost(true);
    const attention = new Attention(host);
    attention.finish(2);
    attention.finish(1);
    expect(attention.unseen).toBe(3);
    expect(navigator.setAppBadge).toHaveBeenLastCalledWith(3);
    show(true);
    expect(attention.unseen).toBe(0);
    expect(navigator.clearAppBadge).toHaveBeenCalledOnce();
    attention.finish(1);
    expect(attention.unseen).toBe(0);
    await settle();
  });

  it('marks the tab’s icon until somebody looks', () => {
    const { host, show } = createHost(true);
    const mark = vi.fn();
    const attention = new Attention(host, mark);
    attention.finish(1);
    expect(mark).toHaveBeenLastCalledWith(true);
    show(true);
    expect(mark.mock.calls).toEqual([[true], [false]]);
    show(true);
    expect(mark).toHaveBeenCalledTimes(2);
  });

  it('does without what a browser lacks or refuses', async () => {
    vi.spyOn(console, 'info').mockImplementation(() => undefined);
    const { host, navigator } = createHost();
    navigator.wakeLock.request.mockRejectedValueOnce(new DOMException('low battery', 'NotAllowedError'));
    new Attention(host).work(true);
    const bare = new Attention({ ...host, navigator: {} }, vi.fn());
    bare.work(true);
    bare.finish(1);
    await settle();
    expect(bare.unseen).toBe(0);
  });
});
