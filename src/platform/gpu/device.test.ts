import { afterEach, describe, expect, it, vi } from 'vitest';
import { findGpu, openGpu, type FoundGpu, type GpuOptions } from './device';
import { LEAST_LIMITS, stubGpu, type FakeAdapter } from './testing/fake-gpu';

afterEach(() => void vi.unstubAllGlobals());

async function found(): Promise<FoundGpu> {
  const gpu = await findGpu();
  if (typeof gpu === 'string') throw new Error(gpu);
  return gpu;
}

async function opened(adapter: FakeAdapter, options?: GpuOptions) {
  const [devices, gpu] = [stubGpu(adapter), await found()];
  const device = await openGpu(gpu, options);
  if (typeof device === 'string') throw new Error(device);
  return { device, requested: devices[0].requested };
}

describe('findGpu', () => {
  it('says in one sentence why there is none', async () => {
    vi.stubGlobal('navigator', {});
    expect(await findGpu()).toBe('This browser does not offer WebGPU.');
    stubGpu(null);
    expect(await findGpu()).toBe('This browser offers WebGPU but found no GPU that it may use.');
    stubGpu(new Error('blocked by policy'));
    expect(await findGpu()).toBe('WebGPU could not be opened: blocked by policy.');
  });

  it.each([
    [{ description: 'NVIDIA GeForce RTX 4090' }, 'NVIDIA GeForce RTX 4090'],
    [{ vendor: 'apple', architecture: 'metal-3' }, 'apple metal-3'],
    [{ vendor: '', architecture: '' }, 'a GPU the browser does not name'],
  ])('names it in the browser’s words: %o', async (info, name) => {
    stubGpu({ info });
    expect((await found()).name).toBe(name);
  });

  it('knows software by the adapter’s info, or by the adapter where that does not say', async () => {
    stubGpu({ info: { isFallbackAdapter: true } });
    expect((await found()).isSoftware).toBe(true);
    stubGpu({ info: { isFallbackAdapter: undefined }, isFallbackAdapter: true });
    expect((await found()).isSoftware).toBe(true);
    stubGpu({ info: { isFallbackAdapter: undefined } });
    expect((await found()).isSoftware).toBe(false);
  });
});

describe('openGpu', () => {
  const ALL = ['shader-f16', 'subgroups', 'subgroup-size-control', 'timestamp-query', 'texture-compression-bc'];

  it('asks for what the runtime’s kernels use of what the GPU has, and no more', async () => {
    expect((await opened({ features: ALL })).requested.requiredFeatures?.toString()).toBe(
      'timestamp-query,shader-f16,subgroups,subgroup-size-control',
    );
    expect((await opened({ features: ['shader-f16'] })).requested.requiredFeatures).toEqual(['shader-f16']);
  });

  it('leaves out what is not to be used', async () => {
    const { device } = await opened({ features: ALL }, { halfPrecision: false, subgroups: false });
    expect([...device.features]).toEqual(['timestamp-query']);
  });

  it('raises limits to the adapter’s, and works with the least', async () => {
    const limits = { maxStorageBufferBindingSize: 2 ** 31, maxStorageBuffersPerShaderStage: 16 };
    expect((await opened({ limits })).requested.requiredLimits).toEqual({ ...LEAST_LIMITS, ...limits });
    expect((await opened({ limits }, { limits: 'least' })).requested.requiredLimits).toEqual({});
    expect((await opened({})).requested.requiredLimits).toEqual(LEAST_LIMITS);
  });

  it('gives the device the info that Safari leaves out, and mends its shaders', async () => {
    const { device } = await opened({ info: { vendor: 'apple' } });
    expect(device.adapterInfo.vendor).toBe('apple');
    expect(device.createShaderModule({ code: 'fn f() { var a : f32; }' })).toEqual({
      code: 'fn f() { var a : f32 = f32(); }',
    });
  });

  it('says why the GPU refused', async () => {
    stubGpu({ refusal: new Error('Out of devices.') });
    expect(await openGpu(await found())).toBe('WebGPU could not be opened: Out of devices.');
  });
});
