/** Lists, tags, and the texts drawn for each picture. */
import { describe, expect, it, vi } from 'vitest';
import type { GenerationRequest } from '../../../core/recipe/request';
import { parseGrid } from '../../../core/recipe/grids';
import { finish, queueUnderTest, settled } from '../../testing/queue';
import { readStoredJobs } from '../line/job';
import { completionsAt } from './completions';
import { Drawing } from './drawing.svelte';
import { readTags } from './tags';
import { openWords, type WordStore } from './words.svelte';

function memoryStore(kept = new Map<string, unknown>()): WordStore {
  return {
    get: <T>(key: string) => Promise.resolve(kept.get(key) as T | undefined),
    change: (puts) => {
      for (const [key, value] of puts) kept.set(key, structuredClone(value));
      return Promise.resolve();
    },
  };
}
/** jsdom's files have no `text`. */
const text = (name: string, content: string): File =>
  Object.assign(new File([content], name), { text: () => Promise.resolve(content) });
const request = (prompt: string, negativePrompt = '') =>
  ({
    ...{ model: 'a', prompt, negativePrompt, sampler: 'euler', schedule: 'karras', noise: 'nv' },
    ...{ steps: 3, cfgScale: 7, seed: 5, width: 128, height: 128 },
  }) as GenerationRequest;

describe('Words', () => {
  it('keeps lists and tags between visits, and says what it took', async () => {
    const kept = new Map<string, unknown>();
    const words = await openWords(() => Promise.resolve(memoryStore(kept)));
    const said = await words.takeFiles([
      text('season.txt', 'summer\nwinter\n'),
      text('t.csv', '1girl,0,500\n'),
      text('x.png', ''),
    ]);
    expect(said).toBe(
      '1 list is here. 1 tag is offered while you type. x.png: lists are .txt, .json or .yaml files, tags .csv files.',
    );
    words.completes = false;
    await settled();
    const again = await openWords(() => Promise.resolve(memoryStore(kept)));
    expect(again.lists).toEqual({ season: ['summer', 'winter'] });
    expect([again.tags.map(({ name }) => name), again.completes, again.draws]).toEqual([['1girl'], false, true]);
  });

  it('says that lists do not last where the storage refuses', async () => {
    vi.spyOn(console, 'info').mockImplementation(() => undefined);
    const words = await openWords(() => Promise.reject(new Error('denied')));
    expect(await words.takeFiles([text('a.txt', 'x')])).toContain('they last until the page is closed');
    expect(words.lists).toEqual({ a: ['x'] });
  });

  it('draws anew for each picture of a batch, the same of the same seed, and keeps what was typed', async () => {
    const words = await openWords();
    await words.takeFiles([text('n.txt', Array.from({ length: 50 }, (_, i) => `w${i}`).join('\n'))]);
    const { prompts = [], extras } = words.drawn(request('a __n__', '{x|y}'), { count: 20, extras: { Other: '1' } });
    expect(new Set(prompts.map(({ prompt }) => prompt)).size).toBeGreaterThan(10);
    expect(new Set(prompts.map(({ negativePrompt }) => negativePrompt))).toEqual(new Set(['x', 'y']));
    expect(extras).toEqual({ Other: '1', Template: 'a __n__', 'Negative Template': '{x|y}' });
    const third = words.drawn({ ...request('a __n__', '{x|y}'), seed: 7 }, {}).prompts;
    expect(third).toEqual([prompts[2]]);
  });

  it('leaves texts that are no templates, and all of them where that is wanted', async () => {
    const words = await openWords();
    expect(words.drawn(request('a [b|c] (d:1.2)'), { count: 2 })).toEqual({ count: 2 });
    words.draws = false;
    expect(words.drawn(request('{a|b}'), { count: 2 }).prompts).toBeUndefined();
  });

  it('names lists that are not here', async () => {
    const words = await openWords();
    expect(words.missing(request('{__a__|__b__} c'))).toEqual(expect.arrayContaining(['a', 'b']));
  });

  it('draws a grid cell by cell, so that what is replaced may be in the template', async () => {
    const words = await openWords();
    const whole = request('{cat|cat} here');
    const grid = parseGrid([{ id: 'promptSr', text: 'cat, dog' }], { models: [], drawSeed: () => 1, request: whole });
    const { prompts } = words.drawn(whole, { grid, count: 2 });
    expect(prompts?.map(({ prompt }) => prompt)).toEqual(['cat here', 'dog here']);
  });
});

