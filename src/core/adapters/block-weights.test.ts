/** Lists of weights by block, and which block a layer is in. */
import { describe, expect, it } from 'vitest';
import type { ComponentId } from '../networks';
import { blockFactor, parseBlockWeights } from './block-weights';
import { familyShapes } from './model-shapes';

const factorOf = (list: string, path: string, component: ComponentId = 'unet'): number | undefined => {
  const weights = parseBlockWeights(list);
  return weights && blockFactor(weights, { component, path });
};
const counted = (length: number): string => Array.from({ length }, (_, i) => i).join(',');

describe('blockFactor', () => {
  it.each([
    [17, 'down_blocks.0.attentions.0.proj_in', 1],
    [17, 'down_blocks.2.attentions.1.transformer_blocks.0.attn1.to_q', 6],
    [17, 'mid_block.attentions.0.proj_out', 7],
    [17, 'up_blocks.1.attentions.0.proj_in', 8],
    [17, 'up_blocks.3.attentions.2.proj_in', 16],
    [17, 'down_blocks.3.resnets.0.conv1', 0],
    [17, 'conv_in', 0],
    [17, 'time_embedding.linear_1', 1],
    [17, 'conv_out', 1],
    [26, 'conv_in', 1],
    [26, 'down_blocks.0.downsamplers.0.conv', 4],
    [26, 'up_blocks.0.upsamplers.0.conv', 16],
    [12, 'down_blocks.2.attentions.1.transformer_blocks.9.ff.net.2', 4],
    [12, 'up_blocks.1.attentions.2.proj_in', 11],
    [20, 'up_blocks.2.resnets.2.conv2', 19],
  ])('of %s numbers, for %s, is %s', (length, path, expected) =>
    expect(factorOf(counted(length).replace(/^0/, '9'), path)).toBe(expected),
  );

  it('of a text encoder is the first', () => {
    for (const component of ['text_encoder', 'text_encoder_2'] as const)
      expect(factorOf('0.3,1,1,1,1,1,1,1,1,1,1,1', 'text_model.encoder.layers.0.mlp.fc1', component)).toBe(0.3);
  });

  it('finds a block for all of a U-Net’s layers but those before and behind the blocks', () => {
    const none = parseBlockWeights(Array(26).fill(0).join());
    const paths = [...(familyShapes('sd15').get('unet')?.keys() ?? [])].map((name) =>
      name.replace(/\.(weight|bias)$/, ''),
    );
    const outside = paths.filter((path) => none && blockFactor(none, { component: 'unet', path }) === 1);
    expect([...new Set(outside)]).toEqual(expect.arrayContaining(['time_embedding.linear_1', 'conv_out']));
    expect(outside.filter((path) => /blocks|mid_block|conv_in/.test(path))).toEqual([]);
  });
});

describe('parseBlockWeights', () => {
  it('knows presets, and spaces', () => {
    expect(parseBlockWeights('INS')).toEqual(parseBlockWeights('1, 1,1,1,0,0,0,0,0,0,0,0,0,0,0,0,0'));
    expect(parseBlockWeights('ALL')).toEqual(parseBlockWeights(Array(17).fill(1).join()));
  });

  it.each(['', '1', '1,2', counted(18), 'IN02', '1,R,1,1,1,1,1,1,1,1,1,1', '1,,1,1,1,1,1,1,1,1,1,1', 'toString'])(
    'reads no list in "%s"',
    (text) => expect(parseBlockWeights(text)).toBeUndefined(),
  );
});
