/** The LoRAs of the prompt as rows of the form: their order. */
import { flushSync, tick } from 'svelte';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { click, openPage, soon, type TestPage } from '../../testing/page';
import { storedLora } from '../../testing/stored-lora';

let page: TestPage;

const names = (): (string | null)[] =>
  [...document.querySelectorAll('[aria-label="LoRAs in the prompt"] [role=group][aria-label]')].map((group) =>
    group.getAttribute('aria-label'),
  );

beforeEach(async () => {
  document.body.replaceChildren();
  page = openPage('0', { stored: { prompt: 'a cat <lora:ink:1> <lora:line:0.5> <lora:gone:1>' } });
  page.library.show({ adapters: [storedLora('ink'), storedLora('line')] });
  await page.studio.start();
  await soon(() => expect(names()).toEqual(['ink', 'line', 'gone']));
});
afterEach(() => page.close());

async function moveUp(name: string): Promise<string | undefined> {
  click(`Move ${name} up`);
  await tick();
  flushSync();
  return document.activeElement?.textContent.trim();
}

describe('rows of LoRAs', () => {
  it('are in the prompt’s order, which a button changes, the focus going along', async () => {
    expect(await moveUp('gone')).toBe('Move gone up');
    expect(names()).toEqual(['ink', 'gone', 'line']);
    expect(page.studio.settings.prompt).toBe('a cat <lora:ink:1> <lora:gone:1> <lora:line:0.5>');
    expect(await moveUp('gone'), 'there is nothing above it').toBe('Take gone out of the prompt');
    expect(names()).toEqual(['gone', 'ink', 'line']);
  });
});
