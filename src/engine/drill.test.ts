/** Faults at random moments of a picture, in the engine: it is finished with the same bytes, or one sentence says why not. */
import { expect, it } from 'vitest';
import type { ModelEntry } from '../core/catalog';
import { AppError, toAppError } from '../core/errors';
import type { GenerationRequest } from '../core/recipe/request';
import { SAMPLERS, type SamplerId } from '../core/samplers';
import { openBundledPack } from './models/bundled-pack';
import { Engine } from './engine';
import { countOutcomes, FAULTS, type Outcome } from './testing/drill-report';
import { createFake, FAKE_ENTRY, type Fake, type Moment } from './testing/fake-ports';
import { seededRandom } from './testing/seeded-random';

const quiet = (): void => undefined;
const never = (): Promise<never> => new Promise(quiet);

/** What a fault does when its moment has come. `undefined` leaves the run to go on. */
type Strike = (fake: Fake) => void | Promise<void>;

interface Kind {
  moments: readonly Moment[];
  strike?: Strike;
  /** Spoils what came out of a call. */
  spoil?: (output: Float32Array) => void;
  /** The fault comes back each time. */
  isForGood?: boolean;
  /** Whoever watched has lost patience, or the machine its power: a new engine takes over. */
  isKilled?: boolean;
  /** The GPU computes in half precision. */
  isHalf?: boolean;
  ends: Outcome;
}

const lose: Strike = (fake) => {
  fake.loseDevice();
  return never(); // a run after a loss may never answer
};
const failThenLose: Strike = async (fake) => {
  setImmediate(() => fake.loseDevice()); // Chromium tells the run first
  await Promise.resolve();
  throw new AppError('internal', 'fake: buffer was unmapped');
};
const loseInNonsense: Strike = (fake) => fake.loseDevice(); // or with anything
const fill: Strike = () => {
  throw new AppError('out-of-memory', 'fake: no room');
};
const nonsense = (output: Float32Array): void => void output.fill(0.5);

const KINDS: Record<string, Kind> = {
  'GPU lost while loading': { moments: ['load'], strike: lose, ends: 'finished' },
  'GPU lost while reading the prompt': { moments: ['encode'], strike: lose, ends: 'finished' },
  'GPU lost at a step': { moments: ['step'], strike: lose, ends: 'finished' },
  'GPU lost at a step, which answers nonsense': {
    moments: ['step'],
    strike: loseInNonsense,
    spoil: nonsense,
    ends: 'finished',
  },
  'GPU lost at a step or while decoding, which fails first': {
    moments: ['step', 'decode'],
    strike: failThenLose,
    ends: 'finished',
  },
  'GPU lost while decoding': { moments: ['decode'], strike: lose, ends: 'finished' },
  'GPU lost for good': { moments: ['load', 'step', 'decode'], strike: lose, isForGood: true, ends: 'told' },
  'out of memory while loading': { moments: ['load'], strike: fill, ends: 'finished' },
  'out of memory at a step': { moments: ['step'], strike: fill, ends: 'finished' },
  'out of memory while decoding': { moments: ['decode'], strike: fill, ends: 'finished' },
  'out of memory for good': { moments: ['load', 'step', 'decode'], strike: fill, isForGood: true, ends: 'told' },
  'NaN in half precision at a step': {
    moments: ['step'],
    spoil: (output) => void output.fill(NaN),
    isHalf: true,
    ends: 'finished',
  },
  'black in half precision while decoding': {
    moments: ['decode'],
    spoil: (output) => void output.fill(-1),
    isHalf: true,
    ends: 'finished',
  },
  'driver that hangs, ended by Stop now': {
    moments: ['load', 'encode', 'step', 'decode'],
    strike: never,
    isKilled: true,
    ends: 'finished',
  },
  'worker killed at any moment': {
    moments: ['encode', 'step', 'decode'],
    strike: never,
    isKilled: true,
    ends: 'finished',
  },
};

const HALF_ENTRY: ModelEntry = {
  ...FAKE_ENTRY,
  id: 'half',
  source: { kind: 'import' } as unknown as ModelEntry['source'],
};

async function halfPrecision(fake: Fake): Promise<void> {
  const open = await openBundledPack({
    files: fake.ports.createFiles(FAKE_ENTRY, ''),
    name: 'Half',
    onProgress: quiet,
  });
  fake.ports.packs = { open: () => Promise.resolve({ ...open, pack: { ...open.pack, plan: 'float16' } }) };
  const { createRuntime } = fake.ports;
  fake.ports.createRuntime = async (choice) => {
    const runtime = await createRuntime(choice);
    return { ...runtime, device: { ...runtime.device, halfPrecision: true } };
  };
}

