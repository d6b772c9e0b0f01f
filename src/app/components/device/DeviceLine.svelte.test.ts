import { flushSync, mount, unmount } from 'svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { DeviceReport } from '../../../engine/api';
import DeviceLine from './DeviceLine.svelte';

let line: ReturnType<typeof mount> | undefined;
afterEach(async () => {
  if (line) await unmount(line);
  document.body.replaceChildren();
});

const trial = { cpuMs: 45, gpuMs: 80, cpu: 'CPU, 7 threads', gpu: 'Acme 9' };
const text = (): string => document.body.textContent?.replace(/\s+/g, ' ').trim() ?? '';

async function show(device: DeviceReport, holds: string): Promise<void> {
  line = mount(DeviceLine, { target: document.body, props: { device } });
  flushSync();
  await vi.waitFor(() => expect(text()).toContain(holds));
}

describe('the line that says where numbers are computed', () => {
  it('says that the CPU paints because it is faster, and warns of nothing', async () => {
    await show({ provider: 'wasm', adapter: 'CPU, 7 threads', trial }, 'a step');
    expect(text()).toBe(
      'Runs on your CPU (CPU, 7 threads). CPU: 45 ms a step, GPU: 80 ms: the CPU paints. Nothing leaves this computer.',
    );
    expect(document.querySelector('svg')).toBeNull();
  });

  it('says so of the GPU, too', async () => {
    await show({ provider: 'webgpu', adapter: 'Acme 9', trial: { ...trial, gpuMs: 8 } }, 'a step');
    expect(text()).toContain('Runs on your GPU (Acme 9). CPU: 45 ms a step, GPU: 8.0 ms: the GPU paints.');
    expect(document.querySelector('svg')).toBeNull();
  });

  it('says that it is slower where there was nothing to compare', async () => {
    await show({ provider: 'wasm', adapter: 'CPU, 7 threads' }, 'more slowly');
    expect(text()).toBe('Runs without the GPU, more slowly (CPU, 7 threads). Nothing leaves this computer.');
  });
});
