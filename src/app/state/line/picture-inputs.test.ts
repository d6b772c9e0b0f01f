import { describe, expect, it } from 'vitest';
import type { ModelEntry } from '../../../core/catalog';
import type { StoredAdapter, StoredModel } from '../../../engine/library-api';
import { vaeFacts } from '../../../core/recipe/own-vae';
import type { GenerationRequest } from '../../../core/recipe/request';
import { storedLora } from '../../testing/stored-lora';
import { loraHashes, namedLoras, pictureInputs, tiHashes, vaeFile } from './picture-inputs';

const request = (prompt: string, change: Partial<GenerationRequest> = {}) =>
  ({ prompt, negativePrompt: '', ...change }) as GenerationRequest;

const ADAPTERS: StoredAdapter[] = [
  storedLora('ink', { aliases: ['Ink Wash', 'shared'] }),
  storedLora('line', { aliases: ['shared', 'ink'] }),
  storedLora('words', { kind: 'embedding', id: 'words' }),
];

const VAE = {
  id: 'vae-1',
  name: 'ft-mse',
  fileName: 'ft-mse.safetensors',
  sha256: '735e4c3a447a3255760d7f86845f09f937809baa529c17370d83e4c3758f3c75',
};

const XL: StoredModel = {
  ...{ id: 'depth', name: 'Depth', family: 'sdxl', plan: 'q8', bytes: 5, addedAt: 1, isHelper: true },
  ...{ fileName: 'depth.safetensors', control: 'network' },
};

const shelf = () => {
  const asked: string[] = [];
  const adapterFiles = (ids: readonly string[]) => {
    asked.push(...ids);
    return Promise.resolve(ids.map((id) => new Blob([id])));
  };
  return {
    asked,
    adapters: ADAPTERS,
    adapterFiles,
    upscalers: [{ id: 'up-1', name: '4x-Sharp', fileName: '4x_foolhardy.pth', bytes: 5 }],
    vaes: [VAE],
    texts: [{ ...VAE, id: 'text-1', name: 'long-clip', fileName: 'long-clip.safetensors' }],
    controls: [XL],
    usable: [
      { id: 'fake', name: 'Fake', family: 'sd15' },
      { id: 'xl', name: 'XL', family: 'sdxl' },
    ] as ModelEntry[],
    modelFacts: (id: string) => (id === 'xl' ? { model: 'xl_base', modelHash: '31e35c80fc' } : { model: id }),
  };
};

describe('pictureInputs', () => {
  it.each(['xl_base [31e35c80fc]', 'renamed [31e35c80fc]', 'xl_base.safetensors', 'XL'])(
    'finds the checkpoint of a second pass: %s',
    async (hiresCheckpoint) => {
      const { secondModel } = await pictureInputs(request('a', { hiresCheckpoint, hiresScale: 2 }), undefined, shelf());
      expect(secondModel?.id).toBe('xl');
      expect(await pictureInputs(request('a', { hiresCheckpoint }), undefined, shelf())).toEqual({});
    },
  );

  it('refuses a second pass by a checkpoint that is not here, with the way out', async () => {
    const asked = request('a', { hiresCheckpoint: 'gone [0123456789]', hiresScale: 2 });
    await expect(pictureInputs(asked, undefined, shelf())).rejects.toMatchObject({
      code: 'missing-file',
      message:
        'The checkpoint of the second pass is not here: gone [0123456789]. Add it under Models, or choose another under “Hires. fix”.',
    });
  });

  it('finds the refiner, where it has something to paint, and refuses one that is not here', async () => {
    const asked = request('a', { refinerCheckpoint: 'renamed [31e35c80fc]' });
    expect((await pictureInputs(asked, undefined, shelf())).refiner?.id).toBe('xl');
    expect(await pictureInputs({ ...asked, refinerSwitchAt: 1 }, undefined, shelf())).toEqual({});
    await expect(pictureInputs({ ...asked, refinerCheckpoint: 'gone' }, undefined, shelf())).rejects.toMatchObject({
      code: 'missing-file',
      message: 'The refiner is not here: gone. Add it under Models, or choose another under “Refiner”.',
    });
  });

  it('tells the engine of the library’s VAEs where one is asked for, and texts of the one that was used', async () => {
    expect((await pictureInputs(request('a'), undefined, shelf())).vaes).toBeUndefined();
    const asked = request('a', { vae: 'FT-MSE' });
    const reads = { ...request('a'), secondTextEncoder: 'Long-CLIP' };
    expect((await pictureInputs(reads, undefined, shelf())).texts).toEqual([{ id: 'text-1', names: ['long-clip'] }]);
    expect((await pictureInputs(asked, undefined, shelf())).texts).toBeUndefined();
    expect((await pictureInputs(asked, undefined, shelf())).vaes).toEqual([{ id: 'vae-1', names: ['ft-mse'] }]);
    expect(vaeFacts(vaeFile(asked, shelf()))).toEqual({ vae: 'ft-mse.safetensors', vaeHash: '735e4c3a44' });
    expect(vaeFacts(vaeFile(request('a', { vae: 'other' }), shelf()))).toEqual({});
    expect(vaeFile(request('a'), shelf())).toBeUndefined();
  });

  it('refuses a ControlNet for other models before the engine is asked, in the form’s words', async () => {
    const control = [{ model: 'depth', image: 'x' }];
    const asked = (model: string) => pictureInputs(request('a', { model, control }), undefined, shelf());
    await expect(asked('fake')).rejects.toThrow('Depth is for SDXL, not for Fake: choose another, or another model.');
    expect((await asked('xl')).controls).toMatchObject([{ id: 'depth' }]);
  });

  it('gives the engine what the tags name, once each, and nothing else', async () => {
    const one = shelf();
    const { adapters = [] } = await pictureInputs(
      request('a <lora:Ink Wash:0.5> <lora:INK:1> <lora:gone:1>'),
      undefined,
      one,
    );
    expect(adapters.map(({ id, names, file }) => [id, names, file.size])).toEqual([
      ['lora-ink', ['ink', 'Ink Wash'], 'lora-ink'.length],
    ]);
    expect([adapters[0].revision, one.asked]).toEqual([ADAPTERS[0].hashes.sha256, ['lora-ink']]);
  });

  it('gives it the upscalers that are chosen by name, in any case, and refuses what is not here', async () => {
    const asked = request('a', { hiresScale: 2, hiresUpscaler: '4X-sharp', enlarger: 'realesr-animevideov3-x4' });
    const { upscalers = [] } = await pictureInputs(asked, undefined, shelf());
    expect(upscalers.map(({ id, name }) => [id, name])).toEqual([
      ['realesr-animevideov3-x4', 'Real-ESRGAN animevideo v3'],
      ['up-1', '4X-sharp'],
    ]);
    await expect(pictureInputs(request('a', { enlarger: 'gone' }), undefined, shelf())).rejects.toMatchObject({
      code: 'missing-file',
      message: expect.stringContaining('gone is not here') as string,
    });
  });

  it('asks for no file where nothing is named, or tags are only text', async () => {
    const one = shelf();
    expect(await pictureInputs(request('a cat'), undefined, one)).toEqual({});
    expect(
      await pictureInputs(request('<lora:ink:1>', { dialect: 'comfyui' }), { x: { width: 1 } as never }, one),
    ).toEqual({ images: { x: { width: 1 } } });
    expect(one.asked).toEqual([]);
  });
});

