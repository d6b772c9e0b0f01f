import { describe, expect, it } from 'vitest';
import { droppedFolders } from './dropped-folders';

interface Tree {
  [name: string]: Tree | string;
}

/** As browsers give it: children come in pieces, the last of them empty. */
function entryOf(name: string, what: Tree | string, parent = ''): object {
  const fullPath = `${parent}/${name}`;
  if (typeof what === 'string')
    return { isDirectory: false, fullPath, file: (done: (file: File) => void) => done(new File([what], name)) };
  const createReader = () => {
    const left = Object.entries(what).map(([child, below]) => entryOf(child, below, fullPath));
    return { readEntries: (done: (entries: object[]) => void) => done(left.splice(0, 2)) };
  };
  return { isDirectory: true, fullPath, createReader };
}

const dropped = (tree: Tree): DataTransfer =>
  ({
    items: Object.entries(tree).map(([name, what]) => ({ webkitGetAsEntry: () => entryOf(name, what) })),
  }) as unknown as DataTransfer;

describe('droppedFolders', () => {
  it('finds every file below, with its path from the folder on', async () => {
    const tree = {
      mine: { 'pack.json': '{}', 'unet-0.bin': 'u', 'vae-0.bin': 'v', sub: { 'a.txt': 'a' } },
      'b.ckpt': 'b',
    };
    const files = await droppedFolders(dropped(tree));
    expect(files?.map(({ path }) => path).sort()).toEqual([
      'b.ckpt',
      'mine/pack.json',
      'mine/sub/a.txt',
      'mine/unet-0.bin',
      'mine/vae-0.bin',
    ]);
    const unet = files?.find(({ path }) => path.endsWith('unet-0.bin'))?.file;
    expect(await unet?.text()).toBe('u');
  });

  it('leaves files alone to those who know their kinds', () => {
    expect(droppedFolders(dropped({ 'b.ckpt': 'b' }))).toBeUndefined();
    expect(droppedFolders(null)).toBeUndefined();
  });
});
