/** What stays read of pictures, with networks that count how often they are asked. */
import { expect, it } from 'vitest';
import type { Pixels } from '../../core/image';
import type { Control } from './control';
import fixture from './fixtures/picture-joins.json';
import { isRead, readPicture } from './picture-reader';

const SIDE = 2;
const pictureOf = (level: number): Pixels => ({
  ...{ width: SIDE, height: SIDE },
  data: new Uint8ClampedArray(4 * SIDE ** 2).fill(level),
});

function networks() {
  const asked: string[] = [];
  const tower = (file: number): Control =>
    ({
      ...{ entry: { id: 'tower', name: 'Tower' }, vision: { side: SIDE } },
      lookAt: () => {
        asked.push(`tower ${file}`);
        return Promise.resolve({ data: Float32Array.of(file), dims: [1, 1] });
      },
    }) as unknown as Control;
  const adapter = {
    ...{ entry: { id: 'adapter', name: 'Adapter' }, imagePrompt: { readsParts: false, layers: [1] } },
    readSeen: (all: readonly { data: Float32Array }[]) =>
      Promise.resolve(all.map(({ data }) => ({ keys: data, values: data }))),
  } as unknown as Control;
  return { adapter, tower, asked };
}

it('reads a picture once while its adapter and its tower are at hand', async () => {
  const { adapter, tower, asked } = networks();
  const one = tower(1);
  const looking = { pictures: [pictureOf(3)], join: 'concat', activations: 'float32' } as const;
  expect(isRead(adapter, one, looking)).toBe(false);
  const first = await readPicture(adapter, one, looking);
  expect(await readPicture(adapter, one, looking)).toBe(first);
  expect(isRead(adapter, one, looking)).toBe(true);
  expect(isRead(adapter, one, { ...looking, pictures: [pictureOf(4)] })).toBe(false);
  expect(asked).toEqual(['tower 1']);
});

it('reads it anew with a tower of another file under the same id', async () => {
  const { adapter, tower, asked } = networks();
  const looking = { pictures: [pictureOf(3)], join: 'concat', activations: 'float32' } as const;
  await readPicture(adapter, tower(1), looking);
  const { positive } = await readPicture(adapter, tower(2), looking);
  expect([...positive.keys]).toEqual([2]);
  expect(asked).toEqual(['tower 1', 'tower 2']);
});

it.each(['average', 'add', 'subtract', 'norm_average'] as const)('joins several by %s as torch does', async (join) => {
  const { adapter, tower } = networks();
  const left = fixture.seen.map((numbers) => Float32Array.from(numbers));
  const seeing = {
    ...tower(1),
    lookAt: () => Promise.resolve({ data: left.shift() ?? new Float32Array(5), dims: [1, 5] }),
  } as unknown as Control;
  const pictures = fixture.seen.map((_, i) => pictureOf(i));
  const { positive } = await readPicture(adapter, seeing, { pictures, join, activations: 'float32' });
  expect(positive.keys).toHaveLength(5);
  fixture.joins[join].forEach((number, i) => expect(positive.keys[i]).toBeCloseTo(number, 6));
});
