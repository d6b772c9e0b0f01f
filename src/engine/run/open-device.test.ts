/** When a GPU is tested: what a model needs before it, the rest while nothing is asked. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { ModelEntry } from '../../core/catalog';
import { AppError } from '../../core/errors';
import type { Ability, DeviceExamination, DeviceReport } from '../api';
import type { Runtime } from '../ports';
import { createFake } from '../testing/fake-ports';
import { OpenDevice, toldDevice } from './open-device';
import { TaskQueue } from './task-queue';

const BUILT_IN = { source: { kind: 'bundled', path: '' }, plan: 'q8' } as ModelEntry;
const stored = (plan?: string): ModelEntry => ({ source: { kind: 'hub' }, plan }) as unknown as ModelEntry;

function report(known: readonly Ability[]): DeviceReport {
  const isUsed = (ability: Ability) => known.includes(ability);
  const all: Ability[] = ['fullPrecision', 'halfPrecision', 'fastAttention', 'packedMatrices'];
  const abilities = Object.fromEntries(
    all.map((one) => [one, { isUsed: isUsed(one), found: isUsed(one) ? 'right' : 'untested' }]),
  ) as DeviceExamination['abilities'];
  const isUnfinished = !isUsed('packedMatrices');
  const examination = { abilities, seconds: 1, at: 1, ...(isUnfinished && { isUnfinished }) };
  return { provider: 'webgpu', adapter: 'Acme 9', halfPrecision: isUsed('halfPrecision'), examination };
}

let held: OpenDevice;
let runtime: Runtime;
/** What was tested, and how. */
let tested: string[];
let told: DeviceReport[];
let closed: number;
/** Ends the rest of five seconds. */
let pass: () => void;
/** What the next test comes to. */
let answer: (needs: readonly Ability[], stopped?: Promise<void>) => Promise<DeviceReport | undefined>;

const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

beforeEach(() => {
  [tested, told, closed] = [[], [], 0];
  answer = (needs) => Promise.resolve(report(['fullPrecision', ...needs]));
  runtime = {
    device: report(['fullPrecision']),
    target: 'webgpu',
    lost: new Promise<never>(() => undefined),
    createSession: () => Promise.reject(new Error('not here')),
    examineMore: (needs, stopped) => {
      tested.push(`${needs.join()}${stopped ? ' while idle' : ''}`);
      return answer(needs, stopped);
    },
    dispose: () => Promise.resolve(),
  };
  const ports = {
    ...createFake().ports,
    createRuntime: vi.fn(() => Promise.resolve(runtime)),
    rest: (ms: number) => (ms < 1000 ? Promise.resolve() : new Promise<void>((resolve) => (pass = resolve))),
    onDevice: (device: DeviceReport) => void told.push(device),
  };
  held = new OpenDevice(ports, new TaskQueue(), async () => {
    closed += 1;
    await held.dispose();
  });
});

describe('OpenDevice.trustFor', () => {
  const sayings = async (...models: ModelEntry[]): Promise<number> => {
    let said = 0;
    await held.trustFor(models, () => (said += 1));
    return said;
  };

  it('tests nothing for a model that is computed in full precision', async () => {
    expect(await sayings(BUILT_IN, stored('float32'))).toBe(0);
    expect(tested).toEqual([]);
  });

  it.each([
    ['float16', 'halfPrecision'],
    ['q8', 'halfPrecision,packedMatrices'],
    [undefined, 'halfPrecision,packedMatrices'],
  ])('tests what a model stored as %s computes with, and says so', async (plan, needs) => {
    expect(await sayings(BUILT_IN, stored(plan))).toBe(1);
    expect(tested).toEqual([needs]);
    expect((await held.ready()).device.halfPrecision).toBe(true);
  });

  it('asks nothing again when all is known', async () => {
    expect(await sayings(stored('q8'))).toBe(1);
    expect(await sayings(stored('q8'))).toBe(0);
    expect(tested).toHaveLength(1);
  });

  it('closes a device that has to be opened anew, or went away in the test', async () => {
    answer = () => Promise.resolve(undefined);
    await sayings(stored('q8'));
    expect(closed).toBe(1);
    answer = (needs) => Promise.resolve(report(needs));
    runtime = { ...runtime, lost: Promise.reject(new AppError('device-lost', 'gone')) };
    runtime.lost.catch(() => undefined);
    await sayings(stored('q8'));
    expect(closed).toBe(2);
  });
});

describe('OpenDevice.during', () => {
  const paint = () => held.during(async () => void (await held.ready()));

  it('tests the rest in a while, one after another, and tells it', async () => {
    await paint();
    expect(tested).toEqual([]);
    pass();
    await turn();
    expect(tested).toEqual(['halfPrecision while idle', 'halfPrecision,packedMatrices while idle']);
    expect(told).toHaveLength(1);
    expect(told[0].examination?.isUnfinished).toBeUndefined();
    expect((await held.ready()).device).toEqual(told[0]);
    await paint();
    pass();
    await turn();
    expect(tested).toHaveLength(2);
  });

  it('breaks it off for what is asked, and begins it again after that', async () => {
    await paint();
    answer = (needs, stopped) =>
      new Promise((resolve, reject) => {
        void stopped?.then(() => reject(new AppError('cancelled', 'stopped')));
        if (needs.length > 1) resolve(report(['fullPrecision', ...needs]));
      });
    pass();
    await turn();
    expect(tested).toEqual(['halfPrecision while idle']);
    await paint();
    expect((await held.ready()).device.halfPrecision).toBe(false);
    answer = (needs) => Promise.resolve(report(['fullPrecision', ...needs]));
    pass();
    await turn();
    expect(tested).toHaveLength(3);
    expect((await held.ready()).device.halfPrecision).toBe(true);
  });

  it('does not begin it while something waits', async () => {
    let end: () => void = () => undefined;
    const first = held.during(async () => {
      await held.ready();
      await new Promise<void>((resolve) => (end = resolve));
    });
    pass = () => expect.fail('a rest before all was done');
    await turn();
    const second = paint();
    end();
    await first;
    await second;
    pass();
    await turn();
    expect(tested).toHaveLength(2);
  });

  it('closes a device in turn that has to be opened anew', async () => {
    await paint();
    answer = () => Promise.resolve(undefined);
    pass();
    await turn();
    expect([closed, told.length]).toEqual([1, 0]);
  });
});

describe('toldDevice', () => {
  it('lets the page judge models by what is to be expected', () => {
    expect(toldDevice(report(['fullPrecision'])).halfPrecision).toBe(true);
    const wrong = report(['fullPrecision']);
    if (wrong.examination) wrong.examination.abilities.halfPrecision.found = 'wrong';
    expect(toldDevice(wrong).halfPrecision).toBe(false);
    expect(toldDevice(report(['fullPrecision', 'halfPrecision', 'packedMatrices'])).halfPrecision).toBe(true);
  });
});
