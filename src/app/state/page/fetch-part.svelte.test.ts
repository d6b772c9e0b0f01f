/** What is done when a part of the program does not come: it is said, and nothing else happens. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PART_MISSING } from './fetch-part';
import { Inbox } from '../arriving/inbox.svelte';
import type { Picture } from '../pictures/picture';
import { PictureActions } from '../pictures/picture-actions.svelte';

const net = vi.hoisted(() => ({ isThere: false }));
const offline = () => {
  if (!net.isThere) throw new Error('offline');
};
vi.mock('../pictures/picture-recipe', () => {
  offline();
  return { infotextOf: () => 'a cat', linkOf: () => 'https://x.test/#p=a+cat', extrasOf: () => ({}) };
});
vi.mock('../arriving/incoming.svelte', () => {
  offline();
  return {};
});
vi.mock('../pictures/zip-pictures', () => {
  offline();
  return {};
});

let said: string[];
const parts = { say: (words: string) => void said.push(words), gallery: { file: () => Promise.resolve(new Blob()) } };
const picture = { id: 1, request: { seed: 1 } } as Picture;
const actions = () => new PictureActions(parts as unknown as ConstructorParameters<typeof PictureActions>[0]);

beforeEach(() => {
  said = [];
  net.isThere = false;
  vi.resetModules();
  vi.spyOn(console, 'info').mockImplementation(() => undefined);
});
afterEach(() => vi.unstubAllGlobals());

describe('a part that does not come', () => {
  it.each<[string, (those: PictureActions) => Promise<void>]>([
    ['taking a recipe over', (those) => those.useRecipe(picture)],
    ['another seed', (those) => those.again(picture)],
    ['copying the recipe', (those) => those.copyRecipe(picture)],
    ['copying the link', (those) => those.copyLink(picture)],
    ['saving as another kind', (those) => those.saveAs(picture, 'image/webp')],
    ['sharing', (those) => those.share(picture)],
    ['a ZIP file', (those) => those.saveZip([picture])],
  ])('is told of by %s', async (_, act) => {
    await act(actions());
    expect(said).toEqual([PART_MISSING]);
  });

  it('is told of where files or links come in', async () => {
    const inbox = new Inbox(parts as unknown as ConstructorParameters<typeof Inbox>[0]);
    await inbox.takeFiles([new File([], 'recipe.txt')]);
    expect(await inbox.takeLink('#p=a+cat')).toBe(false);
    expect(said).toEqual([PART_MISSING, PART_MISSING]);
  });
});

describe('copying a text', () => {
  it('gives the browser the item at once, its words as a promise', async () => {
    net.isThere = true;
    const written: Promise<Blob>[] = [];
    vi.stubGlobal(
      'ClipboardItem',
      class {
        constructor(items: Record<string, Promise<Blob>>) {
          written.push(...Object.values(items));
        }
      },
    );
    vi.stubGlobal('navigator', { clipboard: { write: () => Promise.all(written) } });
    const done = actions().copyRecipe(picture);
    expect(written).toHaveLength(1);
    await done;
    expect((await written[0])?.size).toBe('a cat'.length);
    expect(said).toEqual(['Recipe copied']);
  });
});
