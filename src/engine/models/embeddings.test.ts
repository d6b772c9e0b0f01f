/** Which embeddings a model reads, under which names, and what is said of those that it does not. */
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { modelShapes, openAdapter } from '../../core/adapters';
import { FAMILY_CONFIGS } from '../../core/families/configs';
import { bytesSource } from '../../core/formats';
import { floatSafetensors } from '../../core/formats/testing/safetensors-bytes';
import { readPngPixels } from '../../core/image/png-pixels';
import type { Tokenizer } from '../../core/tokenizer';
import type { AdapterEntry } from '../api';
import type { OpenUse } from './adapters';
import { EmbeddingCache, type ModelEmbedding } from './embeddings';

const tokenizer: Tokenizer = {
  encode: () => [],
  startId: 0,
  endId: 1,
  padId: 1,
  commaId: undefined,
  contextLength: 77,
};
const small = { component: 'text_encoder', width: 768, tokenizer } as const;
const large = { component: 'text_encoder_2', width: 1280, tokenizer } as const;
const sd15 = new EmbeddingCache({ name: 'One', texts: [small], takesVectors: true });
const sdxl = new EmbeddingCache({ name: 'XL', texts: [small, large], takesVectors: true });

const bytesOf = async (file: string) =>
  new Uint8Array(await readFile(new URL(`../../core/adapters/fixtures/embeddings/${file}`, import.meta.url)));

async function entry(file: string, ...names: string[]): Promise<AdapterEntry> {
  return { id: file, names, revision: '1', file: new Blob([await bytesOf(file)]) };
}

const open = async (shelf: EmbeddingCache, one: AdapterEntry, name: string, uses: readonly OpenUse[] = []) =>
  shelf.of([one], uses).open(name);

const shapeOf = (found: ModelEmbedding | string) =>
  typeof found === 'string' ? found : [...found.values].map(([id, values]) => [id, found.vectors, values.length]);

describe('EmbeddingCache', () => {
  it('finds a file’s only embedding under every name of its entry, whatever it calls itself', async () => {
    for (const name of ['mine', 'other'])
      expect(shapeOf(await open(sd15, await entry('a1111.pt', 'mine', 'other'), name))).toEqual([
        ['text_encoder', 1, 768],
      ]);
  });

  it('reads what lies in pictures, those of other kinds where somebody decodes them', async () => {
    const expected = [['text_encoder', 1, 768]];
    for (const file of ['chunk.png', 'hidden.png'])
      expect(shapeOf(await open(sd15, await entry(file, 'mine'), 'mine'))).toEqual(expected);
    const webp = await entry('hidden.webp', 'mine');
    expect(await open(sd15, webp, 'mine')).toMatch(/there is no embedding in this picture/);
    const png = readPngPixels(await bytesOf('hidden.png'));
    const able = new EmbeddingCache({
      ...{ name: 'One', texts: [small], takesVectors: true },
      decode: () => Promise.resolve(png),
    });
    expect(shapeOf(await open(able, webp, 'mine'))).toEqual(expected);
  });

  it('finds one of several under its own', async () => {
    const two = await entry('two.bin', '<a>', '<b>', 'two');
    const [a, b] = [await open(sd15, two, '<a>'), await open(sd15, two, '<b>')];
    expect([a, b].map(shapeOf)).toEqual([[['text_encoder', 1, 768]], [['text_encoder', 1, 768]]]);
    expect((a as ModelEmbedding).key).not.toBe((b as ModelEmbedding).key);
    expect(await open(sd15, two, 'two')).toMatch(/holds no embedding of that name/);
  });

  it('gives each of two text encoders its own', async () => {
    expect(shapeOf(await open(sdxl, await entry('pair.safetensors', 'pair'), 'pair'))).toEqual([
      ['text_encoder', 2, 2 * 768],
      ['text_encoder_2', 2, 2 * 1280],
    ]);
  });

  it.each([
    [sd15, 'pair.safetensors', 'made for SDXL, with vectors of 768 and 1280 numbers, and One reads vectors of 768.'],
    [sd15, 'sd21.safetensors', 'made for SD 2, with vectors of 1024 numbers, and One reads vectors of 768.'],
    [sdxl, 'a1111.pt', 'made for SD 1.5, with vectors of 768 numbers, and XL reads vectors of 768 and 1280.'],
  ])('says what does not fit: %#', async (shelf, file, said) => {
    const found = await open(shelf, await entry(file, 'mine'), 'mine');
    expect(found).toBe(`The embedding "mine" was left out, and its name read as words: it was ${said}`);
  });

  it('says what is damaged, and reads it again when it is asked again', async () => {
    const whole = await entry('sd21.safetensors', 'mine');
    let isWhole = false;
    const file = {
      size: whole.file.size,
      slice: (a: number, b: number) => (isWhole ? whole.file : new Blob([new Uint8Array(9999)])).slice(a, b),
    };
    const shelf = new EmbeddingCache({ name: 'Two', texts: [{ ...small, width: 1024 }], takesVectors: true });
    const said = await open(shelf, { ...whole, file }, 'mine');
    expect(said).toMatch(/^The embedding "mine" was left out, and its name read as words: mine: .*[^.]\.$/);
    isWhole = true;
    expect(shapeOf(await open(shelf, { ...whole, file }, 'mine'))).toEqual([['text_encoder', 2, 2048]]);
  });

  it('says that ready-made graphs take none', async () => {
    const shelf = new EmbeddingCache({ name: 'Ready', texts: [small], takesVectors: false });
    expect(await open(shelf, await entry('a1111.pt', 'mine'), 'mine')).toMatch(/Ready is of ready-made graphs/);
  });

  it('finds what a LoRA in use brings along, after files of that name', async () => {
    const config = FAMILY_CONFIGS.sd15.text_encoder;
    const values = (count: number): number[] => Array<number>(count).fill(0.25);
    const bytes = floatSafetensors({
      'lora_te_text_model_encoder_layers_0_mlp_fc1.diff_b': { shape: [3072], values: values(3072) },
      'bundle_emb.mine.emb_params': { shape: [3, 768], values: values(3 * 768) },
      'bundle_emb.extra.emb_params': { shape: [3, 768], values: values(3 * 768) },
    });
    const model = modelShapes([['text_encoder', { file: 'config.json', config }]]);
    const adapter = await openAdapter(bytesSource('lora.safetensors', bytes), { model });
    const use: OpenUse = { id: 'lora', revision: '1', denoiser: 1, text: 1, adapter };
    const mine = await entry('a1111.pt', 'mine');
    expect(sd15.of([mine], [use]).names).toEqual(['mine', 'extra']);
    expect(shapeOf(await open(sd15, mine, 'mine', [use]))).toEqual([['text_encoder', 1, 768]]);
    expect(shapeOf(await open(sd15, mine, 'extra', [use]))).toEqual([['text_encoder', 3, 3 * 768]]);
  });
});
