/** What files say of themselves, and under which hashes they are known. */
import { describe, expect, it } from 'vitest';
import { bytesSource, openTensorFile } from '../formats';
import { adapterSummary, hashesOf, isHashOf, openAdapter, readFacts } from '.';
import { fixture, relativeError } from './testing/kinds';

const SMALL = 'sd15-rank-2';
const open = () => openAdapter(bytesSource(`${SMALL}.safetensors`, fixture(`${SMALL}.safetensors`)));
const expected = JSON.parse(fixture(`${SMALL}.json`).toString()) as {
  sha256: string;
  addnet: string;
  norm: number;
  first: number[];
};

describe('readFacts', () => {
  it('sums tags over folders and takes the most frequent first', () => {
    const tags = { '1_a': { cat: 2, dog: 5, ' ': 9 }, '2_b': { cat: 4, bird: 5, odd: 'x' } };
    expect(readFacts({ ss_tag_frequency: JSON.stringify(tags) }).triggerWords).toEqual([
      { word: 'cat', count: 6 },
      { word: 'bird', count: 5 },
      { word: 'dog', count: 5 },
    ]);
  });

  it('cuts captions into words', () => {
    const tags = { a: { 'a photo of a red fox in the snow': 2, 'the red fox is sleeping there': 1 } };
    expect(readFacts({ ss_tag_frequency: JSON.stringify(tags) }).triggerWords.slice(0, 3)).toEqual(
      ['fox', 'red', 'the'].map((word) => ({ word, count: 3 })),
    );
  });

  it('prefers the author’s own words', () => {
    const facts = readFacts({
      'modelspec.trigger_phrase': 'foo style, bar',
      ss_tag_frequency: '{"a":{"b":1}}',
      ss_output_name: 'None',
      'modelspec.is_negative_embedding': 'True',
    });
    expect(facts).toEqual({
      base: [],
      triggerWords: [{ word: 'foo style' }, { word: 'bar' }],
      isNegativeEmbedding: true,
    });
  });

  it.each(['', 'None', '{', '[]', '[1]', '"x"', '{"a":1}', '{"a":{"b":-1}}'])('makes nothing of %j', (json) => {
    expect(readFacts({ ss_tag_frequency: json }).triggerWords).toEqual([]);
  });
});

describe('hashesOf', () => {
  it('are those of Python, and match at any length', async () => {
    const hashes = await hashesOf((await open()).file);
    const { sha256, addnet } = expected;
    expect(hashes).toEqual({ sha256, short: sha256.slice(0, 10), addnet, addnetShort: addnet.slice(0, 12) });
    for (const hash of [sha256.toUpperCase(), sha256.slice(0, 12), ` ${addnet.slice(0, 10)}`, addnet])
      expect(isHashOf(hashes, hash)).toBe(true);
    for (const hash of ['', 'abc', addnet.slice(1), 'e3b0c44298fc', 'e3b0c442'])
      expect(isHashOf(hashes, hash)).toBe(false);
  });

  it('reads what lies beyond 1 MiB, in pieces', async () => {
    const bytes = Buffer.alloc(5 * 2 ** 20, 7);
    const header = Buffer.from(
      JSON.stringify({
        a: { dtype: 'U8', shape: [bytes.length], data_offsets: [0, bytes.length] },
        __metadata__: { sshs_model_hash: 'AB'.repeat(32) },
      }),
    );
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(header.length));
    const file = await openTensorFile(bytesSource('x.safetensors', Buffer.concat([length, header, bytes])));
    const hashes = await hashesOf(file);
    const { createHash } = await import('node:crypto');
    const sha = (data: Buffer) => createHash('sha256').update(data).digest('hex');
    expect(hashes.addnet).toBe(sha(bytes));
    expect(hashes.legacy).toBe(sha(bytes.subarray(0, 0x10000)).slice(0, 8));
    expect(hashes.stated).toBe('ab'.repeat(32));
    expect(isHashOf(hashes, 'abababababab')).toBe(true);
  });
});

describe('adapterSummary', () => {
  it('says of a small LoRA what it is', async () => {
    expect(adapterSummary(await open())).toEqual({
      kind: 'lora',
      family: 'sd15',
      modules: 3,
      rank: 2,
      alpha: 1,
      textEncoder: true,
      unused: [],
      alias: 'gesso_small',
      title: 'Gesso small',
      triggerWords: ['gesso style', 'a cat', 'outdoors'],
    });
  });

  it('has the difference that torch has', async () => {
    const delta = await (await open()).delta('unet/down_blocks.0.attentions.0.transformer_blocks.0.attn2.to_k');
    expect(relativeError(delta.subarray(0, 8), Float32Array.from(expected.first))).toBeLessThan(1e-6);
    expect(Math.sqrt(delta.reduce((sum, value) => sum + value * value, 0))).toBeCloseTo(expected.norm, 4);
  });
});