describe('namedLoras', () => {
  it('takes a maker’s name that two have, or that is another’s file, for neither', () => {
    const found = namedLoras(request('<lora:shared:1><lora:ink:1><lora:line:1>'), ADAPTERS);
    expect(found.map(({ lora }) => lora?.name)).toEqual([undefined, 'ink', 'line']);
  });
});

describe('loraHashes', () => {
  it('has them by the names in the tags, as A1111', () => {
    const wanted = ADAPTERS[0].hashes.addnet?.slice(0, 12);
    expect(loraHashes(request('<lora:Ink Wash:0.5><lora:gone:1>'), ADAPTERS)).toEqual({ 'Ink Wash': wanted });
    const stated = [storedLora('ink', { hashes: { sha256: 'a'.repeat(64), short: '', stated: 'b'.repeat(64) } })];
    expect(loraHashes(request('<lora:ink>'), stated)).toEqual({ ink: 'b'.repeat(12) });
    expect(loraHashes(request('a cat'), ADAPTERS)).toBeUndefined();
    expect(loraHashes(request('<lora:ink:0>'), ADAPTERS), 'it is off').toBeUndefined();
  });
});

describe('embeddings', () => {
  it('are called with `embedding:` by ComfyUI’s prompts alone', () => {
    const comfy = request('a cat, embedding:cat', { dialect: 'comfyui' });
    const cat = [storedLora('cat', { kind: 'embedding' })];
    expect(tiHashes(comfy, cat)).toHaveProperty('cat');
    expect(tiHashes({ ...comfy, prompt: 'a cat' }, cat)).toBeUndefined();
  });

  const adapters = ['EasyNegative', 'cat', 'bad-cat-5', '<gta5-artwork>'].map((name) =>
    storedLora(name, { kind: 'embedding', ...(name === 'cat' && { aliases: ['kitty'] }) }),
  );

  it('go to the engine where either prompt may hold them, whatever their case and spaces', async () => {
    const wanted = request('a dog, embedding:kitty', { negativePrompt: 'easy negative' });
    const { embeddings, adapters: loras } = await pictureInputs(wanted, undefined, { ...shelf(), adapters });
    expect(loras).toBeUndefined();
    expect(embeddings?.map(({ names }) => names)).toEqual([['EasyNegative'], ['cat', 'kitty']]);
    expect(await pictureInputs(request('a dog'), undefined, { ...shelf(), adapters })).toEqual({});
  });

  it.each([
    ['a cat', '', ['cat']],
    ['concatenate, cats # cat', '', []],
    ['bad-cat-5', '', ['bad-cat-5']],
    [String.raw`a \(cat\)`, '', ['cat']],
    ['(cat:1.2), <gta5-artwork>', 'easynegative', ['EasyNegative', 'cat', '<gta5-artwork>']],
  ])('are written with their hashes where they are a word of %s | %s', (prompt, negativePrompt, names) => {
    const hashes = tiHashes(request(prompt, { negativePrompt }), adapters);
    expect(Object.keys(hashes ?? {}).sort()).toEqual([...names].sort());
    for (const [name, hash] of Object.entries(hashes ?? {}))
      expect(hash).toBe(storedLora(name).hashes.sha256.slice(0, 12));
  });
});
