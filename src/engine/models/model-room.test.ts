/** What is given up where memory is short, in which order, and that the picture's numbers are all of one form. */
import { describe, expect, it } from 'vitest';
import { AppError } from '../../core/errors';
import { bytesSyncSource, type SyncByteSource } from '../../core/formats';
import type { ModelEntry } from '../../core/catalog';
import type { Pack } from '../../core/packs';
import type { GenerationRequest } from '../../core/recipe/request';
import type { EngineEvent } from '../api';
import { Engine } from '../engine';
import { ModelRoom } from './model-room';
import { createFake, FAKE_ENTRY, FAKE_PACK, type Fake } from '../testing/fake-ports';

const full = { isFull: true, isShort: true };

describe('ModelRoom', () => {
  it('loads in turn first, and stays packed last', () => {
    const room = new ModelRoom();
    room.couldStayPacked = true;
    expect([room.save(full), room.save(full), room.save(full)]).toEqual(['in_turn', 'packed', undefined]);
  });

  it('holds all in 8 bits when nothing else is left', () => {
    const room = new ModelRoom();
    Object.assign(room, { couldStayPacked: true, couldPackKernels: true });
    expect([room.save(full), room.save(full), room.save(full)]).toEqual(['in_turn', 'packed', 'kernels']);
    expect(room.packsKernels).toBe(true);
    expect(room.save(full)).toBeUndefined();
  });

  it('packs nothing that cannot stay packed', () => {
    const room = new ModelRoom();
    expect([room.save(full), room.save(full)]).toEqual(['in_turn', undefined]);
  });

  it('packs nothing while other models are mixed in, for all is widened then', () => {
    const room = new ModelRoom();
    Object.assign(room, { couldStayPacked: true, couldPackKernels: true, isBlended: true });
    expect([room.save(full), room.save(full)]).toEqual(['in_turn', undefined]);
    room.isBlended = false;
    expect(room.save(full)).toBe('packed');
  });

  it('reads in tiles what was being read when it broke', () => {
    const room = new ModelRoom();
    room.isInTurn = true;
    room.encode.plan({ width: 64, height: 64 }, () => ({ pooledBytes: 1, largestBytes: 1 }), {
      provider: 'webgpu',
      adapter: '',
    });
    expect([room.save(full), room.save(full)]).toEqual(['read_in_tiles', undefined]);
    room.encode.plan({ width: 64, height: 64 }, () => ({ pooledBytes: 1, largestBytes: 1 }), {
      provider: 'webgpu',
      adapter: '',
    });
    room.begin();
    expect(room.save(full)).toBeUndefined();
  });

  it('develops in tiles before it packs, for the denoiser is not loaded then', () => {
    const room = new ModelRoom();
    Object.assign(room, { couldStayPacked: true, isInTurn: true });
    room.decode.plan({ width: 64, height: 64 }, () => ({ pooledBytes: 1, largestBytes: 1 }), {
      provider: 'webgpu',
      adapter: '',
    });
    expect([room.save(full), room.save(full)]).toEqual(['tiles', 'packed']);
  });

  it('gives up nothing where a GPU went away once', () => {
    const room = new ModelRoom();
    room.couldStayPacked = true;
    expect(room.save({ isFull: false, isShort: false })).toBeUndefined();
  });
});

const entry: ModelEntry = { ...FAKE_ENTRY, source: { kind: 'imported' } };
const request: GenerationRequest = {
  model: 'fake',
  prompt: 'abc',
  negativePrompt: '',
  sampler: 'euler',
  schedule: 'karras',
  noise: 'cpu',
  steps: 6,
  cfgScale: 2,
  seed: 1,
  width: 64,
  height: 64,
};

/** A pack with one matrix that is stored in 8 bits; no graph reads it. */
function packedPack(): Pack {
  const { unet } = FAKE_PACK.components;
  if (!unet) throw new Error('the fake has a U-Net');
  const data = { shard: 0, offset: 0, byteLength: 32 };
  const weights = {
    ...unet.weights,
    extra: { form: 'nbits8' as const, shape: [1, 32], data, scales: { ...data, byteLength: 2 } },
  };
  return { ...FAKE_PACK, components: { ...FAKE_PACK.components, unet: { ...unet, weights } } };
}

/** A GPU whose owner says that it has much. */
function onGpu(fake: Fake): Engine {
  const { createRuntime, createFiles } = fake.ports;
  const files = createFiles(FAKE_ENTRY, '');
  fake.ports.createRuntime = async (choice) => {
    const runtime = await createRuntime(choice);
    return { ...runtime, device: { ...runtime.device, provider: 'webgpu' } };
  };
  fake.ports.packs.open = async (id) => {
    if (id !== 'fake') throw new AppError('missing-file', `${id}: no such pack`);
    const shard = async (file: string): Promise<SyncByteSource> => {
      const source = await files.open(file);
      return bytesSyncSource(file, await source.read(0, source.size));
    };
    return { pack: packedPack(), shard };
  };
  return new Engine(fake.ports);
}

describe('Engine, where memory runs out twice at a step', () => {
  it('goes on with parts in turn, then begins again with packed matrices: no picture of two forms', async () => {
    const fake = createFake();
    const engine = onGpu(fake);
    await engine.open({ provider: 'webgpu', baseUrl: '', memoryBytes: 24e9 });
    const full = new Set([2, 4]);
    fake.onUnetCall = (index) => {
      if (full.has(index)) throw new AppError('out-of-memory', 'fake: no room');
    };
    const notices: string[] = [];
    const onEvent = (event: EngineEvent): void => void (event.type === 'notice' && notices.push(event.message));
    const { timings, pixels } = await engine.generate(request, entry, onEvent);
    expect(notices).toEqual([
      expect.stringMatching(/parts are now loaded in turn/),
      expect.stringMatching(/as it is stored.* begun again/),
    ]);
    // two calls and one that failed, one and one that failed, all six
    expect(fake.unetCalls).toHaveLength(3 + 2 + 6);
    expect(timings.model).toMatchObject({ residency: 'in_turn' });
    expect(timings.model?.isWidened).toBeUndefined();
    const unbroken = createFake();
    expect(pixels.data).toEqual((await onGpu(unbroken).generate(request, entry, () => undefined)).pixels.data);
  });
});
