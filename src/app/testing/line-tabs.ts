/** A computer whose tabs keep a line each: storage and locks in memory, and tabs that are opened and ended. */
import { KeptLine, MAIN, type LineStore } from '../state/line/kept-line.svelte';
import { keepInOneTab } from '../state/line/one-tab';
import { Queue } from '../state/line/queue.svelte';
import { KeptStore } from '../state/kept/kept-store';
import { Settings } from '../state/settings/settings.svelte';
import { CATALOG } from './catalog';
import { SharedLocks } from './replay/locks';
import { Life, World } from './replay/world';

type Values = Record<string, unknown>;
const request = { ...new Settings(CATALOG).toRequest(), seed: 1 };
const promptsOf = (kept: unknown): string[] =>
  ((kept as { jobs?: { request: { prompt: string } }[] } | undefined)?.jobs ?? []).map(
    ({ request: { prompt } }) => prompt,
  );

/** What is there while no tab is; what tabs ask of it is answered in the order in which they ask. */
export function computer() {
  const world = new World(() => 0.5);
  const locks = new SharedLocks(world);
  const states = new Map<string, Values>();
  const shelf: LineStore = {
    readState: (name) => Promise.resolve(states.get(name)),
    writeState: (name, value) => Promise.resolve(void states.set(name, structuredClone(value))),
    moveState: (name, take) => {
      for (const [key, value] of take(states.get(name)) ?? []) states.set(key, structuredClone(value) as Values);
      return Promise.resolve();
    },
  };
  /** @param session  what the tab remembers: the same again where it is loaded again */
  function open(own: LineStore = shelf, session = new Map<string, string>()) {
    const life = new Life();
    const [model] = CATALOG.models;
    const queue = new Queue({
      engine: { generate: () => new Promise<never>(() => undefined) },
      findModel: () => model as NonNullable<typeof model>,
      deliver: () => Promise.resolve(1),
    });
    let copied: Values = {};
    const copy = { read: () => copied, write: (values: Values) => void (copied = values) };
    const line = new KeptLine(queue, new KeptStore(MAIN, { shelf: own, copy, patienceMs: 10 }));
    keepInOneTab(line, locks.for(life) as LockManager, own, {
      session: () => ({
        getItem: (key) => session.get(key) ?? null,
        setItem: (key, value) => void session.set(key, value),
      }),
      rest: (ms) => new Promise((resolve) => void world.after(ms, resolve)),
    });
    const waiting = () => promptsOf({ jobs: queue.toStored() });
    const ask = (...prompts: string[]): void => {
      for (const prompt of prompts) queue.add({ ...request, prompt });
      line.save();
    };
    return { line, queue, life, waiting, ask, session };
  }
  /** All that is under way ends. */
  async function settle(): Promise<void> {
    for (let i = 0; i < 60; i += 1) {
      await world.run(10);
      await new Promise((resolve) => setTimeout(resolve));
    }
  }
  return { open, settle, states, shelf, locks, world, kept: (name: string) => promptsOf(states.get(name)) };
}
