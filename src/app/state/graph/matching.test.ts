/** What a name in a workflow means in a library. */
import { describe, expect, it } from 'vitest';
import { matchFile, offersFor, type MatchFiles, type Offer } from './matching';

const SHA = 'ab12cd34ef'.repeat(6) + 'abcd';
const offer = (id: string, names: readonly string[], hashes: readonly string[] = []): Offer => ({
  ...{ id, label: id, names, hashes, isBuiltIn: false },
});
const by = (name: string, offers: readonly Offer[], more: { hash?: string; chosen?: string } = {}) => {
  const { hash, chosen } = more;
  const match = matchFile({ name, ...(hash !== undefined && { hash }) }, offers, chosen);
  return match && [match.offer.id, match.by];
};

describe('matchFile', () => {
  const offers = [
    offer('a', ['Orchard Mix v2.safetensors'], [SHA]),
    offer('b', ['dreamscape_8.safetensors']),
    offer('c', ['inkwash-lora-strong.safetensors']),
  ];

  it.each([
    ['orchard_mix_v2.safetensors', ['a', 'name']],
    ['SD1.5\\Orchard-Mix-V2.ckpt', ['a', 'name']],
    ['some/where/dreamscape_8', ['b', 'name']],
    ['dreamscape_8-pruned-fp16.safetensors', ['b', 'near']],
    ['dreamscape_8_emaonly.ckpt', ['b', 'near']],
    ['inkwsh-lora-strong.safetensors', ['c', 'near']],
    // Numbers tell versions.
    ['orchard_mix_v3.safetensors', undefined],
    ['dreamscape_7.safetensors', undefined],
    ['quite_another.safetensors', undefined],
  ])('takes %s for %s', (name, expected) => {
    expect(by(name, offers)).toEqual(expected);
  });

  it('takes what the catalogue has for the published file of just that name or hash, after a file that is called so', () => {
    const knownAs = { names: ['v1-5-pruned-emaonly'], hashes: ['6ce0161689'] };
    const catalogued = { ...offer('sd', ['Stable Diffusion 1.5']), knownAs };
    expect(by('SD15/v1-5-pruned-emaonly.safetensors', [catalogued])).toEqual(['sd', 'name']);
    expect(by('renamed.safetensors', [catalogued], { hash: `6ce0161689${'0'.repeat(54)}` })).toEqual(['sd', 'hash']);
    const own = offer('own', ['v1-5-pruned-emaonly.safetensors']);
    expect(by('v1-5-pruned-emaonly.safetensors', [catalogued, own])).toEqual(['own', 'name']);
    expect(by('v1-4.safetensors', [catalogued])).toBeUndefined();
  });

  it('goes by a hash, short or long, before a near name', () => {
    expect(by('else.safetensors', offers, { hash: SHA.toUpperCase() })).toEqual(['a', 'hash']);
    expect(by('else.safetensors', offers, { hash: SHA.slice(0, 10) })).toEqual(['a', 'hash']);
    expect(by('else.safetensors', offers, { hash: SHA.slice(0, 4) })).toBeUndefined();
  });

  it('leaves it open where two are near', () => {
    expect(by('dreamscape_8-fp32.ckpt', [...offers, offer('d', ['dreamscape_8-pruned.ckpt'])])).toBeUndefined();
  });

  it('does what somebody chose, as long as that is here', () => {
    expect(by('dreamscape_8', offers, { chosen: 'a' })).toEqual(['a', 'choice']);
    expect(by('dreamscape_8', offers, { chosen: 'gone' })).toEqual(['b', 'name']);
  });
});

describe('offersFor', () => {
  const shelf = {
    usable: [
      { id: 'starter', name: 'Starter', source: { kind: 'bundled', path: 'x' } },
      { id: 'mine', name: 'Mine', source: { kind: 'imported' } },
    ],
    snapshot: { models: [{ id: 'mine', name: 'Mine', fileName: 'mine_v1.ckpt', sha256: SHA }] },
    adapters: [
      { id: 'blur', name: 'blurred', fileName: 'blurred.pt', aliases: [], kind: 'embedding', hashes: {} },
      { id: 'ink', name: 'ink', fileName: 'ink.safetensors', aliases: [], kind: 'lora', hashes: {} },
    ],
    controls: [
      { id: 'looks', name: 'looks', control: 'tower', fileName: 'looks', family: 'x', plan: '', bytes: 1, addedAt: 0 },
    ],
    upscalers: [],
    vaes: [],
    texts: [{ id: 'reader', name: 'reader', fileName: 'clip_l.safetensors' }],
  } as unknown as MatchFiles;

  it('has all of a kind, what is built in last and said so', () => {
    expect(offersFor('checkpoints', shelf).map(({ id, isBuiltIn }) => [id, isBuiltIn])).toEqual([
      ['mine', false],
      ['starter', true],
    ]);
    expect(by('MINE-V1.safetensors', offersFor('checkpoints', shelf))).toEqual(['mine', 'name']);
    expect(offersFor('upscale_models', shelf).map(({ isBuiltIn }) => isBuiltIn)).toEqual([true]);
    expect(offersFor('controlnet', shelf), 'what only looks at pictures').toEqual([]);
    expect(offersFor('gligen', shelf)).toEqual([]);
    expect(by('blurred', offersFor('embeddings', shelf))).toEqual(['blur', 'name']);
    expect(by('ink', offersFor('loras', shelf))).toEqual(['ink', 'name']);
    expect(by('clip_l.safetensors', offersFor('text_encoders', shelf))).toEqual(['reader', 'name']);
  });
});
