import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../testing/page';
import { PromptStore } from './prompt-store.svelte';

const pair = (prompt: string, negativePrompt = '') => ({ prompt, negativePrompt });

describe('PromptStore', () => {
  it('remembers what was used last, each once, fifty at most, over a reload', () => {
    const store = memoryStore();
    const shelf = new PromptStore(store);
    for (let i = 0; i < 60; i += 1) shelf.remember(pair(`p${i}`));
    shelf.remember(pair('p30'));
    shelf.remember(pair('  '));
    const again = new PromptStore(store).recent;
    expect([again.length, again[0]?.prompt, again[1]?.prompt]).toEqual([50, 'p30', 'p59']);
    expect(again.filter(({ prompt }) => prompt === 'p30')).toHaveLength(1);
  });

  it('imports and exports A1111’s styles.csv, a later style of one name replacing the former', async () => {
    const store = memoryStore();
    const shelf = new PromptStore(store);
    shelf.keepStyle({ name: 'Oil', ...pair('old') });
    expect(shelf.importStyles('name,prompt,negative_prompt\r\nOil,"oil, {prompt}",photo\r\nInk,ink,\r\n')).toBe(2);
    expect(new PromptStore(store).styles.map(({ name }) => name)).toEqual(['Ink', 'Oil']);
    const oil = shelf.styles.find(({ name }) => name === 'Oil');
    expect(oil && shelf.apply(pair('a cat', 'bad'), oil)).toEqual(pair('oil, a cat', 'bad, photo'));
    expect(shelf.exportStyles().size).toBeGreaterThan(60);
    shelf.removeStyle('Oil');
    expect(new PromptStore(store).styles).toHaveLength(1);
    expect(() => shelf.importStyles('x,y')).toThrow(/must begin with/);
  });

  it('leaves the styles alone that another tab has kept meanwhile', () => {
    const store = memoryStore();
    const [here, there] = [new PromptStore(store), new PromptStore(store)];
    there.keepStyle({ name: 'Oil', ...pair('oil') });
    here.remember(pair('a cat'));
    const { styles, recent } = new PromptStore(store);
    expect([styles.map(({ name }) => name), recent]).toEqual([['Oil'], [pair('a cat')]]);
  });

  it('takes nothing unsound out of the store', () => {
    const store = memoryStore({ recent: [pair('a'), { prompt: 1 }, null], styles: [{ name: 'x', prompt: 'a' }, 'y'] });
    const shelf = new PromptStore(store);
    expect([shelf.recent, shelf.styles]).toEqual([[pair('a')], []]);
  });
});
