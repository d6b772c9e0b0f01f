import { describe, expect, it } from 'vitest';
import { KeptLine } from './kept-line.svelte';
import { Queue } from './queue.svelte';
import type { StoredJob } from './job';
import type { Store } from '../kept/storage';
import { CATALOG } from '../../testing/catalog';
import { Settings } from '../settings/settings.svelte';

const request = { ...new Settings(CATALOG).toRequest(), seed: 1 };
const job = (prompt: string, done = 0): StoredJob => ({ request: { ...request, prompt }, count: 3, done });

function lineOver(kept: Record<string, unknown>, isInGallery?: (request: StoredJob['request']) => boolean) {
  const [model] = CATALOG.models;
  let tell: Parameters<NonNullable<Store['onLate']>>[0] = () => undefined;
  const written: unknown[] = [];
  const patience: unknown[] = [];
  const store: Store = {
    read: () => kept,
    write: (values) => void written.push(values),
    refresh: (ms) => Promise.resolve(patience.push(ms)),
    onLate: (take) => void (tell = take),
  };
  const queue = new Queue({
    engine: { generate: () => new Promise<never>(() => undefined) },
    findModel: () => model as NonNullable<typeof model>,
    deliver: () => Promise.resolve(1),
  });
  const line = new KeptLine(queue, store, isInGallery);
  const waiting = () => queue.toStored().map(({ request: { prompt }, done }) => `${prompt} ${done}`);
  return { line, queue, written, patience, waiting, tell: (jobs: StoredJob[]) => tell({}, { jobs }) };
}

describe('KeptLine', () => {
  it('keeps nothing before it has taken up what is kept, for which it waits longer than the page', async () => {
    const { line, written, patience, waiting } = lineOver({ jobs: [job('kept', 1)] });
    line.save();
    expect([written, line.store]).toEqual([[], undefined]);
    await line.restore();
    line.save();
    expect(Number(patience[0])).toBeGreaterThan(10_000);
    expect(waiting()).toEqual(['kept 1']);
    expect(written).toMatchObject([{ version: 1, jobs: [{ done: 1 }] }]);
  });

  it('takes the late answer of the disk in the place of the copy, and leaves what was asked for since', async () => {
    const { line, queue, waiting, written, tell } = lineOver({ jobs: [job('older', 0), job('gone since', 0)] });
    await line.restore();
    queue.add({ ...request, prompt: 'new' });
    tell([job('older', 2), job('kept', 0)]);
    expect(waiting()).toEqual(['new 0', 'older 2', 'kept 0']);
    expect(written).toHaveLength(1);
    tell([job('later still', 1)]);
    expect(waiting(), 'in the place of the first answer').toEqual(['new 0', 'later still 1']);
  });

  it('lets go of what was shown and not kept yet where the gallery has it after all, and of nothing else', async () => {
    const shown = (prompt: string): StoredJob => ({ ...job(prompt), count: 1, isShown: true });
    let there: string[] = [];
    const { line, waiting, written } = lineOver({ jobs: [job('a'), shown('a'), shown('b')] }, ({ prompt }) =>
      there.includes(prompt),
    );
    await line.restore();
    line.save();
    expect(waiting(), 'the gallery is not listed yet').toEqual(['a 0', 'a 0', 'b 0']);
    there = ['a'];
    line.save();
    expect(waiting()).toEqual(['a 0', 'b 0']);
    expect(written.at(-1)).toMatchObject({ jobs: [{ count: 3 }, { count: 1, isShown: true }] });
  });
});
