/** Pictures with embeddings, against diffusers' load_textual_inversion (make_embedding_pipelines.py). */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { relativeError } from '../src/core/weights/testing/numbers';
import type { AdapterEntry, EngineEvent } from '../src/engine/api';
import fixture from '../src/engine/fixtures/pipelines/embeddings.json';
import { Model } from '../src/engine/models/model';
import type { ModelSource } from '../src/engine/models/model-source';
import { encodePrompts } from '../src/engine/operations/text/conditioning';
import { paintAll, paintTiny, TINY_ENTRY, tinyCase } from './testing/paint-tiny';
import { openTinyPack } from './testing/tiny-pack';

/** Float32 on both sides; the sums run in another order. */
const MAX_CONTEXT_ERROR = 1e-4;
const MAX_LATENT_ERROR = 1e-3;

async function entryOf(family: string, name: string, changes: Partial<AdapterEntry> = {}): Promise<AdapterEntry> {
  const path = `../src/engine/fixtures/pipelines/embeddings-${family}-${name}.safetensors`;
  const bytes = new Uint8Array(await readFile(fileURLToPath(new URL(path, import.meta.url))));
  return { id: `${family} ${name}`, names: [name], revision: '1', file: new Blob([bytes]), ...changes };
}

const both = (family: string): Promise<AdapterEntry[]> =>
  Promise.all(['one', 'three'].map((name) => entryOf(family, name)));

const open = (family: string): Promise<ModelSource> => openTinyPack(tinyCase(family), 'float32');

const modelOf = (source: ModelSource): Model =>
  new Model({ entry: TINY_ENTRY, source, device: { provider: 'wasm', adapter: '' }, now: () => 0 });

/** Latent, and what was said. */
async function painted(source: ModelSource, prompt: string, embeddings: readonly AdapterEntry[]) {
  const said: string[] = [];
  const onEvent = (event: EngineEvent): void => void (event.type === 'notice' && said.push(event.message));
  const latent = await paintTiny({ ...tinyCase('sd15'), prompt }, source, { embeddings, onEvent });
  return { latent, said };
}

describe.each(fixture.cases)('$name', ({ family, prompt, negativePrompt, context, latent }) => {
  it('gives what torch’s text encoders say', async () => {
    const model = modelOf(await open(family));
    const embeddings = model.texts.embeddings(await both(family));
    const [{ parts }] = await encodePrompts(
      [{ text: prompt, calls: 1, dialect: 'a1111' }],
      model.texts.all(family === 'sdxl' ? 2 : 1, 'a1111'),
      { embeddings },
    );
    await model.dispose();
    const [{ data }] = [...parts[0].contexts.values()];
    expect(
      relativeError(
        [...data].filter((_, i) => i % 7 === 0),
        context,
      ),
    ).toBeLessThan(MAX_CONTEXT_ERROR);
  });

  it('ends in the latent of diffusers', async () => {
    const source = await open(family);
    const asked = { ...tinyCase(family), prompt, negativePrompt };
    const found = await paintTiny(asked, source, { embeddings: await both(family) });
    expect(relativeError(found, latent)).toBeLessThan(MAX_LATENT_ERROR);
    expect(relativeError(await paintTiny(asked, source), latent), 'without them').toBeGreaterThan(0.01);
  });
});

describe('an embedding', () => {
  it('leaves rows without it as they were to the bit, and loads the text encoder anew once', async () => {
    const source = await open('sd15');
    const base = tinyCase('sd15');
    const opened: string[] = [];
    const heard: ModelSource = {
      ...source,
      open: (component, shape) => {
        opened.push(component);
        return source.open(component, shape);
      },
    };
    const prompts = [base.prompt, `${base.prompt} one`, base.prompt].map((prompt) => ({ ...base, prompt }));
    const [before, , after] = await paintAll(prompts, heard, { embeddings: await both('sd15') });
    expect(after).toEqual(before);
    expect(opened).toEqual(['text_encoder', 'unet', 'vae_decoder', 'text_encoder']);
  });

  it('is understood as embedding:name in either dialect, weighed by brackets', async () => {
    const source = await open('sd15');
    const embeddings = await both('sd15');
    const base = tinyCase('sd15');
    const paint = (prompt: string, dialect: 'a1111' | 'comfyui' = 'a1111') =>
      paintTiny({ ...base, prompt }, source, { embeddings, dialect });
    const plain = await paint('a three apple');
    expect(await paint('a embedding:three apple')).toEqual(plain);
    expect(relativeError(await paint('a embedding:three apple', 'comfyui'), plain)).toBeLessThan(1e-6);
    expect(relativeError(await paint('a (embedding:three:1.4) apple'), plain)).toBeGreaterThan(1e-3);
    expect(await paint('a (embedding:three:1.4) apple')).toEqual(await paint('a (three:1.4) apple'));
  });

  it('is another where its file is another', async () => {
    const source = await open('sd15');
    const base = { ...tinyCase('sd15'), prompt: 'a one' };
    const three = await entryOf('sd15', 'three', { id: 'sd15 one', names: ['one'], revision: '2' });
    const [first, other] = [await entryOf('sd15', 'one'), three];
    const latents = [];
    for (const embeddings of [[first], [other]]) latents.push(await paintTiny(base, source, { embeddings }));
    expect(relativeError(latents[0], latents[1])).toBeGreaterThan(1e-3);
  });

  it('is left out with a sentence, its name read as words, where it cannot be used', async () => {
    const source = await open('sd15');
    const plain = await painted(source, 'a one', []);
    const damaged = await entryOf('sd15', 'one', { file: new Blob([new Uint8Array(40)]) });
    for (const [embeddings, why] of [
      [[await entryOf('sdxl', 'one')], /vectors of/],
      [[damaged], /“?one/],
    ] as const) {
      const { latent, said } = await painted(source, 'a one', embeddings);
      expect(latent).toEqual(plain.latent);
      expect(said).toEqual([expect.stringMatching(/^The embedding "one" was left out, and its name read as words: /)]);
      expect(said[0]).toMatch(why);
    }
  });

  it('is not read where no prompt names it', async () => {
    const unread = { size: 1, slice: () => ({ arrayBuffer: () => Promise.reject(new Error('read')) }) };
    const entry = await entryOf('sd15', 'one', { file: unread });
    const { said } = await painted(await open('sd15'), 'a red apple', [entry]);
    expect(said).toEqual([]);
  });
});
