/** Two tabs with one storage: what one of them keeps, the other does not write over. */
import { describe, expect, it } from 'vitest';
import { CATALOG } from '../../testing/catalog';
import { KeptPage } from '../kept/kept-page';
import { KeptStore, type StateStore } from '../kept/kept-store';
import { PromptStore } from '../prompt/prompt-store.svelte';
import { Settings } from '../settings/settings.svelte';

type Values = Record<string, unknown>;

/** localStorage tells all tabs but the one that writes. */
function computer() {
  const states = new Map<string, unknown>();
  let [copied, time]: [Values, number] = [{}, 1000];
  const tabs: KeptStore[] = [];
  const shelf: StateStore = {
    readState: (name) => Promise.resolve(states.get(name)),
    writeState: (name, value) => Promise.resolve(void states.set(name, value)),
  };
  async function open(): Promise<KeptStore> {
    const write = (values: Values): void => {
      copied = values;
      for (const other of tabs) if (other !== store) other.hear();
    };
    const copy = { read: () => structuredClone(copied), write };
    const store: KeptStore = new KeptStore('x', { shelf, copy, now: () => (time += 1) });
    tabs.push(await store.refresh());
    return store;
  }
  return { open, kept: () => copied };
}

const style = (name: string) => ({ name, prompt: 'ink', negativePrompt: '' });
const names = ({ styles }: PromptStore): string[] => styles.map(({ name }) => name);

describe('two tabs', () => {
  it('share styles and recent prompts: the last to write keeps what the other has kept', async () => {
    const { open } = computer();
    const [a, b] = [new PromptStore(await open()), new PromptStore(await open())];
    a.keepStyle(style('of a'));
    expect(names(b)).toEqual(['of a']);
    b.keepStyle(style('of b'));
    a.remember({ prompt: 'a cat', negativePrompt: '' });
    b.remember({ prompt: 'a dog', negativePrompt: '' });
    for (const shelf of [a, b, new PromptStore(await open())]) {
      expect(names(shelf)).toEqual(['of a', 'of b']);
      expect(shelf.recent.map(({ prompt }) => prompt)).toEqual(['a dog', 'a cat']);
    }
    a.removeStyle('of b');
    expect(names(b)).toEqual(['of a']);
  });

  it('share own defaults, and each has a form of its own, which hearing of the other’s does not write', async () => {
    const { open, kept } = computer();
    async function page() {
      const store = await open();
      const settings = new Settings(CATALOG);
      const others = { notifier: { isWanted: false, take: () => undefined }, attention: { isAudible: false } };
      const all = { settings, ...others, library: { isReady: true }, view: 'smooth', warmUp: () => undefined };
      return { settings, kept: new KeptPage(store, all as never, store.read(), undefined) };
    }
    const [a, b] = [await page(), await page()];
    a.settings.prompt = 'of a';
    a.settings.mine = { small: { fields: { steps: 5 }, batchCount: 1, advanced: {} } };
    a.kept.save();
    b.kept.save();
    expect([b.settings.prompt, b.settings.mine]).toEqual(['', a.settings.mine]);
    expect(kept()['prompt'], 'nothing was changed in the other').toBe('of a');
    b.settings.prompt = 'of b';
    b.kept.save();
    expect([kept()['prompt'], kept()['mine']]).toEqual(['of b', a.settings.mine]);
    expect(a.settings.prompt).toBe('of a');
  });

  it('take nothing that is older, or their own', async () => {
    const { open } = computer();
    const store = await open();
    const heard: unknown[] = [];
    store.onHeard((values) => heard.push(values));
    store.hear();
    store.write({ n: 1 });
    store.hear();
    expect([heard, store.read()['n']]).toEqual([[], 1]);
    (await open()).write({ n: 2 });
    expect([heard, store.read()['n']]).toEqual([[{ n: 2, at: 1002 }], 2]);
  });
});
