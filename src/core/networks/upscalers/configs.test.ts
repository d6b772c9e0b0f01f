import { describe, expect, it } from 'vitest';
import { openNetwork, type ComponentId } from '..';
import { exprTensors } from '../../graph';

const RRDB = { features: 64, growth: 32, blocks: 23, upsamplings: 2, unshuffle: 1 };
const COMPACT = { features: 64, convolutions: 16, scale: 4 };
const OMNISR = { features: 64, groups: 5, blocks: 1, window: 8, scale: 4, hasPositions: false };
const SPAN = { features: 48, scale: 4 };

const parameters = (id: ComponentId, config: object): number => {
  const { weights } = openNetwork(id, { file: 'config', config }).build('portable');
  return exprTensors(weights.map(({ expr }) => expr)).reduce(
    (sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1),
    0,
  );
};

describe('upscalers', () => {
  it.each<[ComponentId, object, number]>([
    ['rrdb_upscaler', RRDB, 16_697_987],
    ['rrdb_upscaler', { ...RRDB, blocks: 6 }, 4_467_779],
    ['rrdb_upscaler', { ...RRDB, unshuffle: 2 }, 16_703_171],
    ['rrdb_upscaler', { ...RRDB, unshuffle: 4 }, 16_723_907],
    ['compact_upscaler', { ...COMPACT, convolutions: 32 }, 1_213_296],
    ['compact_upscaler', COMPACT, 621_424],
    ['compact_upscaler', { ...COMPACT, scale: 2 }, 600_652],
    ['span_upscaler', SPAN, 426_288],
    ['omnisr_upscaler', OMNISR, 796_376], // 805,376 with the tables of places, which are laid out when they are read
  ])('%s %j has as many numbers as the published one', (id, config, count) => {
    expect(parameters(id, config)).toBe(count);
  });

  it.each<[ComponentId, object, RegExp]>([
    ['rrdb_upscaler', { ...RRDB, blocks: 1e6 }, /"blocks".*at most 256/],
    ['rrdb_upscaler', { ...RRDB, upsamplings: 9 }, /"upsamplings"/],
    ['rrdb_upscaler', { ...RRDB, unshuffle: 3 }, /"unshuffle"/],
    ['rrdb_upscaler', { ...RRDB, upsamplings: 1, unshuffle: 4 }, /"unshuffle"/],
    ['compact_upscaler', { ...COMPACT, scale: 100 }, /"scale".*at most 8/],
    ['span_upscaler', { ...SPAN, normalises: 'yes' }, /"normalises"/],
    ['omnisr_upscaler', { ...OMNISR, features: 30 }, /"features".*multiple of 4/],
    ['omnisr_upscaler', { ...OMNISR, window: 64 }, /"window".*at most 16/],
  ])('%s refuses %j', (id, config, message) => {
    expect(() => openNetwork(id, { file: 'config', config })).toThrow(message);
  });
});
