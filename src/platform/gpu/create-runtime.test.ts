/** Which device is taken and what is told of it: on sound, bad and strange machines. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AppError } from '../../core/errors';
import type { Ability, DeviceExamination } from '../../engine/api';
import { createRuntime } from './create-runtime';
import { memoryValues } from '../storage/testing/memory';
import { createExaminationStore } from '../storage/examination-store';
import type { ExaminationStore } from './examined-once';
import type { Probe } from './self-test/examine';
import { casesOf, type GroupId } from './self-test/groups';
import { stubGpu, type FakeAdapter } from './testing/fake-gpu';

const ort = vi.hoisted(() => ({
  env: { wasm: { numThreads: 2 }, versions: { common: '1', web: '1.31' } },
  InferenceSession: { create: () => Promise.reject(new Error('not here')) },
  Tensor: class {},
}));
vi.mock('./ort-module', () => ({ loadOrt: () => Promise.resolve(ort) }));

const GPU: FakeAdapter = {
  features: ['shader-f16', 'subgroups', 'subgroup-size-control'],
  info: { description: 'Acme 9' },
  limits: { maxStorageBufferBindingSize: 2 ** 31 },
};
const SOFTWARE: FakeAdapter = { ...GPU, info: { description: 'SwiftShader', isFallbackAdapter: true } };

/** Groups that come out wrong, by whether the device has subgroups. */
type Wrong = Partial<Record<GroupId, 'with subgroups' | 'always'>>;

function probeOf(wrong: Wrong = {}) {
  const probe = vi.fn<Probe>(({ subgroups, groups }, tell) => {
    for (const group of groups)
      for (const { name: operator } of casesOf(group)) {
        const isWrong = wrong[group] === 'always' || (wrong[group] === 'with subgroups' && subgroups);
        tell({ group, operator, error: isWrong ? 0.5 : 0 });
      }
    return Promise.resolve();
  });
  return probe;
}

let examinations: ExaminationStore;

beforeEach(() => {
  examinations = createExaminationStore(memoryValues());
  vi.stubGlobal('WebAssembly', { Suspending: class {} });
});
afterEach(() => void vi.unstubAllGlobals());

const used = (examination: DeviceExamination | undefined): string =>
  (Object.entries(examination?.abilities ?? {}) as [Ability, { isUsed: boolean }][])
    .filter(([, { isUsed }]) => isUsed)
    .map(([ability]) => ability)
    .join(' ');

describe('createRuntime on a machine without a GPU', () => {
  it('computes on the CPU and says why', async () => {
    stubGpu(null);
    const { device, target, memory } = await createRuntime('auto');
    expect(device).toEqual({
      provider: 'wasm',
      adapter: 'CPU, 2 threads',
      fallbackReason: 'This browser offers WebGPU but found no GPU that it may use.',
    });
    expect([target, memory]).toEqual(['portable', undefined]);
  });

  it('refuses where WebGPU was demanded', async () => {
    stubGpu(null);
    await expect(createRuntime('webgpu')).rejects.toMatchObject({ code: 'no-webgpu', message: /found no GPU/ });
  });

  it('gives no reason where the CPU was chosen', async () => {
    stubGpu(GPU);
    expect((await createRuntime('wasm')).device).toEqual({ provider: 'wasm', adapter: 'CPU, 2 threads' });
  });
});

