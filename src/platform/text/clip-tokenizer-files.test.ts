/** CLIP's merges, however a server sends them. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { CLIP_MERGES, createClipTokenizerFiles, unpackMerges } from './clip-tokenizer-files';

const packed = readFileSync(new URL(`../../../public/${CLIP_MERGES}`, import.meta.url));

describe('unpackMerges', () => {
  it('gives all merges, in order', async () => {
    const merges = (await unpackMerges(packed)).split('\n');
    expect([merges.length, merges[0], merges.at(-1)]).toEqual([48894, 'i n', 'jeky ll</w>']);
  });

  it('takes bytes that a browser has unpacked by itself', async () => {
    expect(await unpackMerges(new Uint8Array(gunzipSync(packed)))).toBe(await unpackMerges(packed));
  });

  it.each([
    ['cut off', packed.subarray(0, 1000)],
    ['changed', Uint8Array.from(packed, (byte, i) => (i === 5000 ? byte ^ 0xff : byte))],
    ['no text', Uint8Array.of(0xff, 0xfe, 0xff)],
  ])('names the file that is %s', async (_, bytes) => {
    await expect(unpackMerges(bytes)).rejects.toMatchObject({
      code: 'bad-file',
      message: expect.stringContaining(CLIP_MERGES),
    });
  });
});

describe('createClipTokenizerFiles', () => {
  it('numbers symbols as CLIP does', async () => {
    const { json, config } = createClipTokenizerFiles(await unpackMerges(packed), '!');
    const { vocab } = json['model'] as { vocab: Record<string, number> };
    expect(Object.keys(vocab).length).toBe(49408);
    expect([vocab['!'], vocab['!</w>'], vocab['in'], vocab['jekyll</w>'], vocab['<|endoftext|>']]).toEqual([
      0, 256, 512, 49405, 49407,
    ]);
    expect(config['pad_token']).toBe('!');
  });
});