describe('Drawing', () => {
  it('puts drawn texts in line, picture by picture, and keeps them with the line', async () => {
    const { queue, turns } = queueUnderTest();
    const said: string[] = [];
    const drawing = new Drawing({
      openStore: undefined,
      enqueue: (asked, options) => queue.add(asked, options),
      say: (words) => said.push(words),
    });
    expect(drawing.ask(request('{@one|two|three}'), { count: 3 })).toBe(true);
    await vi.waitFor(() => expect(turns).toHaveLength(1));
    await finish(turns);
    const stored = queue.toStored();
    expect(readStoredJobs(JSON.parse(JSON.stringify(stored)))).toEqual(stored);
    expect(readStoredJobs([{ ...stored[0], prompts: [{ prompt: 3 }] }])).toEqual([]);
    await finish(turns);
    await finish(turns);
    expect(turns.map(({ work }) => work.request.prompt)).toEqual(['one', 'two', 'three']);
    expect(turns[0]?.work.extras).toEqual({ Template: '{@one|two|three}' });
    expect(drawing.ask(request('${x} {a|b}'), {})).toBe(true);
    await vi.waitFor(() => expect(said).toEqual(['"${x}" was never set. The prompt was taken as text.']));
    await vi.waitFor(() => expect(turns[3]?.work.request.prompt).toBe('${x} {a|b}'));
    expect(turns[3]?.work.extras).toBeUndefined();
    // for ever, too
    const unsound = request('${y} {a|b}');
    expect(drawing.again(unsound, undefined)).toMatchObject({ request: unsound });
    expect(said).toHaveLength(2);
  });

  it('asks at once where nothing is drawn', () => {
    const { queue, turns } = queueUnderTest();
    const drawing = new Drawing({
      openStore: undefined,
      enqueue: (asked, options) => queue.add(asked, options),
      say: () => undefined,
    });
    drawing.ask(request('a cat'), { count: 1 });
    expect([turns.length, drawing.words]).toEqual([1, undefined]);
  });
});

describe('readTags', () => {
  it('reads the form of a1111-sd-webui-tagcomplete', () => {
    const csv = 'name,category,count,aliases\nlong_hair,0,300,"/lh,longhair"\n1girl,0,500,\n^_^,0,10,\n"a,b",0,1,\n';
    expect(readTags('t.csv', csv)).toEqual([
      { name: '1girl', count: 500, aliases: [] },
      { name: 'long hair', count: 300, aliases: ['/lh', 'longhair'] },
      { name: '^_^', count: 10, aliases: [] },
      { name: 'a,b', count: 1, aliases: [] },
    ]);
  });
  it('refuses what holds none', () => expect(() => readTags('t.csv', '\n\n')).toThrow(/t.csv: it holds no tags/));
});

describe('completionsAt', () => {
  const known = {
    networks: ['starter-ink', 'ink-wash'],
    embeddings: ['starter-night'],
    lists: ['season', 'colours/cold'],
    words: ['apple', 'red apple', 'cat', 'caterpillar'],
    tags: readTags('t', 'long_hair,0,3000000,lh\nlooking_at_viewer,0,2500\nsaber_(fate),0,9'),
  };
  const at = (typed: string, after = '') =>
    completionsAt(typed + after, typed.length, known).map(({ insert, from }) => typed.slice(0, from) + insert + after);
  it.each([
    ['a <lora:in', ['a <lora:ink-wash:1>', 'a <lora:starter-ink:1>']],
    ['embedding:st', ['embedding:starter-night']],
    ['a __', ['a __colours/cold__', 'a __season__']],
    ['a __sea', ['a __season__']],
    ['x, lo', ['x, long hair', 'x, looking at viewer']],
    ['x, lh', ['x, long hair']],
    ['a big app', ['a big apple']],
    ['a red a', ['a red apple']],
    ['sab', ['saber \\(fate\\)']],
    ['a cat', []], // there in full
    ['a', []],
    ['', []],
  ])('%j: %j', (typed, expected) => expect(at(typed)).toEqual(expected));
  it('heeds no case, of aliases too, and lowers a list of tags once, not at each key', () => {
    let reads = 0;
    const tag = (name: string, aliases: string[], count: number) => ({
      get name() {
        reads += 1;
        return name;
      },
      ...{ aliases, count },
    });
    const tags = [tag('Eiffel Tower', ['La Tour', 'PARIS'], 9), tag('Paris', [], 8), tag('Pareo', [], 7)];
    const typed = (text: string) =>
      completionsAt(text, text.length, { ...known, tags }).map(({ insert, label }) => [insert, label]);
    expect(typed('par')).toEqual([
      ['Eiffel Tower', 'PARIS → Eiffel Tower'],
      ['Paris', 'Paris'],
      ['Pareo', 'Pareo'],
    ]);
    expect(typed('la t')).toEqual([['Eiffel Tower', 'La Tour → Eiffel Tower']]);
    reads = 0;
    expect(typed('zz')).toEqual([]);
    expect(reads, 'none of them begins so').toBe(0);
  });
  it('offers nothing amid a word', () => expect(at('ap', 'ple')).toEqual([]));
});
