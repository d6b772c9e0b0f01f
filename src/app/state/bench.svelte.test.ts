import { flushSync } from 'svelte';
import { afterEach, describe, expect, it } from 'vitest';
import { AppError } from '../../core/errors';
import { button, click, control, openPage, type TestPage } from '../testing/page';
import { browserName } from './bench.svelte';

let page: TestPage;
afterEach(async () => {
  await page.close();
  location.hash = '';
});

const settled = async (): Promise<void> => {
  await new Promise((resolve) => setTimeout(resolve, 30));
  flushSync();
};
const text = (): string => document.body.textContent ?? '';

async function openBench(): Promise<void> {
  page = openPage();
  await settled();
  page.studio.bench.isOpen = true;
  flushSync();
  await settled();
}

describe('the benchmark', () => {
  it('measures the starter and random numbers where no big model is here, and shows both', async () => {
    await openBench();
    expect(location.hash).toBe('#/bench');
    expect((control('Big model') as unknown as HTMLSelectElement).value).toBe('random');
    click('Start');
    await settled();
    expect(page.bench.setups).toMatchObject([
      { big: { kind: 'random' }, starter: { source: { kind: 'bundled' } }, program: 'gesso-test' },
    ]);
    expect(page.bench.setups[0].repeat).toContain('https://gesso.test/#/bench');
    expect(text()).toContain('NVIDIA GeForce RTX 4090');
    // 1.61 TFLOP in 212 ms: 7.59 of 24.1
    expect(text()).toMatch(/212\s*7\.6\s*31 %/);
    expect(page.studio.bench.text).toContain('Stable Diffusion 1.5, random weights');
    expect(button('Measure again').disabled).toBe(false);
  });

  it('takes a model of the library for the big one', async () => {
    await openBench();
    page.library.show({
      models: [{ id: 'mine', name: 'Mine', family: 'sd15', plan: 'q8', bytes: 1, addedAt: 0, fileName: 'mine' }],
    });
    flushSync();
    expect((control('Big model') as unknown as HTMLSelectElement).value).toBe('mine');
    click('Start');
    await settled();
    expect(page.bench.setups[0].big).toMatchObject({ kind: 'stored', entry: { id: 'mine' } });
  });

  it('frees the engine before, and loads its model again after', async () => {
    await openBench();
    const before = page.engine.calls.length;
    click('Start');
    await settled();
    expect(page.engine.calls.slice(before).filter((call) => /restart|load/.test(call))).toHaveLength(2);
  });

  it('waits for a picture that is being made', async () => {
    page = openPage('400');
    await settled();
    page.studio.settings.prompt = 'a cat';
    page.studio.generate();
    page.studio.bench.isOpen = true;
    flushSync();
    expect(button('Start').disabled).toBe(true);
    expect(text()).toContain('A picture is being made');
    page.studio.cancel();
    await settled();
  });

  it('says why it could not measure', async () => {
    await openBench();
    page.bench.run = () => Promise.reject(new AppError('no-webgpu', 'There is no GPU here.'));
    click('Start');
    await settled();
    expect(page.studio.bench.phase).toBe('failed');
    expect(document.querySelector('[role=alert]')?.textContent).toContain('There is no GPU here.');
  });

  it('leaves the address as it was when it is closed', async () => {
    await openBench();
    page.studio.bench.isOpen = false;
    flushSync();
    expect(location.hash).toBe('');
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
