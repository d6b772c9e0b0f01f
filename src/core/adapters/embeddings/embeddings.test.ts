/** Every form of embedding, written by torch, safetensors and Pillow (tools/fixtures/make_adapters.py). */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { bytesSource, openTensorFile } from '../../formats';
import { adapterOf, isEmbeddingFile, openAdapter, readBundled, readEmbeddings, stemOf } from '..';
import { readPngPixels } from '../../image/png-pixels';
import { embedPngText } from '../../image/metadata';
import { pickled } from '../../formats/testing/torch-bytes';
import { safetensors } from '../testing/kinds';

const fixture = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../fixtures/embeddings/${name}`, import.meta.url)));

type Expected = Record<string, Record<string, Record<string, [shape: number[], first: number, last: number]>>>;
const EXPECTED = JSON.parse(new TextDecoder().decode(fixture('expected.json'))) as Expected;

/** Which text encoder reads which width, in which family. */
const FAMILIES: Record<string, [family: string, encoders: string[]]> = {
  w768: ['sd15', ['text_encoder']],
  w1024: ['sd21', ['text_encoder']],
  'w768,w1280': ['sdxl', ['text_encoder', 'text_encoder_2']],
};

describe('readEmbeddings', () => {
  it.each(Object.keys(EXPECTED))('reads %s', async (name) => {
    const found = await readEmbeddings(bytesSource(`folder/${name}`, fixture(name)));
    expect(found.map((one) => one.name)).toEqual(Object.keys(EXPECTED[name]));
    for (const { name: own, family, vectors } of found) {
      const parts = EXPECTED[name][own];
      expect([family, vectors.map(({ component }) => component)]).toEqual(FAMILIES[Object.keys(parts).join()]);
      expect(vectors.map(({ count, width, values }) => [[count, width], values[0], values[values.length - 1]])).toEqual(
        Object.values(parts),
      );
      for (const { count, width, values } of vectors) expect(values.length).toBe(count * width);
    }
  });

  it('says what of a file is of no use', async () => {
    const [found] = await readEmbeddings(bytesSource('x.safetensors', fixture('onetrainer.safetensors')));
    expect(found.ignored).toEqual(
      ['clip_g_out', 'clip_l_out'].map((key) => `"${key}" is added at the encoder’s end, which is not done here`),
    );
  });

  it('reads what is hidden in pictures of other kinds, where somebody decodes them', async () => {
    const webp = Uint8Array.from(Buffer.from('RIFF\x04\0\0\0WEBPVP8L', 'latin1'));
    const decode = () => Promise.resolve(readPngPixels(fixture('hidden.png')));
    const [found] = await readEmbeddings(bytesSource('x.webp', webp), { decode });
    expect([found.name, found.family]).toEqual(['hidden', 'sd15']);
    await expect(readEmbeddings(bytesSource('x.webp', webp))).rejects.toThrow(
      'x.webp: there is no embedding in this picture',
    );
  });

  it('goes by widths, whatever the tensors are called (OneTrainer#514)', async () => {
    const [found] = await readEmbeddings(safetensors({ clip_g: { shape: [4, 768] } }));
    expect([found.family, found.vectors[0].component]).toEqual(['sd15', 'text_encoder']);
    const [large] = await readEmbeddings(safetensors({ clip_g: { shape: [4, 1280] } }));
    expect([large.family, large.vectors.map(({ component }) => component)]).toEqual([
      'sdxl-refiner',
      ['text_encoder_2'],
    ]);
  });

  it.each([
    [
      safetensors({ emb_params: { shape: [2, 4096] } }),
      'x.safetensors: this is an embedding with vectors of 4096 numbers; those of models that run here have 768 (SD 1.5), 1024 (SD 2), 768 and 1280 (SDXL), 1280 (the SDXL refiner): take a version for one of these',
    ],
    [
      safetensors({ emb_params: { shape: [76, 768] } }),
      'x.safetensors: "emb_params" has 76 vectors; a prompt has room for 1 to 75: take another version of the file',
    ],
    [
      safetensors({ clip_l: { shape: [2, 768] }, clip_g: { shape: [3, 1280] } }),
      'x.safetensors: has 2 and 3 vectors for its text encoders; there must be as many for each: take another version of the file',
    ],
    [
      safetensors({ emb_params: { shape: [768], values: new Float32Array(768).fill(NaN) } }),
      /^x\.safetensors: tensor "emb_params" holds NaN at element 0/,
    ],
    [safetensors({ 'a.weight': { shape: [4, 4] } }), /^x\.safetensors: this is no embedding/],
    [safetensors({}), /^x\.safetensors: this is no embedding/],
    [
      bytesSource('x.pt', pickled('\x80\x02cos\nsystem\nX\x02\x00\x00\x00ls\x85R.')),
      /^x\.pt: this file holds code \(os\.system\): not opened; take a \.safetensors file/,
    ],
    [bytesSource('x.pt', fixture('a1111.pt').subarray(0, 2000)), /^x\.pt: /],
    [
      bytesSource('x.png', fixture('hidden.png').subarray(0, 2000)),
      'x.png: there is no embedding in this picture; choose the one that its author saved, unchanged',
    ],
    [bytesSource('x.preview.png', fixture('chunk.png')), /there is no embedding in this picture/],
    [
      bytesSource('x.png', embedPngText(fixture('chunk.png'), 'sd-ti-embedding', 'e30=')),
      /^x\.png: the embedding in this picture is damaged/,
    ],
    [
      bytesSource('x.png', embedPngText(fixture('chunk.png'), 'sd-ti-embedding', '%%%')),
      /^x\.png: the embedding in this picture is damaged/,
    ],
  ])('refuses what is none (%#)', async (source, message) => {
    await expect(readEmbeddings(source)).rejects.toThrow(message);
  });

  it('takes for one neither a LoRA nor a checkpoint', async () => {
    const open = async (name: string) =>
      isEmbeddingFile((await openTensorFile(bytesSource(name, fixture(name)))).tensors);
    expect(await Promise.all(['two.bin', 'legacy.pt', 'pair.safetensors'].map(open))).toEqual([true, true, true]);
    expect(isEmbeddingFile(new Map([['lora_unet_conv_in.lora_down.weight', { shape: [4, 4, 3, 3] }]]))).toBe(false);
    expect(isEmbeddingFile(new Map([['conv_in.bias', { shape: [320] }]]))).toBe(false);
    expect(isEmbeddingFile(new Map([['lora_te_text_model_final_layer_norm.w_norm', { shape: [768] }]]))).toBe(false);
  });

  it('is named where a LoRA was expected', async () => {
    await expect(openAdapter(bytesSource('x.safetensors', fixture('pair.safetensors')))).rejects.toThrow(
      'x.safetensors: this is an embedding for SDXL, not a LoRA',
    );
  });
});

describe('readBundled', () => {
  it('reads the embeddings that a LoRA carries along', async () => {
    const file = await openTensorFile(
      safetensors({
        'lora_unet_conv_in.lora_down.weight': { shape: [1, 4, 3, 3] },
        'lora_unet_conv_in.lora_up.weight': { shape: [320, 1, 1, 1] },
        'bundle_emb.my-style.clip_l': { shape: [2, 768] },
        'bundle_emb.my-style.clip_g': { shape: [2, 1280] },
        'bundle_emb.other.string_to_param.*': { shape: [1, 768] },
      }),
    );
    const adapter = await adapterOf(file, { family: 'sd15' });
    expect([adapter.embeddings, adapter.unused]).toEqual([['my-style', 'other'], []]);
    const found = await readBundled(file);
    expect(found.map(({ name, family, vectors }) => [name, family, vectors.length])).toEqual([
      ['my-style', 'sdxl', 2],
      ['other', 'sd15', 1],
    ]);
  });
});

describe('stemOf', () => {
  it.each([
    ['a/b/name.v1.2.safetensors', 'name.v1.2'],
    ['C:\\x\\name (2).pt', 'name (2)'],
    ['name', 'name'],
    ['猫.png', '猫'],
  ])('of %s is %s', (file, stem) => expect(stemOf(file)).toBe(stem));
});
