import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { matchLoras, matchModel, readPictureRecipe, readTextRecipe } from '.';
import manifest from '../../../models-manifest.json';
import { parseCatalog } from '../catalog';
import { readPictureText } from '../image/metadata';
import { writeLink } from '../recipe/links';

const load = (name: string) =>
  new Uint8Array(readFileSync(join(import.meta.dirname, '../image/metadata/fixtures', name)));

describe('readPictureRecipe', () => {
  it('reads an infotext, NovelAI, and nothing', () => {
    expect(readPictureRecipe(readPictureText(load('wide.png')))).toMatchObject({
      form: 'infotext',
      notes: [],
      recipe: { prompt: '猫の写真 🙂 Ω, (detailed:1.2) <lora:foo:0.8>', sampler: 'dpmpp_2m' },
    });
    expect(readPictureRecipe(readPictureText(load('novelai.png')))).toEqual({
      form: 'novelai',
      notes: [],
      recipe: {
        prompt: 'a cat',
        negativePrompt: 'bad',
        steps: 28,
        sampler: 'euler_ancestral',
        cfgScale: 11,
        seed: 123,
        width: 8,
        height: 8,
        clipSkip: 2,
        ensd: 31337,
      },
    });
    expect(readPictureRecipe(readPictureText(load('bare.png')))).toBeUndefined();
    expect(readPictureRecipe(readPictureText(load('bare.png')), 'a dog')?.recipe.prompt).toBe('a dog');
  });
});

