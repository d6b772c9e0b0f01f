/** ControlNets that are kept: on the device of now, and no longer than there is room. */
import { describe, expect, it } from 'vitest';
import type { ControlEntry } from '../src/core/catalog';
import { openTinyControls } from './testing/tiny-control';
import type { Runtime } from '../src/engine/ports';
import { StageClock } from '../src/engine/run/stage-clock';
import { LoadedControls } from '../src/engine/models/loaded-controls';

/** Sessions of it, and how many there are. */
function counting(runtime: Runtime): { runtime: Runtime; alive: Set<object>; before: () => Promise<void> } {
  const counted = {
    alive: new Set<object>(),
    before: () => Promise.resolve(),
    runtime: {
      ...runtime,
      createSession: async (...given: Parameters<Runtime['createSession']>) => {
        await counted.before();
        const session = await runtime.createSession(...given);
        const key = {};
        counted.alive.add(key);
        const dispose = () => {
          counted.alive.delete(key);
          return session.dispose();
        };
        return { ...session, dispose };
      },
    },
  };
  return counted;
}

const FORM = { activations: 'float32', addsUp: false, hasRegion: false } as const;

async function open() {
  const tiny = await openTinyControls(['control-sd15']);
  const entries: readonly ControlEntry[] = tiny.entries;
  let opening: () => Promise<void> = () => Promise.resolve();
  const held = new LoadedControls({
    packs: { open: async (id) => (await opening(), tiny.packs.open(id)) },
    createFiles: () => ({ open: () => Promise.reject(new RangeError('no files')) }),
  });
  const place = { now: counting(tiny.runtime) };
  const controls = held.of(entries, {
    onEvent: () => undefined,
    clock: new StageClock(
      () => 0,
      () => undefined,
    ),
    revisionOf: () => Promise.resolve('1'),
    runtime: () => Promise.resolve(place.now.runtime),
    place: () => Promise.resolve({ runtime: place.now.runtime, baseUrl: '' }),
  });
  return { held, controls, place, tiny, whileOpening: (task: () => Promise<void>) => (opening = task) };
}

describe('a ControlNet that is kept', () => {
  it('is the same for the same files and device', async () => {
    const { controls } = await open();
    expect(await controls.get('control-sd15')).toBe(await controls.get('control-sd15'));
  });

  it('is opened again where the device was lost while it was opened', async () => {
    const { held, controls, place, tiny, whileOpening } = await open();
    const lost = place.now;
    whileOpening(async () => {
      whileOpening(() => Promise.resolve());
      await held.close();
      place.now = counting(tiny.runtime);
    });
    await controls.get('control-sd15');
    const control = await controls.get('control-sd15');
    await control.load(FORM);
    expect([lost.alive.size, place.now.alive.size]).toEqual([0, 1]);
    await held.close();
    expect(place.now.alive.size).toBe(0);
  });

  it('leaves no session behind that was ready only after it was given back', async () => {
    const { held, controls, place } = await open();
    const control = await controls.get('control-sd15');
    place.now.before = () => held.close();
    await expect(control.load(FORM)).rejects.toThrow('control-sd15 was given back while it was loaded.');
    expect(place.now.alive.size).toBe(0);
  });

  it('gives back what its steps take, and is there when it is asked again', async () => {
    const { controls, place } = await open();
    const control = await controls.get('control-sd15');
    await control.load(FORM);
    await controls.release();
    expect(place.now.alive.size).toBe(0);
    expect(await controls.get('control-sd15')).toBe(control);
    await control.load(FORM);
    expect(place.now.alive.size).toBe(1);
    await controls.release();
  });
});
