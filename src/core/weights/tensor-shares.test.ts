/** Shares of tensors by the blocks of the original layout. */
import { describe, expect, it } from 'vitest';
import { parseTensorShares, shareOf, singleShare } from './tensor-shares';

describe('tensor shares', () => {
  const shares = parseTensorShares('time_embed.=1,input_blocks.1.=0.5,input_blocks.=0.2,out.=-3e-2') ?? [];

  it.each([
    ['down_blocks.0.resnets.0.conv1.weight', 0.5],
    ['conv_in.bias', 0.2],
    ['down_blocks.3.resnets.0.conv1.weight', 0.2],
    ['conv_norm_out.weight', -0.03],
    ['up_blocks.0.resnets.0.conv1.weight', 1],
    ['mid_block.attentions.0.proj_in.weight', 1],
  ])('of %s: the longest name that fits, or the first', (name, share) => {
    expect(shareOf(shares, name)).toBe(share);
  });

  it('are read with their names, and without one', () => {
    expect(shares.map(([prefix]) => prefix)).toEqual(['time_embed.', 'input_blocks.1.', 'input_blocks.', 'out.']);
    expect(shares.map(([, share]) => share)).toEqual([1, 0.5, 0.2, -0.03]);
    expect(parseTensorShares('0.25')).toEqual([['', 0.25]]);
    for (const text of ['', 'a', '1,', 'a=b', '1=2=3']) expect(parseTensorShares(text), text).toBeUndefined();
  });

  it('are one where all are alike', () => {
    expect(singleShare([['', 0.5]])).toBe(0.5);
    expect(singleShare(shares)).toBeUndefined();
  });
});
