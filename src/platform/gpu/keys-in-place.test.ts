import { describe, expect, it } from 'vitest';
import { attentionInPlace, copiesKeys, readKeysInPlace } from './keys-in-place';

/** What is looked at of the kernels as ONNX Runtime writes them. */
const COPY = `
@group(0) @binding(0) var<storage, read> key: array<vec4<f16>>;
@group(0) @binding(1) var<storage, read> value: array<vec4<f16>>;
@group(0) @binding(2) var<storage, read_write> present_key: array<vec4<f16>>;
@group(0) @binding(3) var<storage, read_write> present_value: array<vec4<f16>>;
fn main() {
  let offset = i2o_key(key_indices_t(batch, sequence_id, num_head_id, head_size_id));
  present_key[present_offset]=key[offset];;
  present_value[present_offset]=value[offset];;
}`;

const load = (letter: string, name: string): string => `
fn load${letter}(${letter}_start : u32, batch_head_idx : u32, local_idx : u32, total_seq : u32) {
  let offset = batch_head_idx / uniforms.n_reps * uniforms.present_sequence_length * head_size_vec +
               ${letter}_start * head_size_vec;
  for (var idx : u32 = local_idx; idx < head_size_vec * max_k_step; idx += workgroup_size_x) {
    let slot = u32(idx / head_size_vec);
    ${letter}_tile[slot][idx % head_size_vec] = select(q_value_t(0), ${name}[offset + idx], ${letter}_start + slot < total_seq);
  }
}`;

const ATTENTION = `
@group(0) @binding(0) var<storage, read> q: array<vec4<f16>>;
@group(0) @binding(1) var<storage, read> present_key: array<vec4<f16>>;
@group(0) @binding(2) var<storage, read> present_value: array<vec4<f16>>;
@group(0) @binding(3) var<storage, read_write> output: array<vec4<f16>>;
${load('k', 'present_key')}${load('v', 'present_value')}`;

interface Told {
  code: string;
  buffers: string[];
  sizes: number[];
}

/** A device that writes down the kernels it is told to run. `refuses`: code that does not compile. */
function fakeDevice(refuses = ''): { device: GPUDevice; told: Told[] } {
  const told: Told[] = [];
  const device = {
    createShaderModule: ({ code }: GPUShaderModuleDescriptor) => ({ code }),
    createComputePipelineAsync: ({ compute }: { compute: { module: { code: string } } }) =>
      refuses !== '' && compute.module.code.includes(refuses)
        ? Promise.reject(new Error('does not compile'))
        : Promise.resolve({ code: compute.module.code }),
    createBindGroup: ({ entries }: { entries: { resource: { buffer: string } }[] }) => ({
      buffers: entries.map(({ resource }) => resource.buffer),
    }),
    createCommandEncoder: () => ({
      beginComputePass() {
        let [code, buffers]: [string, string[]] = ['', []];
        return {
          setPipeline: (pipeline: { code: string }) => void (code = pipeline.code),
          setBindGroup: (_: number, group: { buffers: string[] }) => void (buffers = group.buffers),
          dispatchWorkgroups: (...sizes: number[]) => void told.push({ code, buffers, sizes }),
          dispatchWorkgroupsIndirect: () => void told.push({ code, buffers, sizes: [] }),
          end: () => void told.push({ code: 'end', buffers: [], sizes: [] }),
        };
      },
    }),
  } as unknown as GPUDevice;
  readKeysInPlace(device);
  return { device, told };
}

type Kernel = [code: string, buffers: string[], size: number];

/** @returns the kernels that the device was told, as "code: buffers" with names for the codes, of one pass with these */
async function run(kernels: readonly Kernel[], refuses?: string): Promise<string[]> {
  const { device, told } = fakeDevice(refuses);
  const pipelines = new Map<string, GPUComputePipeline>();
  for (const [code] of kernels) {
    const compute = { module: device.createShaderModule({ code }) };
    pipelines.set(code, await device.createComputePipelineAsync({ layout: 'auto', compute }));
  }
  const pass = device.createCommandEncoder().beginComputePass();
  for (const [code, buffers, size] of kernels) {
    const entries = buffers.map((buffer, binding) => ({ binding, resource: { buffer, offset: 0 } }));
    pass.setPipeline(pipelines.get(code) as GPUComputePipeline);
    pass.setBindGroup(0, device.createBindGroup({ entries } as unknown as GPUBindGroupDescriptor));
    if (size > 0) pass.dispatchWorkgroups(size, 1, 1);
    else pass.dispatchWorkgroupsIndirect({} as GPUBuffer, 0);
  }
  pass.end();
  const names = new Map([
    [COPY, 'copy'],
    [ATTENTION, 'attention'],
    [attentionInPlace(ATTENTION) ?? '', 'attention in place'],
  ]);
  return told.map(({ code, buffers, sizes }) => [names.get(code) ?? code, ...buffers, ...sizes].join(' ').trim());
}

