/** Faults at random moments of a visit: every picture asked for is in the gallery in the end, once; line and prompt are whole. */
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb';
import { beforeEach, expect, it, vi } from 'vitest';
import { AppError } from '../../../core/errors';
import { countOutcomes, FAULTS, type Outcome } from '../../../engine/testing/drill-report';
import { seededRandom } from '../../../engine/testing/seeded-random';
import { tick } from '../../testing/drill-engine';
import { Copies, visit, type Visit } from '../../testing/drill.svelte';

beforeEach(() => {
  vi.spyOn(console, 'info').mockImplementation(() => undefined);
  vi.stubGlobal('IDBKeyRange', IDBKeyRange);
  URL.createObjectURL = () => 'blob:test';
  URL.revokeObjectURL = () => undefined;
});

const SEEDS = [10, 11, 12, 50, 51];
/** Steps of all of them and of loading: within them the fault comes. */
const TICKS = 20;

interface Scene {
  now: Visit;
  disk: IDBFactory;
  copies: Copies;
  random: () => number;
}

interface Kind {
  /** What happens at the moment. @returns the visit that goes on */
  strike: (scene: Scene) => Visit | Promise<Visit>;
  /** What the person does when it has come to rest. */
  mend?: (visit: Visit) => void | Promise<void>;
  ends: Outcome;
}

const again = async ({ now, disk, copies, random }: Scene, isPowerCut: boolean): Promise<Visit> => {
  now.kill(random);
  if (isPowerCut) copies.fallBack(random);
  for (let i = 0; i < 5; i += 1) await tick();
  const next = await visit(disk, copies);
  expect(next.studio.settings.prompt).toBe('as it was typed');
  expect(next.studio.queue.current, 'nothing begins by itself').toBeUndefined();
  next.studio.queue.resume();
  return next;
};

const KINDS: Record<string, Kind> = {
  'tab killed': { strike: (scene) => again(scene, false), ends: 'finished' },
  'power cut': { strike: (scene) => again(scene, true), ends: 'finished' },
  'worker dies': { strike: ({ now }) => (now.engine.die(), now), ends: 'finished' },
  'worker dies whenever it is started': {
    strike: ({ now }) => {
      now.engine.failure = new AppError('stopped', 'The browser ended it.');
      return now;
    },
    mend: ({ studio, engine }) => {
      expect(studio.error, 'a sentence').toMatchObject({ code: 'stopped' });
      engine.failure = undefined;
      studio.retry();
    },
    ends: 'told',
  },
  'silent engine, Stop now, Undo': {
    strike: ({ now }) => (now.engine.fallSilent(), now),
    mend: async ({ studio }) => {
      expect(studio.queue.current, 'it says nothing').toBeDefined();
      studio.stopNow();
      await idle(studio);
      studio.offers.takeBack();
    },
    ends: 'finished',
  },
  'Cancel, Undo': {
    strike: async ({ now }) => {
      now.studio.cancel();
      await idle(now.studio);
      now.studio.offers.takeBack();
      now.studio.queue.resume(); // where it came as the last picture of a request was kept: the others are held
      return now;
    },
    ends: 'finished',
  },
  'storage refuses a picture': {
    strike: ({ now }) => (now.refuse(new AppError('quota', 'no room')), now),
    mend: async ({ studio }) => {
      expect(studio.gallery.trouble, 'a sentence').toMatchObject({ code: 'quota' });
      await studio.gallery.keepUnkept();
    },
    ends: 'told',
  },
};

async function idle(studio: Visit['studio']): Promise<void> {
  // A silent engine keeps its picture under way: that is where it comes to rest.
  for (let quiet = 0, last = -1; quiet < 15; quiet += 1) {
    const made = studio.gallery.pictures.length + studio.queue.progress.step;
    if (made !== last || studio.queue.isDelivering || studio.queue.isCancelling) quiet = 0;
    last = made;
    if (!studio.queue.current && quiet > 3) return;
    await tick();
  }
}

async function injectOne(kind: Kind, random: () => number): Promise<Outcome> {
  const [disk, copies] = [new IDBFactory(), new Copies()];
  const first = await visit(disk, copies);
  const { studio, engine } = first;
  studio.settings.prompt = 'as it was typed';
  const request = { ...studio.settings.toRequest(), steps: 3 };
  studio.enqueue({ ...request, seed: 10 }, { count: 3 });
  studio.enqueue({ ...request, seed: 50 }, { count: 2 });
  for (let i = 0; i < 2; i += 1) await tick();
  const at = Math.min(TICKS - 1, engine.ticks + 1 + Math.floor(random() * TICKS));
  const isTime = new Promise<void>((resolve) => (engine.onTick = (ticks) => ticks >= at && resolve()));
  await isTime;
  const next = await kind.strike({ now: first, disk, copies, random });
  await idle(next.studio);
  await kind.mend?.(next);
  await idle(next.studio);
  for (let i = 0; i < 5; i += 1) await tick();
  next.kill(() => 1);
  const last = await visit(disk, copies);
  const seeds = last.studio.gallery.pictures.map((picture) => Number(picture.request.seed)).sort((a, b) => a - b);
  const isWhole = JSON.stringify(seeds) === JSON.stringify(SEEDS) && last.studio.queue.waitingCount === 0;
  last.kill(() => 1);
  if (!isWhole) console.warn(`at ${at}: ${seeds.join()} and ${last.studio.queue.waitingCount} waiting`);
  return isWhole ? kind.ends : 'lost';
}

it.each(Object.entries(KINDS))(`${FAULTS} times: %s`, { timeout: 20_000 + FAULTS * 4_000 }, async (name, kind) => {
  const random = seededRandom(name.length * 7919);
  const outcomes: Outcome[] = [];
  for (let i = 0; i < FAULTS; i += 1) outcomes.push(await injectOne(kind, random));
  expect(countOutcomes(name, outcomes)).toMatchObject({ [kind.ends]: FAULTS, lost: 0 });
});
