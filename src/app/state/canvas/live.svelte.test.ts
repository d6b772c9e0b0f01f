/** The live picture follows what is painted, goes after everything else, and leaves nothing behind. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AppError } from '../../../core/errors';
import { plainPicture } from '../../testing/asset-store';
import { openPage, type TestPage } from '../../testing/page';
import { pixelHash } from '../../../core/image/pixel-hash';
import { Live, type Source } from './live.svelte';
import { LIVE_STEPS } from './live-request';

let page: TestPage | undefined;
let live: Live | undefined;
let source: Source | undefined;
beforeEach(() => (source = { picture: plainPicture(90), mask: undefined }));
afterEach(async () => {
  live?.close();
  await page?.close();
});

async function open(script = '0'): Promise<{ live: Live; page: TestPage }> {
  page = openPage(script);
  await page.studio.start();
  page.studio.settings.prompt = 'a cat';
  live = new Live(page.studio, () => source);
  return { live, page };
}

describe('Live', () => {
  it('paints what is there with few steps, and nothing of it is kept', async () => {
    const { live, page } = await open();
    live.isOn = true;
    await vi.waitFor(() => expect(live.picture).toBeDefined());
    expect([live.state, live.problem]).toEqual(['ready', undefined]);
    expect([page.studio.gallery.pictures.length, page.studio.queue.waiting.length, page.assets.kept.size]).toEqual([
      0, 0, 0,
    ]);
  });

  it('paints once for many changes, and the newest of them', async () => {
    const { live, page } = await open();
    const generate = vi.spyOn(page.studio.engine, 'generate');
    live.isOn = true;
    for (let level = 0; level < 5; level++) {
      source = { picture: plainPicture(level), mask: plainPicture(255) };
      live.touch();
    }
    await vi.waitFor(() => expect(live.picture).toBeDefined());
    expect(generate).toHaveBeenCalledOnce();
    expect(generate.mock.calls[0][0].request).toMatchObject({
      ...{ initImage: pixelHash(plainPicture(4)), initMask: pixelHash(plainPicture(255)) },
      steps: Math.min(LIVE_STEPS, page.studio.settings.steps ?? 0),
    });
  });

  it('gives up what is under way when a stroke ends, not in the midst of one', async () => {
    const { live, page } = await open('40');
    const generate = vi.spyOn(page.studio.engine, 'generate');
    live.isOn = true;
    await vi.waitFor(() => expect(live.state).toBe('painting'));
    const [, , signal] = generate.mock.calls[0];
    source = { picture: plainPicture(7), mask: undefined };
    live.touch(false);
    expect(signal.aborted).toBe(false);
    live.touch();
    expect(signal.aborted).toBe(true);
    await vi.waitFor(() => expect(live.picture).toBeDefined(), { timeout: 5000 });
    expect(generate.mock.lastCall?.[0].request.initImage).toBe(pixelHash(plainPicture(7)));
  });

  it('waits for the line, and follows when it stands', async () => {
    const { live, page } = await open('20');
    const { studio } = page;
    studio.generate();
    await vi.waitFor(() => expect(studio.queue.current).toBeDefined());
    live.isOn = true;
    expect(live.state).toBe('waiting');
    await vi.waitFor(() => expect(studio.gallery.pictures).toHaveLength(1), { timeout: 5000 });
    expect(live.picture).toBeUndefined();
    await vi.waitFor(() => expect(studio.queue.current).toBeUndefined());
    live.follow();
    await vi.waitFor(() => expect(live.picture).toBeDefined(), { timeout: 5000 });
  });

  it('makes way for what is asked for', async () => {
    const { live, page } = await open('40');
    const generate = vi.spyOn(page.studio.engine, 'generate');
    live.isOn = true;
    await vi.waitFor(() => expect(live.state).toBe('painting'));
    page.studio.generate();
    live.follow();
    expect(generate.mock.calls[0][2].aborted).toBe(true);
    await vi.waitFor(() => expect(page.studio.gallery.pictures).toHaveLength(1), { timeout: 5000 });
  });

  it('keeps the very picture that is shown, where that is wanted', async () => {
    const { live, page } = await open();
    const generate = vi.spyOn(page.studio.engine, 'generate');
    live.isOn = true;
    await vi.waitFor(() => expect(live.picture).toBeDefined());
    const { request } = generate.mock.calls[0][0];
    source = { picture: plainPicture(1), mask: undefined }; // painted on since
    await live.keep();
    await vi.waitFor(() => expect(page.studio.gallery.pictures).toHaveLength(1));
    expect(page.studio.gallery.pictures[0].request).toEqual(request);
    expect([...page.assets.kept.keys()]).toEqual([request.initImage]);
  });

  it('says in a sentence why there is no picture, and goes on with the next change', async () => {
    const { live, page } = await open();
    page.studio.settings.steps = null;
    live.isOn = true;
    await vi.waitFor(() => expect(live.problem).toContain('Steps'));
    page.studio.settings.steps = 4;
    live.touch();
    await vi.waitFor(() => expect(live.picture).toBeDefined());
    expect(live.problem).toBeUndefined();
  });

  it('paints with another seed where that is asked for, though the form has a fixed one', async () => {
    const { live, page } = await open();
    page.studio.settings.seed = 7;
    const generate = vi.spyOn(page.studio.engine, 'generate');
    live.isOn = true;
    await vi.waitFor(() => expect(live.picture).toBeDefined());
    expect(generate.mock.lastCall?.[0].request.seed).toBe(7);
    live.another();
    await vi.waitFor(() => expect(generate).toHaveBeenCalledTimes(2));
    const seed = generate.mock.lastCall?.[0].request.seed;
    expect(seed).not.toBe(7);
    live.touch();
    await vi.waitFor(() => expect(generate).toHaveBeenCalledTimes(3));
    expect(generate.mock.lastCall?.[0].request.seed).toBe(seed);
  });

  it('switches itself off where the next stroke would fail too, and says why', async () => {
    const { live, page } = await open();
    const failure = new AppError('out-of-memory', 'The GPU is full.');
    const generate = vi.spyOn(page.studio.engine, 'generate').mockRejectedValue(failure);
    live.isOn = true;
    await vi.waitFor(() => expect(live.isOn).toBe(false));
    expect(page.studio.said).toBe('Live is off. The GPU is full.');
    live.touch();
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(generate).toHaveBeenCalledOnce();
  });

  it('stands still while the page is hidden, and when it is switched off', async () => {
    const { live, page } = await open();
    const generate = vi.spyOn(page.studio.engine, 'generate');
    live.hide(true);
    live.isOn = true;
    expect(live.state).toBe('hidden');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(generate).not.toHaveBeenCalled();
    live.hide(false);
    await vi.waitFor(() => expect(live.picture).toBeDefined());
    live.isOn = false;
    live.touch();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(generate).toHaveBeenCalledOnce();
  });
});