describe('createRuntime with a software GPU', () => {
  it('takes the CPU, which is much faster, and says so', async () => {
    stubGpu(SOFTWARE);
    const probe = probeOf();
    const { device } = await createRuntime('auto', { examiner: { probe, examinations } });
    expect(device.provider).toBe('wasm');
    expect(device.fallbackReason).toMatch(/^The only GPU .* is software.*\.$/);
    expect(probe).not.toHaveBeenCalled();
  });

  it('uses it where WebGPU is demanded, untested: without fast attention', async () => {
    const [probe, opened] = [probeOf(), stubGpu(SOFTWARE)];
    const { device } = await createRuntime('webgpu', { examiner: { probe, examinations } });
    expect(probe).not.toHaveBeenCalled();
    expect(device).toMatchObject({ provider: 'webgpu', adapter: 'SwiftShader', halfPrecision: true });
    expect(device.notes).toEqual(['This GPU is software: the CPU alone would be much faster.']);
    expect([...opened[0].device.features]).toEqual(['shader-f16']);
  });

  it('tests it where a person asks, with patience', async () => {
    const probe = probeOf();
    stubGpu(SOFTWARE);
    const { device } = await createRuntime('webgpu', { examiner: { probe, examinations, again: true } });
    expect(used(device.examination)).toBe('fullPrecision halfPrecision fastAttention packedMatrices');
    expect(probe.mock.calls[0][0].patienceMs).toBeGreaterThan(60_000);
  });
});

