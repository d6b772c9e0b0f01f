/**
 * Stories of visits, drawn from seeds: tabs, workers and the browser are killed in the middle of anything. What fails is told
 * again by its number: GESSO_REPLAY=1 GESSO_REPLAY_FROM=<number> npx vitest run src/app/state/replay.svelte.test.ts
 */
import { IDBKeyRange } from 'fake-indexeddb';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { seededRandom } from '../../../engine/testing/seeded-random';
import { fetchKeepers } from '../pictures/finish-picture';
import { KILLS, tellStory, type Told } from '../../testing/replay/story';
import { World } from '../../testing/replay/world';

const STORIES = Number(process.env['GESSO_REPLAY'] ?? 120);
const FROM = Number(process.env['GESSO_REPLAY_FROM'] ?? 1);
const FOLDER = process.env['GESSO_REPLAY_REPORT'];

/** With fewer stories, a sort of kill may be in none by chance. */
const ENOUGH = 50;
/** Least pictures and kills of a story on average: a third to a half of what there is (in 20 stories 81 pictures, and 9 of the rarest kill). */
const LEAST = { pictures: 2, kills: 0.15 };

// What comes later is here from the start: fetching keeps no order.
await Promise.all([fetchKeepers(), import('./picture-inputs'), import('./other-lines')]);

beforeEach(() => {
  vi.spyOn(console, 'info').mockImplementation(() => undefined);
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  vi.stubGlobal('IDBKeyRange', IDBKeyRange);
  URL.createObjectURL = () => 'blob:test';
  URL.revokeObjectURL = () => undefined;
});
afterEach(() => void vi.restoreAllMocks());

async function tell(seed: number): Promise<Told> {
  const world = new World(seededRandom(seed * 104_729));
  for (const [name, value] of Object.entries(world.globals)) vi.stubGlobal(name, value);
  const clocks = [vi.spyOn(Date, 'now'), vi.spyOn(performance, 'now')];
  for (const clock of clocks) clock.mockImplementation(() => world.now);
  try {
    return await tellStory(world);
  } finally {
    for (const clock of clocks) clock.mockRestore();
    vi.unstubAllGlobals();
    vi.stubGlobal('IDBKeyRange', IDBKeyRange);
  }
}

it(`${STORIES} stories lose nothing`, { timeout: 60_000 + STORIES * 1000 }, async () => {
  const kills = Object.fromEntries(KILLS.map((kill) => [kill, 0])) as Told['kills'];
  const sums = { stories: STORIES, pictures: 0, tabs: 0 };
  const problems: string[] = [];
  for (let seed = FROM; seed < FROM + STORIES; seed += 1) {
    const told = await tell(seed);
    for (const kill of KILLS) kills[kill] += told.kills[kill];
    sums.pictures += told.pictures;
    sums.tabs += told.tabs;
    problems.push(...told.problems.map((problem) => `story ${seed}: ${problem}`));
  }
  if (FOLDER !== undefined) {
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(join(FOLDER, `replay-${FROM}.json`), JSON.stringify({ ...sums, kills, problems }));
  }
  expect(problems).toEqual([]);
  if (STORIES < ENOUGH) return;
  expect(sums.pictures, 'pictures that were kept').toBeGreaterThan(LEAST.pictures * STORIES);
  expect(
    KILLS.filter((kill) => kills[kill] <= LEAST.kills * STORIES),
    'what was hardly killed',
  ).toEqual([]);
});
