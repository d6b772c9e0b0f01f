/** GPUs that compute wrongly, break, hang or go away: each fault is found, and costs what it must and no more. */
import * as ort from 'onnxruntime-web';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../core/errors';
import type { Activations } from '../../../core/graph';
import type { Ability, DeviceExamination } from '../../../engine/api';
import type { RawSession } from '../../../engine/ports';
import { createOrtSession, type Ort } from '../ort-session';
import { examine, type Examined, type Probe } from './examine';
import { casesOf, GROUP_IDS, SELF_TEST_GROUPS } from './groups';
import type { TestDevice } from './run-case';
import { runGroups } from './run-groups';

interface Kernel {
  /** Operators of the graph that it is of. */
  ops: string[];
  activations: Activations;
  subgroups: boolean;
}

/** What a GPU does to the result of a kernel; nothing of a sound one. */
type Fault = (kernel: Kernel, result: Float32Array) => Float32Array | Promise<Float32Array>;

const OPS = ['MatMulNBits', 'MultiHeadAttention', 'Conv', 'Resize', 'LayerNormalization', 'InstanceNormalization'];

/** The CPU's results, once a graph: what is tested here is what is made of them. */
const sound = new Map<string, Promise<Record<string, Float32Array>>>();

async function soundRun(graph: Parameters<TestDevice['createSession']>[0], inputs: Parameters<RawSession['run']>[0]) {
  const session = await createOrtSession(ort as unknown as Ort, ['wasm'], graph);
  try {
    return await session.run(inputs);
  } finally {
    await session.dispose();
  }
}

/** A GPU in this process: the CPU's results with a fault put on them. */
function gpuWith(fault: Fault): Probe {
  return async ({ subgroups, groups }, tell) => {
    let lose: (reason: AppError) => void = () => undefined;
    const lost = new Promise<never>((_, reject) => void (lose = reject));
    lost.catch(() => undefined);
    const device: TestDevice & { lost: Promise<never> } = {
      target: 'portable',
      lost,
      createSession(graph) {
        const text = new TextDecoder('latin1').decode(graph.onnx);
        const activations = text.includes('Cast') ? 'float16' : 'float32';
        const kernel: Kernel = { ops: OPS.filter((op) => text.includes(op)), activations, subgroups };
        return Promise.resolve({
          async run(inputs) {
            const key = text + JSON.stringify(Object.values(inputs).map(({ data }) => [data[0], data.at(-1)]));
            const run = sound.get(key) ?? soundRun(graph, inputs);
            sound.set(key, run);
            try {
              return { y: await fault(kernel, (await run)['y'].slice()) };
            } catch (thrown) {
              if (thrown instanceof AppError && thrown.code === 'device-lost') lose(thrown);
              throw thrown;
            }
          },
          dispose: () => Promise.resolve(),
        });
      },
    };
    await runGroups(device, groups, tell);
  };
}

const ALL = { halfPrecision: true, subgroups: true };

const usedOf = ({ abilities }: DeviceExamination): Ability[] =>
  (Object.keys(abilities) as Ability[]).filter((ability) => abilities[ability].isUsed);

/** A result that differs by 4 % in size. */
const off = (result: Float32Array, by = 1.04): Float32Array => result.map((value) => value * by);

/** What is needed first, then half precision, then all; each time through the storage. */
async function inStages(probe: Probe): Promise<Examined[]> {
  const stages: Examined[] = [];
  for (const needs of [[], ['halfPrecision'], undefined] as const) {
    const before = stages.at(-1);
    if (before && !before.isUnfinished) break;
    stages.push(structuredClone(await examine({ probe, offered: ALL, needs, before })));
  }
  return stages;
}

const EVERYTHING: Ability[] = ['fullPrecision', 'halfPrecision', 'fastAttention', 'packedMatrices'];
const allBut = (...left: Ability[]): Ability[] => EVERYTHING.filter((ability) => !left.includes(ability));

const lose = (): never => {
  throw new AppError('device-lost', 'GPU: the driver was reset.');
};