const copy: Kernel = [COPY, ['k', 'v', 'K', 'V'], 7];
const attention: Kernel = [ATTENTION, ['q', 'K', 'V', 'o'], 3];
const other: Kernel = ['other', ['a', 'b'], 5];

describe('attentionInPlace', () => {
  it('counts keys and values by token and then head', () => {
    const code = attentionInPlace(ATTENTION);
    expect(code).toContain('present_key[offset + slot * num_heads * head_size_vec + idx % head_size_vec]');
    expect(code).toContain('present_value[offset + slot * num_heads * head_size_vec + idx % head_size_vec]');
    expect(code).not.toContain('n_reps');
  });

  it.each([
    ['another kernel', 'fn main() {}'],
    ['the copy', COPY],
    ['attention that reads keys elsewhere too', `${ATTENTION} let more = present_key[0];`],
    ['attention that reads another way', ATTENTION.replace('present_value[offset + idx]', 'present_value[idx]')],
  ])('knows nothing of %s', (_, code) => expect(attentionInPlace(code)).toBeUndefined());

  it('reads what the copy would have given, to the number', () => {
    const [batch, tokens, heads, size] = [2, 5, 3, 4];
    const at = (b: number, t: number, h: number, i: number): number => ((b * tokens + t) * heads + h) * size + i;
    const start = /let offset = (\(.*\).*);/.exec(attentionInPlace(ATTENTION) ?? '')?.[1] ?? '';
    const read = /present_key\[(.*?)\], k/.exec(attentionInPlace(ATTENTION) ?? '')?.[1] ?? '';
    // WGSL's `/` of whole numbers is cut
    const script = `const offset = ${start.replace('batch_head_idx / num_heads', 'Math.trunc(batch_head_idx / num_heads)')}; return ${read};`;
    const names = ['uniforms', 'num_heads', 'head_size_vec', 'batch_head_idx', 'k_start', 'slot', 'idx'];
    const place = new Function(...names, script) as (...values: unknown[]) => number;
    const uniforms = { present_sequence_length: tokens };
    for (let b = 0; b < batch; b++)
      for (let h = 0; h < heads; h++)
        for (let t = 0; t < tokens; t++)
          for (let i = 0; i < size; i++) {
            const [first, slot] = [t - (t % 2), t % 2];
            expect(place(uniforms, heads, size, b * heads + h, first, slot, slot * size + i)).toBe(at(b, t, h, i));
          }
  });
});

describe('copiesKeys', () => {
  it('knows the copy of keys that are new', () => expect(copiesKeys(COPY)).toBe(true));
  it.each([
    ['with a past', COPY.replace('fn main', 'var<storage, read> past_key: x; fn main')],
    ['of keys that are head by head', COPY.replace('sequence_id, num_head_id', 'num_head_id, sequence_id')],
    ['none', ATTENTION],
  ])('does not take one %s', (_, code) => expect(copiesKeys(code)).toBe(false));
});

describe('readKeysInPlace', () => {
  it('runs attention on the keys and values that would be copied', async () => {
    expect(await run([other, copy, attention, other])).toEqual([
      'other a b 5 1 1',
      'attention in place q k v o 3 1 1',
      'other a b 5 1 1',
      'end',
    ]);
  });

  it('does so for each attention', async () => {
    const told = await run([copy, attention, [COPY, ['l', 'w', 'K', 'V'], 7], attention]);
    expect(told).toEqual(['attention in place q k v o 3 1 1', 'attention in place q l w o 3 1 1', 'end']);
  });

  it.each([
    [
      'another kernel follows',
      [copy, other, attention],
      ['copy k v K V 7 1 1', 'other a b 5 1 1', 'attention q K V o 3 1 1'],
    ],
    ['the pass ends', [copy], ['copy k v K V 7 1 1']],
    [
      'attention reads other keys',
      [copy, [ATTENTION, ['q', 'X', 'V', 'o'], 3]],
      ['copy k v K V 7 1 1', 'attention q X V o 3 1 1'],
    ],
    ['another copy follows', [copy, copy, attention], ['copy k v K V 7 1 1', 'attention in place q k v o 3 1 1']],
    ['it is not told how many', [copy, ['far', ['a'], 0]], ['copy k v K V 7 1 1', 'far a']],
  ] as [string, Kernel[], string[]][])('copies first where %s', async (_, kernels, expected) => {
    expect(await run(kernels)).toEqual([...expected, 'end']);
  });

  it('copies as before where the other form is refused', async () => {
    const told = await run([copy, attention], 'slot * num_heads');
    expect(told).toEqual(['copy k v K V 7 1 1', 'attention q K V o 3 1 1', 'end']);
  });
});