describe('createRuntime with a GPU', () => {
  it.each<{ wrong: Wrong; features: string; packed: boolean; abilities: string }>([
    {
      wrong: {},
      features: 'shader-f16 subgroups subgroup-size-control',
      packed: true,
      abilities: 'fullPrecision halfPrecision fastAttention packedMatrices',
    },
    {
      wrong: { float32: 'with subgroups', float16: 'with subgroups' },
      features: 'shader-f16',
      packed: true,
      abilities: 'fullPrecision halfPrecision packedMatrices',
    },
    {
      wrong: { float16: 'always' },
      features: 'subgroups subgroup-size-control',
      packed: true,
      abilities: 'fullPrecision fastAttention packedMatrices',
    },
    {
      wrong: { packed16: 'always', packed32: 'always' },
      features: 'shader-f16 subgroups subgroup-size-control',
      packed: false,
      abilities: 'fullPrecision halfPrecision fastAttention',
    },
    {
      wrong: { float16: 'always', packed32: 'always', float32: 'with subgroups' },
      features: '',
      packed: false,
      abilities: 'fullPrecision',
    },
  ])('opens it with what is right: $wrong', async ({ wrong, features, packed, abilities }) => {
    const opened = stubGpu(GPU);
    const { device } = await createRuntime('auto', { examiner: { probe: probeOf(wrong), examinations } });
    expect(used(device.examination)).toBe(abilities);
    expect([...opened[0].device.features].join(' ')).toBe(features);
    expect(device).toMatchObject({ provider: 'webgpu', packedMatrices: packed, notes: [] });
    expect(device.halfPrecision).toBe(features.includes('shader-f16'));
  });

  describe('of which only a part is needed yet', () => {
    const open = async (probe: Probe, needs: Ability[] = []) =>
      createRuntime('auto', { examiner: { probe, examinations, needs } });

    it('trusts what was tested and no more, and tests the rest when it is asked to', async () => {
      const opened = stubGpu(GPU);
      const probe = probeOf();
      const { device, examineMore } = await open(probe);
      expect(used(device.examination)).toBe('fullPrecision fastAttention');
      expect(device).toMatchObject({
        halfPrecision: false,
        packedMatrices: false,
        examination: { isUnfinished: true },
      });
      expect(device.examination).not.toHaveProperty('found');
      // the device is opened with half precision, so that it is there once it is trusted
      expect([...opened[0].device.features].join(' ')).toBe('shader-f16 subgroups subgroup-size-control');

      const half = await examineMore?.(['halfPrecision']);
      expect(half).toMatchObject({ halfPrecision: true, packedMatrices: false, examination: { isUnfinished: true } });
      const all = await examineMore?.(['halfPrecision', 'packedMatrices']);
      expect(all).toMatchObject({ halfPrecision: true, packedMatrices: true });
      expect(all?.examination?.isUnfinished).toBeUndefined();
      expect(probe.mock.calls.map(([{ groups }]) => groups.join())).toEqual([
        'float32',
        'float16',
        'packed32,packed16',
      ]);
      expect(opened).toHaveLength(1);

      const { device: next, examineMore: none } = await open(probe);
      expect(used(next.examination)).toBe('fullPrecision halfPrecision fastAttention packedMatrices');
      expect(none).toBeUndefined();
      expect(probe).toHaveBeenCalledTimes(3);
    });

    it('goes on at the next visit from what this one has found', async () => {
      stubGpu(GPU);
      const probe = probeOf({ float16: 'always' });
      await open(probe);
      const { device } = await open(probe, ['halfPrecision']);
      expect(device).toMatchObject({ halfPrecision: false, examination: { isUnfinished: true } });
      expect(device.examination?.abilities.halfPrecision.found).toBe('wrong');
      expect(probe.mock.calls.map(([{ groups, subgroups }]) => `${subgroups} ${groups.join()}`)).toEqual([
        'true float32',
        'true float16',
        'false float32,float16', // are subgroups to blame?
      ]);
    });

    it('has the device opened anew where fast attention is found wrong later', async () => {
      const opened = stubGpu(GPU);
      const probe = probeOf({ float16: 'with subgroups' });
      const { examineMore } = await open(probe);
      expect(opened[0].device.features.has('subgroups')).toBe(true);
      expect(await examineMore?.(['halfPrecision'])).toBeUndefined();
      const { device } = await open(probe);
      expect(device).toMatchObject({ halfPrecision: true });
      expect([...opened[1].device.features].join(' ')).toBe('shader-f16');
    });

    it('asks nothing twice where nothing can be kept', async () => {
      stubGpu(GPU);
      const denied = (): Promise<never> => Promise.reject(new AppError('quota', 'No storage in this window.'));
      examinations = { get: denied, set: denied };
      const probe = probeOf();
      const { examineMore } = await open(probe);
      await examineMore?.(['halfPrecision']);
      await open(probe);
      expect(probe.mock.calls.map(([{ groups }]) => groups.join())).toEqual(['float32', 'float16']);
    });

    it('knows nothing more of what was stopped', async () => {
      stubGpu(GPU);
      const sound = probeOf();
      const { examineMore } = await open((request, tell, signal) =>
        signal?.aborted ? Promise.reject(new AppError('cancelled', 'stopped')) : sound(request, tell),
      );
      await expect(examineMore?.(['halfPrecision'], Promise.resolve())).rejects.toMatchObject({ code: 'cancelled' });
      expect(await examineMore?.(['halfPrecision'])).toMatchObject({ halfPrecision: true });
    });
  });

  it('takes the CPU where not even full precision is right, and says so', async () => {
    stubGpu(GPU);
    const probe = probeOf({ float32: 'always' });
    const { device } = await createRuntime('auto', { examiner: { probe, examinations } });
    expect(device.provider).toBe('wasm');
    expect(device.fallbackReason).toMatch(/^This GPU computes wrong numbers \(.+\), so that it is not used\.$/);
    expect(device.examination?.abilities.fullPrecision.error).toBe(0.5);
    expect((await createRuntime('webgpu', { examiner: { probe, examinations } })).device.provider).toBe('webgpu');
  });

  it('takes the CPU where it is lost or hangs in the test', async () => {
    stubGpu(GPU);
    const probe: Probe = () => Promise.reject(new AppError('device-lost', 'The GPU gave no answer for 20 s.'));
    const { device } = await createRuntime('auto', { examiner: { probe, examinations } });
    expect(device.provider).toBe('wasm');
    expect(device.fallbackReason).toBe('This GPU failed in its self-test (matrices), so that it is not used.');
  });

  it('takes the CPU where the test has taken the GPU along', async () => {
    stubGpu(GPU, null);
    const { device } = await createRuntime('auto', { examiner: { probe: probeOf(), examinations } });
    expect(device).toMatchObject({ provider: 'wasm', fallbackReason: /found no GPU/ });
  });

  it('trusts all but fast attention where the test cannot be begun, says so and keeps nothing', async () => {
    const opened = stubGpu(GPU);
    const probe = vi.fn<Probe>(() =>
      Promise.reject(new AppError('internal', 'The GPU could not be tested: no worker.')),
    );
    for (const times of [1, 2]) {
      const { device } = await createRuntime('auto', { examiner: { probe, examinations } });
      expect(device).toMatchObject({ provider: 'webgpu', notes: ['The GPU could not be tested: no worker.'] });
      expect(device.examination).toBeUndefined();
      expect(probe).toHaveBeenCalledTimes(times);
    }
    expect([...opened[0].device.features]).toEqual(['shader-f16']);
  });

  it('tests it once, until browser, runtime or GPU are others, or a person asks', async () => {
    const probe = probeOf();
    const open = async (again = false) => {
      const { device } = await createRuntime('auto', { examiner: { probe, examinations, again } });
      expect(used(device.examination)).toMatch(/fastAttention/);
      return probe.mock.calls.length;
    };
    stubGpu(GPU);
    expect(await open()).toBe(1);
    expect(await open()).toBe(1);
    expect(await open(true)).toBe(2);
    stubGpu({ ...GPU, info: { description: 'Acme 10' } });
    expect(await open()).toBe(3);
    vi.stubGlobal('navigator', { ...navigator, userAgent: 'Browser/2' });
    expect(await open()).toBe(4);
    ort.env.versions.web = '1.32';
    expect(await open()).toBe(5);
    ort.env.versions.web = '1.31';
    expect(await open()).toBe(5);
  });

  it('tests it at each visit where nothing can be kept', async () => {
    stubGpu(GPU);
    const denied = (): Promise<never> => Promise.reject(new AppError('quota', 'No storage in this window.'));
    const probe = probeOf();
    for (const times of [1, 2]) {
      const { device } = await createRuntime('auto', {
        examiner: { probe, examinations: { get: denied, set: denied } },
      });
      expect(device.examination).toBeDefined();
      expect(probe).toHaveBeenCalledTimes(times);
    }
  });

  it.each([
    [4, 'shader-f16'],
    [8, 'shader-f16 subgroups subgroup-size-control'],
    [32, 'shader-f16 subgroups subgroup-size-control'],
  ])(
    'asks for subgroups of 8 lanes and more where there is nobody to test it: %i',
    async (subgroupMinSize, features) => {
      const opened = stubGpu({ ...GPU, info: { subgroupMinSize } });
      await createRuntime('webgpu');
      expect([...opened[0].device.features].join(' ')).toBe(features);
      await createRuntime('webgpu', { gpu: { subgroups: true, halfPrecision: false } });
      expect([...opened[1].device.features].join(' ')).toBe('subgroups subgroup-size-control');
    },
  );

  it('tells of small buffers, and of a browser without JSPI', async () => {
    vi.stubGlobal('WebAssembly', {});
    stubGpu({ ...GPU, limits: {} });
    const { device } = await createRuntime('auto', { examiner: { probe: probeOf(), examinations } });
    expect(device.notes).toEqual([
      'This GPU gives no buffer above 128 MB, so that large pictures may not fit.',
      'This browser has no JavaScript Promise Integration, so that each step takes more of the CPU’s time.',
    ]);
  });

  it('is lost in the browser’s words', async () => {
    const opened = stubGpu(GPU);
    const { lost } = await createRuntime('webgpu');
    opened[0].lose('The driver was reset.');
    await expect(lost).rejects.toMatchObject({ code: 'device-lost', message: 'Acme 9: The driver was reset.' });
  });
});

describe('createExaminationStore', () => {
  it('keeps the last few', async () => {
    const values = memoryValues();
    const store = createExaminationStore(values);
    for (let at = 1; at <= 12; at += 1) await store.set(`gpu ${at}`, { at } as DeviceExamination);
    expect(values.map.size).toBe(8);
    expect(await store.get('gpu 4')).toBeUndefined();
    expect(await store.get('gpu 12')).toEqual({ at: 12 });
  });
});
