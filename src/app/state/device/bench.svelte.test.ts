import { flushSync } from 'svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { renderText, type BenchReport } from '../../../core/bench';
import { AppError } from '../../../core/errors';
import { button, click, control, openPage, type TestPage } from '../../testing/page';
import { browserName } from './bench.svelte';

let page: TestPage;

/** Waits until it holds: a busy machine takes its time. */
const seen = (what: () => boolean): Promise<void> =>
  vi.waitFor(
    () => {
      flushSync();
      expect(what()).toBe(true);
    },
    { timeout: 30_000, interval: 20 },
  );
const isOver = (): boolean => ['done', 'failed'].includes(page.studio.bench?.phase ?? '');
const text = (): string => document.body.textContent ?? '';

async function openBench(): Promise<void> {
  page = openPage();
  page.studio.opened = 'bench';
  await seen(() => document.querySelector('#field-bench-big') !== null);
}

describe('the benchmark', () => {
  afterEach(async () => {
    await page.close();
    location.hash = '';
  });

  it('measures the starter and random numbers where no big model is here, and shows both', async () => {
    await openBench();
    await seen(() => location.hash === '#/bench');
    expect((control('Big model') as unknown as HTMLSelectElement).value).toBe('random');
    click('Start');
    await seen(isOver);
    expect(page.bench.setups).toMatchObject([
      { big: { kind: 'random' }, starter: { source: { kind: 'bundled' } }, program: 'gesso-test' },
    ]);
    expect(page.bench.setups[0].repeat).toContain('https://gesso.test/#/bench');
    expect(text()).toContain('NVIDIA GeForce RTX 4090');
    // 1.61 TFLOP in 212 ms: 7.59 of 24.1
    expect(text()).toMatch(/212\s*7\.6\s*31 %/);
    expect(renderText(page.studio.bench?.report as BenchReport)).toContain('Stable Diffusion 1.5, random weights');
    expect(button('Measure again').disabled).toBe(false);
  });

  it('takes a model of the library for the big one', async () => {
    await openBench();
    await page.studio.library.open();
    page.library.show({
      models: [{ id: 'mine', name: 'Mine', family: 'sd15', plan: 'q8', bytes: 1, addedAt: 0, fileName: 'mine' }],
    });
    const chosen = (): string => (control('Big model') as unknown as HTMLSelectElement).value;
    await seen(() => chosen() === 'mine');
    click('Start');
    await seen(isOver);
    expect(page.bench.setups[0].big).toMatchObject({ kind: 'stored', entry: { id: 'mine' } });
  });

  it('frees the engine before, and loads its model again after', async () => {
    await openBench();
    const before = page.engine.calls.length;
    click('Start');
    await seen(isOver);
    await seen(() => page.studio.engine.phase === 'ready');
    const calls = page.engine.calls.slice(before);
    expect(calls[0]).toBe('restart');
    expect(calls).toContain('load');
  });

  it('waits for a picture that is being made', async () => {
    page = openPage('400');
    page.studio.settings.prompt = 'a cat';
    page.studio.generate();
    page.studio.opened = 'bench';
    await seen(() => document.querySelector('#field-bench-big') !== null);
    expect(button('Start').disabled).toBe(true);
    expect(text()).toContain('A picture is being made');
    page.studio.cancel();
  });

  it('says why it could not measure', async () => {
    await openBench();
    page.bench.run = () => Promise.reject(new AppError('no-webgpu', 'There is no GPU here.'));
    click('Start');
    await seen(isOver);
    expect(page.studio.bench?.phase).toBe('failed');
    await seen(() => text().includes('There is no GPU here.'));
  });

  it('leaves the address as it was when it is closed', async () => {
    await openBench();
    page.studio.opened = undefined;
    await seen(() => location.hash === '');
  });
});

describe('browserName', () => {
  it.each([
    [
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36',
      'Chrome 156, X11; Linux x86_64',
    ],
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/156.0.0.0 Safari/537.36 Edg/156.0.0.0',
      'Edge 156, Windows NT 10.0; Win64; x64',
    ],
    ['Mozilla/5.0 (Windows NT 10.0; rv:150.0) Gecko/20100101 Firefox/150.0', 'Firefox 150, Windows NT 10.0; rv:150.0'],
    [
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/26.1 Safari/605.1.15',
      'Safari 26, Macintosh; Intel Mac OS X 10_15_7',
    ],
    ['something else', 'something else'],
  ])('reads %s', (agent, name) => expect(browserName(agent)).toBe(name));
});