describe('examine', () => {
  it.each<{ gpu: string; fault: Fault; used: Ability[]; found?: Partial<Record<Ability, object>> }>([
    { gpu: 'is sound', fault: (_, y) => y, used: EVERYTHING },
    {
      gpu: 'is off by 4 % in attention with subgroups',
      fault: ({ ops, subgroups }, y) => (subgroups && ops.includes('MultiHeadAttention') ? off(y) : y),
      used: allBut('fastAttention'),
      found: {
        fastAttention: {
          found: 'wrong',
          error: expect.closeTo(0.04, 3),
          operator: expect.stringMatching(/^attention/),
        },
      },
    },
    {
      gpu: 'adds up convolutions wrongly in half precision',
      fault: ({ ops, activations }, y) => (activations === 'float16' && ops.includes('Conv') ? off(y, 0.97) : y),
      used: allBut('halfPrecision'),
      found: {
        halfPrecision: {
          found: 'wrong',
          error: expect.closeTo(0.03, 3),
          operator: expect.stringMatching(/^convolution/),
        },
      },
    },
    {
      gpu: 'passes 65504 in normalising',
      fault: ({ ops, activations }, y) =>
        activations === 'float16' && ops.includes('InstanceNormalization') ? y.fill(NaN) : y,
      used: allBut('halfPrecision'),
      found: { halfPrecision: { found: 'wrong', operator: 'group normalisation' } },
    },
    {
      gpu: 'cannot compile a kernel in half precision',
      fault: ({ ops, activations }, y) => {
        if (activations === 'float16' && ops.includes('Resize')) throw new Error('Invalid ShaderModule');
        return y;
      },
      used: allBut('halfPrecision'),
      found: { halfPrecision: { found: 'failed', operator: 'enlarging', failure: 'Invalid ShaderModule' } },
    },
    {
      gpu: 'reads packed matrices wrongly',
      fault: ({ ops }, y) => (ops.includes('MatMulNBits') ? off(y, -1) : y),
      used: allBut('packedMatrices'),
      found: {
        packedMatrices: {
          found: 'wrong',
          error: expect.closeTo(2, 3),
          operator: expect.stringMatching(/-bit matrices/),
        },
      },
    },
    {
      gpu: 'reads packed matrices wrongly in half precision alone',
      fault: ({ ops, activations }, y) => (activations === 'float16' && ops.includes('MatMulNBits') ? off(y) : y),
      used: allBut('packedMatrices'),
    },
    {
      gpu: 'is wrong in half precision, packed matrices among it',
      fault: ({ activations }, y) => (activations === 'float16' ? off(y) : y),
      used: allBut('halfPrecision'), // packed matrices are right in what is left
    },
    {
      gpu: 'gives one value that is not a number',
      fault: ({ ops }, y) => (ops.includes('Conv') ? y.fill(NaN, 7, 8) : y),
      used: [],
      found: { fullPrecision: { found: 'wrong', operator: 'convolution' } },
    },
    {
      gpu: 'goes away in attention with subgroups',
      fault: ({ ops, subgroups }, y) => (subgroups && ops.includes('MultiHeadAttention') ? lose() : y),
      used: allBut('fastAttention'),
      found: { fastAttention: { found: 'failed', operator: 'attention', failure: 'GPU: the driver was reset.' } },
    },
    {
      gpu: 'goes away in half precision',
      fault: ({ activations }, y) => (activations === 'float16' ? lose() : y),
      used: allBut('halfPrecision'),
      found: { halfPrecision: { found: 'failed', operator: 'matrices' } },
    },
    {
      gpu: 'goes away with packed matrices',
      fault: ({ ops }, y) => (ops.includes('MatMulNBits') ? lose() : y),
      used: allBut('packedMatrices'),
      found: { packedMatrices: { found: 'failed', operator: '8-bit matrices' } },
    },
  ])('finds what a GPU is good for that $gpu', async ({ fault, used, found = {} }) => {
    const examination = await examine({ probe: gpuWith(fault), offered: ALL });
    expect(examination.abilities).toMatchObject(found);
    if (examination.abilities.fullPrecision.isUsed) expect(usedOf(examination).sort()).toEqual([...used].sort());
    else expect(used).toEqual([]);
    expect(structuredClone(examination)).toEqual(JSON.parse(JSON.stringify(examination)));

    const stages = await inStages(gpuWith(fault));
    const last = stages[stages.length - 1];
    if (last.abilities.fullPrecision.isUsed) expect(usedOf(last).sort()).toEqual([...used].sort());
    else expect(used).toEqual([]);
    expect(last).not.toHaveProperty('isUnfinished');
    expect(last).not.toHaveProperty('found');
    for (const { abilities, isUnfinished, found: by } of stages) {
      if (isUnfinished) expect(by?.groups).toContain('float32');
      // nothing is used before its groups were run, nor what the whole test finds wrong of what was run
      if (isUnfinished && !by?.groups.includes('float16')) expect(abilities.halfPrecision.isUsed).toBe(false);
      if (isUnfinished && !by?.groups.includes('packed16')) expect(abilities.packedMatrices.isUsed).toBe(false);
      if (abilities.halfPrecision.isUsed) expect(used).toContain('halfPrecision');
    }
  });

  it('asks for no more than is needed, and nothing twice', async () => {
    const seen: string[] = [];
    const probe: Probe = (request, tell) => {
      seen.push(`${request.subgroups} ${request.groups.join(' ')}`);
      return gpuWith((_, y) => y)(request, tell);
    };
    const stages = await inStages(probe);
    expect(seen).toEqual(['true float32', 'true float16', 'true packed32 packed16']);
    expect(stages.map((stage) => usedOf(stage).join(' '))).toEqual([
      'fullPrecision fastAttention',
      'fullPrecision halfPrecision fastAttention',
      EVERYTHING.join(' '),
    ]);
    expect(stages.map(({ isUnfinished }) => isUnfinished)).toEqual([true, true, undefined]);
    expect(stages[0].abilities.halfPrecision).toEqual({ isUsed: false, found: 'untested' });
  });

  it('runs all again without subgroups where a later group is right without them alone', async () => {
    const seen: string[] = [];
    const probe: Probe = (request, tell) => {
      seen.push(`${request.subgroups} ${request.groups.join(' ')}`);
      const fault: Fault = ({ activations, subgroups }, y) => (activations === 'float16' && subgroups ? off(y) : y);
      return gpuWith(fault)(request, tell);
    };
    const [first, second, third] = await inStages(probe);
    expect(first.abilities.fastAttention.isUsed).toBe(true);
    expect(usedOf(second)).toEqual(['fullPrecision', 'halfPrecision']);
    expect(usedOf(third)).toEqual(['fullPrecision', 'halfPrecision', 'packedMatrices']);
    expect(seen).toEqual([
      'true float32',
      'true float16',
      'false float32 float16',
      'true packed32 packed16',
      'false packed32 packed16',
    ]);
  });

  it('is at its end where not even full precision is right', async () => {
    const first = await examine({ probe: gpuWith((_, y) => off(y)), offered: ALL, needs: [] });
    expect(first.isUnfinished).toBeUndefined();
    expect(usedOf(first)).toEqual([]);
  });

  it('ends when it is stopped, and what was known stays', async () => {
    const first = await examine({ probe: gpuWith((_, y) => y), offered: ALL, needs: [] });
    const before = structuredClone(first);
    const stopped: Probe = () => Promise.reject(new AppError('cancelled', 'stopped'));
    await expect(examine({ probe: stopped, offered: ALL, before: first })).rejects.toMatchObject({ code: 'cancelled' });
    expect(first).toEqual(before);
  });

  it('takes a short test where half precision and subgroups are not offered', async () => {
    const seen: string[] = [];
    const probe: Probe = (request, tell) => {
      seen.push(`${request.subgroups} ${request.groups.join(' ')}`);
      return gpuWith((_, y) => y)(request, tell);
    };
    const examination = await examine({ probe, offered: { halfPrecision: false, subgroups: false } });
    expect(seen).toEqual(['false float32 packed32']);
    expect(usedOf(examination)).toEqual(['fullPrecision', 'packedMatrices']);
    expect(examination.abilities.halfPrecision.found).toBe('absent');
    expect(examination.abilities.fastAttention.found).toBe('absent');
  });

  it('uses nothing of a GPU that goes away at once, and does not try for long', async () => {
    let begun = 0;
    const probe: Probe = () => {
      begun += 1;
      return Promise.reject(new AppError('device-lost', 'The GPU gave no answer for 20 s.'));
    };
    const examination = await examine({ probe, offered: ALL });
    expect(usedOf(examination)).toEqual([]);
    expect(examination.abilities.fullPrecision).toMatchObject({ found: 'failed', operator: 'matrices' });
    expect(begun).toBe(2); // with subgroups and without
  });

  it('says nothing of a GPU where the test cannot be begun', async () => {
    const probe: Probe = () => Promise.reject(new AppError('internal', 'no worker'));
    await expect(examine({ probe, offered: ALL })).rejects.toThrow('no worker');
  });

  it('measures its seconds', async () => {
    let now = 5000;
    const probe: Probe = ({ groups }, tell) => {
      now += 1500;
      for (const group of groups) for (const { name } of casesOf(group)) tell({ group, operator: name, error: 0 });
      return Promise.resolve();
    };
    const { at, seconds } = await examine({ probe, offered: ALL, now: () => now });
    expect([at, seconds]).toEqual([5000, 1.5]);
  });

  it('has a limit for each group that sound devices keep and known faults do not', () => {
    for (const id of GROUP_IDS) expect(SELF_TEST_GROUPS[id].limit).toBeLessThan(0.03);
  });
});