/** Everything is written down at once, as for a picture of minutes. */
function slow(fake: Fake): Fake {
  let time = 0;
  fake.ports.now = () => (time += 5000);
  fake.ports.rest = async () => {
    for (let i = 0; i < 3; i++) await fake.ports.breathe();
  };
  return fake;
}

function drawRequest(random: () => number): GenerationRequest {
  const ids = Object.keys(SAMPLERS) as SamplerId[];
  return {
    model: 'fake',
    prompt: 'abc [d:e:0.5]',
    negativePrompt: 'z',
    sampler: ids[Math.floor(random() * ids.length)],
    schedule: 'automatic',
    noise: 'cpu',
    steps: 3 + Math.floor(random() * 4),
    cfgScale: 3,
    seed: Math.floor(random() * 1000),
    width: 64,
    height: 64,
  };
}

async function injectOne(kind: Kind, random: () => number): Promise<Outcome> {
  const request = drawRequest(random);
  const moment = kind.moments[Math.floor(random() * kind.moments.length)];
  const entry = kind.isHalf ? HALF_ENTRY : FAKE_ENTRY;
  const fake = slow(createFake());
  if (kind.isHalf) await halfPrecision(fake);
  let count = 0;
  fake.before = (now) => void (now === moment && count++);
  const unbroken = await new Engine(fake.ports).generate(request, entry, quiet);

  const broken = slow(createFake());
  if (kind.isHalf) await halfPrecision(broken);
  const at = Math.floor(random() * count);
  let seen = 0;
  let isStruck = false;
  let killed: () => void = quiet;
  const death = new Promise<'killed'>((resolve) => (killed = () => resolve('killed')));
  const isTime = (now: Moment): boolean => now === moment && (kind.isForGood ? seen++ >= at : seen++ === at);
  broken.before = (now) => {
    isStruck = isTime(now);
    if (!isStruck) return;
    if (kind.isKilled) killed();
    return kind.strike?.(broken);
  };
  broken.after = (_, output) => {
    if (isStruck) kind.spoil?.(output);
    isStruck = false;
  };
  const engine = new Engine(broken.ports);
  try {
    const made = await Promise.race([engine.generate(request, entry, quiet), death]);
    return made === 'killed'
      ? await takeOver(broken, request, unbroken.pixels.data)
      : isSame(made.pixels.data, unbroken.pixels.data);
  } catch (thrown) {
    const { code, message } = toAppError(thrown);
    expect(message, code).toMatch(/\w+.*\w+/);
    broken.before = quiet;
    const later = await engine.generate(request, entry, quiet);
    return isSame(later.pixels.data, unbroken.pixels.data) === 'finished' ? 'told' : 'lost';
  } finally {
    if (!kind.isKilled) {
      broken.before = quiet;
      await engine.open({ provider: 'webgpu', baseUrl: '' }); // another device: all that was held goes
      expect(broken.alive, 'nothing is left behind').toEqual({ sessions: 0, runtimes: 1 });
    }
    expect(broken.kept.size, 'records of what is finished').toBe(0);
  }
}

/** What a new worker makes of what the old one has left on the disk. */
async function takeOver(broken: Fake, request: GenerationRequest, expected: Uint8ClampedArray): Promise<Outcome> {
  const next = slow(createFake());
  for (const [key, calls] of broken.kept) next.kept.set(key, structuredClone(calls));
  broken.kept.clear();
  const made = await new Engine(next.ports).generate(request, FAKE_ENTRY, quiet);
  expect(next.kept.size, 'records of what is finished').toBe(0);
  return isSame(made.pixels.data, expected);
}

const isSame = (a: Uint8ClampedArray, b: Uint8ClampedArray): Outcome =>
  a.length === b.length && a.every((value, i) => value === b[i]) ? 'finished' : 'lost';

it.each(Object.entries(KINDS))(`${FAULTS} times: %s`, { timeout: 20_000 + FAULTS * 10_000 }, async (name, kind) => {
  const random = seededRandom(name.length * 104_729);
  const outcomes: Outcome[] = [];
  for (let i = 0; i < FAULTS; i++) outcomes.push(await injectOne(kind, random));
  expect(countOutcomes(name, outcomes)).toMatchObject({ [kind.ends]: FAULTS, lost: 0 });
});
