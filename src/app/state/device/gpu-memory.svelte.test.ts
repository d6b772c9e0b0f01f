import { describe, expect, it } from 'vitest';
import { usableBytes } from '../../../core/networks';
import { CATALOG } from '../../testing/catalog';
import { Settings } from '../settings/settings.svelte';
import { GPU_MEMORY } from './device-choice';

describe('the choice of GPU memory', () => {
  it('begins with what is found by itself, then goes up', () => {
    expect(Object.keys(GPU_MEMORY)[0]).toBe('auto');
    const bytes = Object.values(GPU_MEMORY).flatMap((one) => one.bytes ?? []);
    expect(bytes).toEqual(bytes.toSorted((a, b) => a - b));
    expect(bytes).toContain(8e9);
    expect(usableBytes({ memoryBytes: GPU_MEMORY.low.bytes })).toBeCloseTo(1.2e9, -7); // the limit that phones are held to
  });

  it('is told to the engine, but not with the CPU', () => {
    const settings = new Settings(CATALOG);
    expect(settings.device).toEqual({ provider: 'auto' });
    settings.gpuMemory = '12 GB';
    expect(settings.device).toEqual({ provider: 'auto', memoryBytes: 12e9 });
    settings.provider = 'wasm';
    expect(settings.device).toEqual({ provider: 'wasm' });
  });

  it('is kept, and dropped where there is no such choice', () => {
    const settings = new Settings(CATALOG);
    settings.gpuMemory = '24 GB';
    expect(new Settings(CATALOG, settings.toStored()).gpuMemory).toBe('24 GB');
    for (const gpuMemory of ['7 GB', 12, null, 'toString'])
      expect(new Settings(CATALOG, { gpuMemory }).gpuMemory).toBe('auto');
  });
});
