/** A device that goes away in the middle of a picture. `recovery.test.ts` has every sampler. */
import { beforeEach, describe, expect, it } from 'vitest';
import { Engine } from './engine';
import { createFake, FAKE_ENTRY } from './testing/fake-ports';
import { FAKE_REQUEST, failure, setUpEngine } from './testing/set-up-engine';

let { fake, events, onEvent, generate, notices } = setUpEngine();

beforeEach(() => {
  ({ fake, events, onEvent, generate, notices } = setUpEngine());
});

describe('Engine when the device is lost', () => {
  const loseAt = (isLost: (index: number) => boolean): void => {
    fake.onUnetCall = (index) => {
      if (!isLost(index)) return;
      fake.loseDevice();
      return new Promise<void>(() => undefined); // a run after a loss may never answer
    };
  };

  it('goes on with the step where it broke on a new device, and says so', async () => {
    loseAt((index) => index === 2);
    const picture = await generate();
    expect(picture.timings.modelCalls, 'answered').toBe(4);
    expect(fake.unetCalls.length).toBe(5);
    expect(fake.alive).toEqual({ sessions: 3, runtimes: 1 });
    expect(notices()).toEqual(['The GPU went away and was opened again; the picture went on from where it was.']);
    expect(events.flatMap((e) => (e.type === 'step' ? [e.step] : []))).toEqual([1, 2, 3, 4]);
    fake.onUnetCall = () => undefined;
    const other = createFake();
    const unbroken = await new Engine(other.ports).generate(FAKE_REQUEST, FAKE_ENTRY, onEvent);
    expect(picture.pixels.data).toEqual(unbroken.pixels.data);
  });

  it('gives up where nothing is done between losses, frees everything, and paints again when asked', async () => {
    loseAt((index) => index >= 1);
    expect(await failure(generate())).toMatchObject({ code: 'device-lost', message: 'fake GPU: unplugged' });
    expect(fake.alive).toEqual({ sessions: 0, runtimes: 0 });
    fake.onUnetCall = () => undefined;
    expect((await generate()).timings.modelCalls).toBe(3);
    expect(fake.alive).toEqual({ sessions: 3, runtimes: 1 });
  });

  it('does not go on in silence on the CPU', async () => {
    const { createRuntime } = fake.ports;
    let opened = 0;
    fake.ports.rest = () => Promise.resolve();
    fake.ports.createRuntime = async (choice) => {
      const runtime = await createRuntime(choice);
      return { ...runtime, device: { ...runtime.device, provider: opened++ === 0 ? 'webgpu' : 'wasm' } };
    };
    loseAt((index) => index === 1);
    expect(await failure(generate())).toMatchObject({
      code: 'device-lost',
      message: expect.stringMatching(/unplugged It did not come back/) as string,
    });
    expect([opened, fake.alive]).toEqual([4, { sessions: 0, runtimes: 0 }]);
  });
});
