/** What the library has kept before, through today's reader. */
import { expect, it } from 'vitest';
import { entryWithoutCatalog } from '../../core/catalog';
import { memoryValues } from '../storage/testing/memory';
import { createJobs } from './jobs';

const entry = entryWithoutCatalog('own', 'Own', undefined, { source: { kind: 'url', url: 'https://x.org/own' } });

it('takes the size 1 of version 1 for a size that nobody has said', async () => {
  const values = memoryValues();
  const jobs = createJobs(values);
  await values.change([
    ['entry:own', { ...entry, downloadBytes: 1, version: 1 }],
    ['entry:large', { ...entry, id: 'large', downloadBytes: 2e9 }],
    ['job:own', { entry: { ...entry, downloadBytes: 1 }, files: [] }],
  ]);
  const sizes = (await jobs.entries()).map(({ id, ...rest }) => [id, rest.downloadBytes]);
  expect(Object.fromEntries(sizes)).toEqual({ own: undefined, large: 2e9 });
  expect(await jobs.get('own')).toEqual({ entry, files: [] });
});
