import { describe, expect, it } from 'vitest';
import { buildClipText, eosRows } from './clip-text';
import { readClipTextConfig } from './clip-text-config';
import { FAMILY_CONFIGS } from '../families/configs';
import { weightKey } from '../graph';

const config = readClipTextConfig('config.json', FAMILY_CONFIGS.sdxl.text_encoder_2);

describe('eosRows', () => {
  it('finds the first end token of each text, in rows of all texts', () => {
    const ids = new Int32Array(3 * 77).fill(49407); // CLIP-L pads with the end token
    ids.set([49406, 320, 1125], 0);
    ids.set([49406], 77);
    ids.fill(320, 154, 230);
    expect([...eosRows(ids, config)]).toEqual([3, 78, 230]);
  });

  it('says which text has none', () => {
    const ids = new Int32Array(2 * 77);
    ids[5] = 49407;
    expect(() => eosRows(ids, config)).toThrow(/text 1/);
  });
});

describe('readClipTextConfig', () => {
  it('takes the last of the vocabulary for the end token of old configs', () => {
    const { eosTokenId } = readClipTextConfig('config.json', { ...FAMILY_CONFIGS.sd15.text_encoder, eos_token_id: 2 });
    expect(eosTokenId).toBe(49407);
  });
});

describe('buildClipText', () => {
  it.each([0, 33, 1.5])('refuses clip skip %s', (clipSkip) => {
    expect(() => buildClipText(config, 'webgpu', { clipSkip })).toThrow(/from 1 to 32/);
  });

  it('is the same graph where no place is given a vector of its own, but for two inputs and two nodes', () => {
    const [plain, taking] = [false, true].map((takesVectors) => buildClipText(config, 'webgpu', { takesVectors }));
    expect(taking.inputs.map(({ name }) => name)).toEqual(['input_ids', 'is_word', 'vectors']);
    expect(taking.nodes.length).toBe(plain.nodes.length + 2);
    expect(taking.weights.map(({ expr }) => weightKey(expr))).toEqual(plain.weights.map(({ expr }) => weightKey(expr)));
  });

  it('runs no layer behind the one that is taken', () => {
    const layers = (skip: number) =>
      buildClipText(config, 'webgpu', { clipSkip: skip }).nodes.filter(({ op }) => op === 'MultiHeadAttention').length;
    expect([1, 2, 12].map(layers)).toEqual([32, 31, 21]);
  });
});
