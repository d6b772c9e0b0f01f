import { flushSync } from 'svelte';
import { afterEach, describe, expect, it } from 'vitest';
import { click, openPage, type TestPage } from '../../testing/page';

let page: TestPage;
afterEach(() => page.close());

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 30; turn++) await new Promise((resolve) => setTimeout(resolve));
  flushSync();
};
const text = (): string => document.body.textContent?.replace(/\s+/g, ' ') ?? '';

async function openLibrary(script: string): Promise<void> {
  page = openPage(script);
  await page.studio.start();
  await settle();
  click('Models');
  await settle();
}

describe('the test of the GPU', () => {
  it('says what was found, and runs again when asked', async () => {
    await openLibrary('0');
    expect(text()).toContain('This GPU was not tested.');
    click('Test this GPU');
    expect(text()).toContain('Testing what this GPU computes');
    await settle();
    expect(page.engine.calls).toContain('examine');
    expect(text()).toContain('Half precision: exact. Fast attention: off, wrong by 4 % on this GPU');
    expect(text()).toMatch(/Tested on .* in 1\.4 s\./);
    click('Test this GPU again');
    await settle();
    expect(page.engine.calls.filter((call) => call === 'examine')).toHaveLength(2);
    // the line under the easel, too
    expect(text()).toMatch(/Runs on your GPU \(NVIDIA GeForce RTX 4090\)\. Fast attention: off/);
  });

  it('is not there without a GPU', async () => {
    await openLibrary('0,cpu');
    expect(text()).not.toContain('Test this GPU');
  });
});
