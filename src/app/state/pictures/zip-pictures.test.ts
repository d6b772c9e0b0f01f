import { expect, it } from 'vitest';
import type { Picture } from './picture';
import { zipEntries } from './zip-pictures';

const picture = (id: number, infotext: string): Picture =>
  ({ id, madeAt: 1000, infotext, request: { seed: id, prompt: 'A cat' } }) as Picture;

it('has each picture that can be read, and the recipes of just those as text', async () => {
  const pictures = [picture(3, 'A cat\nSteps: 4'), picture(2, 'gone'), picture(1, 'A cat\nSteps: 8')];
  const told: number[] = [];
  const read = (id: number) => Promise.resolve(id === 2 ? undefined : new Blob([`file ${id}`]));
  const all: Record<string, string> = {};
  for await (const { name, input } of zipEntries({ pictures, read, onProgress: (done) => told.push(done) }))
    all[name] = await input.text();
  expect(all).toEqual({
    '00003-3-a-cat.png': 'file 3',
    '00001-1-a-cat.png': 'file 1',
    'recipes.txt': '00003-3-a-cat.png\nA cat\nSteps: 4\n\n00001-1-a-cat.png\nA cat\nSteps: 8\n',
  });
  expect(told).toEqual([1, 2, 3]);
});