describe('readTextRecipe', () => {
  it('knows a link, an infotext and a prompt', () => {
    const recipe = { prompt: 'a cat', negativePrompt: '', seed: 3 };
    expect(readTextRecipe(` https://example.org/${writeLink(recipe)}\n`)).toMatchObject({ form: 'link', recipe });
    expect(readTextRecipe('#notalink')).toMatchObject({ form: 'infotext', recipe: { prompt: '#notalink' } });
    expect(readTextRecipe('{a|b} cat')).toEqual({
      form: 'infotext',
      notes: [],
      recipe: { prompt: '{a|b} cat', negativePrompt: '' },
    });
  });

  it('says that a link was cut', () => {
    const [link] = /^[^&]*&[^&]*/.exec(writeLink({ prompt: 'a cat', negativePrompt: 'dogs', seed: 3 })) ?? [];
    const { form, notes } = readTextRecipe(`https://example.org/${link ?? ''}`);
    expect(form).toBe('link');
    expect(notes.map(({ message }) => message)).toEqual([expect.stringContaining('it was cut')]);
  });

  it('calls lists of styles and pointers of Git LFS what they are', () => {
    for (const [text, what] of [
      ['name,prompt,negative_prompt\nInk,"a {prompt}, ink",photo\n', 'styles'],
      ['version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 4\n', 'Git LFS'],
    ])
      expect(readTextRecipe(text)).toMatchObject({
        recipe: { prompt: '' },
        notes: [{ message: expect.stringContaining(what) as string }],
      });
  });

  it('knows NovelAI', () => {
    const comment = JSON.stringify({
      prompt: 'a cat',
      uc: 'bad',
      steps: 28,
      sampler: 'k_euler',
      seed: 5,
      scale: 6,
      width: 64,
      height: 128,
    });
    const wanted = {
      prompt: 'a cat',
      negativePrompt: 'bad',
      sampler: 'euler',
      seed: 5,
      width: 64,
      height: 128,
      ensd: 31337,
    };
    expect(readTextRecipe(comment)).toMatchObject({ form: 'novelai', recipe: wanted });
    const all = JSON.stringify({ Software: 'NovelAI', Description: 'a dog', Comment: comment });
    expect(readTextRecipe(all)).toMatchObject({ form: 'novelai', recipe: { ...wanted, prompt: 'a dog' } });
  });

  it("knows A1111's API", () => {
    const json = {
      prompt: 'a cat',
      negative_prompt: 'a dog',
      steps: 12,
      sampler_name: 'DPM++ 2M',
      scheduler: 'Karras',
      cfg_scale: 7.5,
      seed: -1,
      width: 512,
      height: 640,
      enable_hr: true,
      hr_scale: 2,
      hr_upscaler: 'Latent',
      denoising_strength: 0.5,
      override_settings: { CLIP_stop_at_last_layers: 2, sd_model_checkpoint: 'foo' },
    };
    expect(readTextRecipe(JSON.stringify(json)).recipe).toEqual({
      prompt: 'a cat',
      negativePrompt: 'a dog',
      steps: 12,
      sampler: 'dpmpp_2m',
      schedule: 'karras',
      cfgScale: 7.5,
      width: 512,
      height: 640,
      denoisingStrength: 0.5,
      clipSkip: 2,
      model: 'foo',
      hires: { upscale: 2, upscaler: 'Latent' },
    });
  });

  it("knows Civitai's", () => {
    const json = {
      prompt: 'a cat',
      negativePrompt: 'bad',
      Size: '512x768',
      seed: 12,
      Model: 'foo',
      'Model hash': '0123456789',
      steps: 30,
      sampler: 'DPM++ 2M Karras',
      cfgScale: 7,
      'Clip skip': '2',
      resources: [{ name: 'x' }],
    };
    expect(readTextRecipe(JSON.stringify(json)).recipe).toEqual({
      prompt: 'a cat',
      negativePrompt: 'bad',
      steps: 30,
      sampler: 'dpmpp_2m',
      schedule: 'karras',
      cfgScale: 7,
      seed: 12,
      width: 512,
      height: 768,
      modelHash: '0123456789',
      model: 'foo',
      clipSkip: 2,
    });
  });

  it.each([
    [
      'Fooocus',
      {
        prompt: 'a cat',
        negative_prompt: 'bad',
        sampler: 'dpmpp_2m_sde_gpu',
        scheduler: 'karras',
        guidance_scale: 4,
        steps: 30,
        seed: '5191234567890123456',
        resolution: '(1152, 896)',
        base_model: 'juggernautXL',
        base_model_hash: 'aeb7e9e689',
        vae: 'Default (model)',
        version: 'Fooocus v2.4.0',
      },
      {
        sampler: 'dpmpp_2m_sde',
        cfgScale: 4,
        seed: '5191234567890123456',
        width: 1152,
        height: 896,
        model: 'juggernautXL',
        modelHash: 'aeb7e9e689',
      },
    ],
    [
      'SwarmUI',
      {
        sui_image_params: {
          prompt: 'a cat',
          negativeprompt: 'bad',
          model: 'xl/foo',
          seed: 5,
          steps: 30,
          cfgscale: 7,
          width: 64,
          height: 128,
          sampler: 'dpmpp_sde',
          scheduler: 'karras',
        },
      },
      {
        ...{ sampler: 'dpmpp_sde', cfgScale: 7, seed: 5, width: 64, height: 128, model: 'xl/foo' },
        // SwarmUI paints with ComfyUI.
        ...{ noise: 'comfyui', dialect: 'comfyui', conventions: 'comfyui' },
      },
    ],
    [
      'InvokeAI',
      {
        positive_prompt: 'a cat',
        negative_prompt: 'bad',
        width: 64,
        height: 128,
        seed: 5,
        rand_device: 'cpu',
        cfg_scale: 7.5,
        steps: 30,
        scheduler: 'euler_k',
        model: { name: 'foo', hash: 'blake3:x' },
      },
      { sampler: 'euler', cfgScale: 7.5, seed: 5, width: 64, height: 128, noise: 'cpu', model: 'foo' },
    ],
  ])('knows %s', (_, json, wanted) => {
    expect(readTextRecipe(JSON.stringify(json))).toEqual({
      form: 'json',
      notes: [],
      recipe: { prompt: 'a cat', negativePrompt: 'bad', steps: 30, schedule: 'karras', ...wanted },
    });
  });

  it('knows our own, with a note for what is wrong', () => {
    const json = {
      prompt: 'a cat',
      negativePrompt: '',
      sampler: 'euler',
      steps: 'many',
      seed: '18446744073709551615',
      clipSkip: 99,
      hires: { upscale: 2, foo: 1 },
      bar: 1,
    };
    const { recipe, notes } = readTextRecipe(JSON.stringify(json));
    expect(recipe).toEqual({
      prompt: 'a cat',
      negativePrompt: '',
      sampler: 'euler',
      seed: '18446744073709551615',
      hires: { upscale: 2 },
    });
    expect(notes.map(({ key }) => key)).toEqual(['steps', 'clipSkip', 'hires.foo', 'bar']);
  });
});

describe('matchModel', () => {
  const models = [
    { id: 'starter', name: 'Gesso starter' },
    { id: 'x1', name: 'Dream Shaper_8', hash: '879db523c30d3b9017143d56705015e15a2cb5628762c11d086fed9538abd7fd' },
  ];

  it('goes by the hash, then by the id, then by the name', () => {
    const find = (recipe: object) => matchModel({ prompt: '', negativePrompt: '', ...recipe }, models)?.id;
    expect(find({ modelHash: '879DB523C3', model: 'starter' })).toBe('x1');
    expect(find({ modelHash: '0000000000', model: 'starter' })).toBe('starter');
    expect(find({ model: 'dreamshaper-8.safetensors' })).toBe('x1');
    expect(find({ model: 'SDXL\\Dream Shaper_8.safetensors' })).toBe('x1');
    expect(find({ modelHash: '0x879db523c3' })).toBe('x1');
    expect(find({ model: 'other' })).toBeUndefined();
    expect(find({})).toBeUndefined();
  });
});

