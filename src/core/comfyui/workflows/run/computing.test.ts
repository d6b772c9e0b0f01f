/** Numbers that are worked out while a graph is compiled, and lists that become one batch. */
import { describe, expect, it } from 'vitest';
import { compile, settingsOf, sound, type Nodes } from '../testing/compiled';
import { PARTS, SAMPLER } from '../testing/prompts';

describe('numbers', () => {
  const sized = (changes: Nodes, from: string, output = 0) =>
    settingsOf(
      { ...changes, '5': ['EmptyLatentImage', { width: [from, output], height: 64, batch_size: 1 }] },
      'empty_latent',
    );
  const constant: Nodes = { '20': ['ImpactInt', { value: 129 }], '21': ['ImpactFloat', { value: 2.5 }] };

  it.each<[string, Nodes[string][1], number, number]>([
    ['SimpleMath+', { value: 'a * b / 5', a: ['20', 0], b: ['21', 0] }, 0, 64],
    ['SimpleMath+', { value: '129/2 + c', a: ['20', 0] }, 0, 64],
    ['MathExpression|pysssss', { expression: 'a // 2 + round(b)', a: ['20', 0], b: ['21', 0] }, 0, 66],
    ['MathExpression|pysssss', { expression: 'min(a.width, 512) - 0.5', a: ['22', 0] }, 0, 511],
    ['MathExpression|pysssss', { expression: 'a.height / 5', a: ['22', 0] }, 0, 80],
    ['ComfyMathExpression', { expression: 'a + 7', 'values.a': ['20', 0] }, 1, 136],
  ])('are worked out before anything runs: %s %j', (type, inputs, output, width) => {
    const changes: Nodes = { ...constant, '22': ['LoadImage', { image: 'a.png' }], '23': [type, inputs] };
    expect(sized(changes, '23', output)).toMatchObject([{ width }]);
  });

  it('stop where a seed would lose digits, and where what is joined is no number', () => {
    const messages = (nodes: Nodes): string[] => compile(nodes).problems.map(({ message }) => message);
    const size = { '5': ['EmptyLatentImage', { width: ['20', 0], height: 64, batch_size: 1 }] } satisfies Nodes;
    const seeded: Nodes = { ...size, '21': ['ImpactInt', { value: 2 ** 60 }] };
    expect(messages({ ...seeded, '20': ['SimpleMath+', { value: 'a + 1', a: ['21', 0] }] }).join()).toContain(
      'has more digits than can be reckoned with here.',
    );
    const text = { ...size, '21': ['PrimitiveString', { value: 'a cat' }] } satisfies Nodes;
    expect(messages({ ...text, '20': ['SimpleMath+', { value: 'a + 64', a: ['21', 0] }] }).join()).toContain(
      '"a + 64" cannot be worked out here.',
    );
  });

  it('are said where they cannot be', () => {
    const { problems } = compile({
      ...{ '20': ['MathExpression|pysssss', { expression: 'a + nobody' }] },
      '5': ['EmptyLatentImage', { width: ['20', 0], height: 64, batch_size: 1 }],
    });
    expect(problems.map(({ message }) => message)).toContain(
      '"Math Expression" (node 20): "a + nobody" cannot be worked out here.',
    );
  });
});

describe('sizes', () => {
  const shown: Nodes = { '9': ['PreviewImage', { images: ['20', 0] }], '21': ['LoadImage', { image: 'a.png' }] };
  const padded = { left: 9000, top: 9000, right: 0, bottom: 0, feathering: 0 };

  it.each<[Nodes[string], string]>([
    [['EmptyImage', { width: 16384, height: 16384, batch_size: 1, color: 0 }], '16384 × 16384'],
    [['ImageScaleBy', { image: ['21', 0], upscale_method: 'area', scale_by: 8 }], ''],
    [
      ['ImageScale', { image: ['21', 0], upscale_method: 'area', width: 9000, height: 9000, crop: 'disabled' }],
      '9000 × 9000',
    ],
    [['ImagePadForOutpaint', { image: ['21', 0], ...padded }], '9640 × 9400'],
  ])('that are too large are said before anything runs: %j', (node, size) => {
    const said = compile({ ...shown, '20': node }).problems.map(({ message }) => message);
    if (size === '') return expect(said).toEqual([]);
    expect(said.join()).toContain(`(node 20): a picture of ${size} pixels is too large`);
  });
});

describe('lists', () => {
  it('are one batch, whose latents keep the noise of their places', () => {
    const changes: Nodes = {
      '5': ['EmptyLatentImage', { width: 64, height: 64, batch_size: 3 }],
      '20': ['RebatchLatents', { latents: ['5', 0], batch_size: 2 }],
      '3': ['KSampler', { ...SAMPLER, ...PARTS, latent_image: ['20', 0] }],
    };
    expect(settingsOf(changes, 'sample').map(({ noiseIndex }) => noiseIndex)).toEqual([1, 2, 3]);
    expect(compile(changes).notices).toEqual([
      'The 2 batches of node 20 go on as one here: each picture is made by itself.',
    ]);
    const whole: Nodes = { ...changes, '20': ['RebatchLatents', { latents: ['5', 0], batch_size: 4 }] };
    expect(compile(whole).notices).toEqual([]);
    const images: Nodes = { '20': ['RebatchImages', { images: ['8', 0], batch_size: 1 }] };
    expect(sound({ ...images, '9': ['SaveImage', { images: ['20', 0], filename_prefix: 'a' }] })).toHaveLength(7);
  });
});
