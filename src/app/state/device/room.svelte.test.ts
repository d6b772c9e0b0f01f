import { describe, expect, it } from 'vitest';
import type { DeviceReport } from '../../../engine/api';
import { CATALOG } from '../../testing/catalog';
import { Room, roomModel, type RoomModel } from './room.svelte';
import type { Store } from '../kept/storage';

const MODEL: RoomModel = { id: 'x', family: 'sd15', plan: 'q8', besideBytes: 0 };
const GPU: DeviceReport = { provider: 'webgpu', adapter: 'a GPU', halfPrecision: true, maxBufferBytes: 2 ** 30 };
const sized = (side: number) => ({ width: side, height: side, cfgScale: 7 });

function memoryStore(): Store {
  let kept: Record<string, unknown> = {};
  return { read: () => kept, write: (values) => void (kept = JSON.parse(JSON.stringify(values)) as typeof kept) };
}

describe('Room', () => {
  it('says before the press what will not fit, by the largest buffer at first', async () => {
    const room = new Room();
    expect(room.note(MODEL, sized(2048), GPU)).toBeUndefined(); // nothing can be told yet
    await room.open();
    expect(room.note(MODEL, sized(256), GPU)).toBeUndefined();
    expect(room.note(MODEL, sized(1536), GPU)).toMatch(
      /^1536 × 1536 needs about [\d.]+ GB of GPU memory, by estimate; by its largest buffer this GPU has about 1\.6 GB\. \d+ × \d+ should fit\.$/,
    );
    expect(room.note(MODEL, sized(1536), { ...GPU, provider: 'wasm' })).toBeUndefined();
    expect(room.note({ ...MODEL, plan: 'other' }, sized(1536), GPU)).toBeUndefined();
  });

  it('counts the ControlNets that are on beside the model', async () => {
    const room = new Room();
    await room.open();
    const side = [256, 320, 384, 448, 512, 768, 1024].findLast((one) => !room.note(MODEL, sized(one), GPU));
    if (side === undefined) throw new RangeError('nothing fits');
    expect(room.note({ ...MODEL, besideBytes: 720e6 }, sized(side), GPU)).toMatch(/needs about/);
    const entry = { ...CATALOG.models[0], family: 'sd15', source: { kind: 'imported' } } as const;
    const stored = [
      { id: 'canny', plan: 'q8', bytes: 370, control: 'network' },
      { id: 'depth', plan: 'q8', bytes: 700, control: 'network' },
      { id: 'sketch', plan: 'q8', bytes: 80, control: 'adapter' },
    ] as const;
    const bytesOf = (...units: { model: string; isOff?: boolean }[]) => roomModel(entry, stored, units)?.besideBytes;
    expect(bytesOf()).toBe(0);
    expect(bytesOf({ model: 'canny' }, { model: 'canny' }, { model: 'sketch' }), 'one file is loaded once').toBe(370);
    expect(bytesOf({ model: 'canny', isOff: true }, { model: 'depth' })).toBe(700);
  });

  it('learns from what was painted and what was refused, adapter by adapter, for the next visit too', async () => {
    const store = memoryStore();
    const room = new Room(store);
    await room.open();
    room.painted(MODEL, sized(1536), GPU);
    expect(room.note(MODEL, sized(1536), GPU)).toBeUndefined();
    expect(room.note(MODEL, sized(2048), GPU)).toMatch(/this GPU has given [\d.]+ GB so far\. \d+ × \d+ should fit\.$/);
    expect(room.note(MODEL, sized(1536), { ...GPU, adapter: 'another' })).toBeDefined();
    const next = new Room(store);
    await next.open();
    expect(next.note(MODEL, sized(1536), GPU)).toBeUndefined();
    const large = { ...GPU, adapter: 'large', maxBufferBytes: 2 ** 40 };
    expect(next.note(MODEL, sized(1024), large)).toBeUndefined();
    next.refused(MODEL, sized(1024), large);
    expect(next.note(MODEL, sized(1024), large)).toMatch(/this GPU has refused .* GB\. 9\d\d × 9\d\d should fit\.$/);
    next.painted(MODEL, sized(1024), large);
    expect(next.note(MODEL, sized(1024), large)).toBeUndefined();
  });

  it('says nothing of a decoder that tiles help', async () => {
    const room = new Room();
    await room.open();
    const desktop = { ...GPU, maxBufferBytes: 2 ** 31 };
    expect(room.note(MODEL, sized(2048), desktop)).toBeUndefined(); // 7 GB for the decoder of the whole
  });

  it('leaves aside what was not kept by it', async () => {
    const stored = { 'a GPU': { paintedBytes: 'much', refusedBytes: -1 }, other: 7, none: null };
    const room = new Room({ read: () => stored, write: () => undefined });
    await room.open();
    expect(room.note(MODEL, sized(1536), GPU)).toMatch(/by its largest buffer/);
  });
});