describe('matchModel, by what others call a model of the catalogue', () => {
  const { models } = parseCatalog(manifest);
  const find = (recipe: object, more: { id: string; name: string; hash?: string }[] = []) =>
    matchModel({ prompt: '', negativePrompt: '', ...recipe }, [...models, ...more])?.id;

  it.each([
    [{ model: 'v1-5-pruned-emaonly', modelHash: '6ce0161689' }, 'sd-1.5'],
    [{ model: 'renamed', modelHash: 'cc6cb27103' }, 'sd-1.5'],
    [{ modelHash: '81761151' }, 'sd-1.5'],
    [{ model: 'SD1.5\\v1-5-pruned-emaonly-fp16.safetensors' }, 'sd-1.5'],
    [{ model: 'runwayml/stable-diffusion-v1-5' }, 'sd-1.5'],
    [{ model: 'sd_xl_turbo_1.0_fp16', modelHash: 'e869ac7d69' }, 'sdxl-turbo'],
    [{ model: 'sd_turbo.safetensors' }, 'sd-turbo'],
    [{ model: 'dreamshaper_8', modelHash: '879db523c3' }, 'dreamshaper-8'],
    [{ model: 'absolutereality_v181' }, 'absolute-reality-1.81'],
    [{ model: 'sdxl_lightning_4step' }, 'sdxl-lightning-4'],
    // Without its averaged weights it is another one, and so is the inpainting model.
    [{ model: 'v1-5-pruned', modelHash: 'e1441589a6' }, undefined],
    [{ model: 'sd-v1-5-inpainting' }, undefined],
  ])('finds %j', (recipe, id) => {
    expect(find(recipe)).toBe(id);
  });

  it("prefers a person's own file of that name", () => {
    const own = { id: 'own', name: 'v1-5-pruned-emaonly', hash: 'cc6cb27103'.padEnd(64, '0') };
    expect(find({ model: 'v1-5-pruned-emaonly', modelHash: '6ce0161689' }, [own])).toBe('own');
    expect(find({ model: 'other', modelHash: 'cc6cb27103' }, [own])).toBe('own');
  });
});

describe('matchLoras', () => {
  it("puts the library's names into the tags, by the hash, and lists what is missing", () => {
    const recipe = {
      prompt: 'a <lora:foo:0.8> b <lora:bar:1:0.5> <lora:baz> <hypernet:foo:1>',
      negativePrompt: '',
      loraHashes: { foo: '0123456789ab', bar: 'ba9876543210' },
    };
    const loras = [{ name: 'foo$&2', hashes: ['ffffffffffff', '0123456789AB00'] }, { name: 'bar' }];
    expect(matchLoras(recipe, loras)).toEqual({
      prompt: 'a <lora:foo$&2:0.8> b <lora:bar:1:0.5> <lora:baz> <hypernet:foo:1>',
      missing: ['baz'],
      others: [],
    });
  });

  it('doubts a file of the right name with another hash', () => {
    const of = (hash: string) => ({ prompt: '<lora:ink:1>', negativePrompt: '', loraHashes: { ink: hash } });
    const ink = [{ name: 'ink', hashes: ['0123456789ab'] }];
    expect(matchLoras(of('ffffffffffff'), ink)).toEqual({ prompt: '<lora:ink:1>', missing: [], others: ['ink'] });
    for (const hash of ['0123456789', 'e3b0c44298fc', 'no hash'])
      expect(matchLoras(of(hash), ink).others, hash).toEqual([]);
  });

  it('knows makers’ names, in any case', () => {
    const recipe = { prompt: '<lora:INK Wash:1>', negativePrompt: '' };
    expect(matchLoras(recipe, [{ name: 'ink', aliases: ['ink wash'] }])).toEqual({
      prompt: '<lora:ink:1>',
      missing: [],
      others: [],
    });
  });
});

describe('a recipe of a later version', () => {
  it('with a Speed that is not known here says so, and is painted exactly', () => {
    const said = 'a red apple\nSteps: 20, Sampler: Euler, CFG scale: 4, Seed: 7, Size: 128x128';
    const { recipe, notes } = readTextRecipe(`${said}, Speed: Warp 3, Version: gesso 99`);
    expect(recipe.speed).toBeUndefined();
    expect(notes.map(({ message }) => message)).toEqual([
      'Speed must be one of Exact, Fast, Faster, Faster 2, not "Warp 3".',
    ]);
  });
});
