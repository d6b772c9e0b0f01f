/** What graphs do beyond a first pass: scripts, pipes, enlargements of many packs, and what changes a picture behind its sampler. */
import { describe, expect, it } from 'vitest';
import { readTextRecipe } from '../recipes';
import {
  byModel,
  decode,
  node,
  notesOf,
  PLAIN,
  read,
  SAID,
  sampler,
  second,
  upscaler,
  type Nodes,
} from './testing/graphs';

const save = (images: [string, number]) => node('SaveImage', { filename_prefix: 'x', images });
const text = (link: [string, number]) => node('CLIPTextEncode', { text: link, clip: ['1', 1] });
const picture = node('LoadImage', { image: 'a.png' });
const fromPicture = { '4': node('VAEEncode', { pixels: ['30', 0], vae: ['1', 2] }), '30': picture };

describe('a second pass', () => {
  it.each<[string, Nodes, object]>([
    [
      'NNLatentUpscale',
      second({ '8': node('NNLatentUpscale', { latent: ['5', 0], version: 'SDXL', upscale: 1.5 }) }, '8'),
      { upscale: 1.5, upscaler: 'Latent' },
    ],
    [
      'WAS’ factor',
      second(
        {
          '8': node('Latent Upscale by Factor (WAS)', {
            samples: ['5', 0],
            mode: 'bicubic',
            factor: 1.5,
            align: 'true',
          }),
        },
        '8',
      ),
      { upscale: 1.5, upscaler: 'Latent (bicubic)' },
    ],
    [
      'a size of its own',
      second(
        { '8': node('LatentUpscale', { upscale_method: 'bislerp', width: 1152, height: 1408, samples: ['5', 0] }) },
        '8',
      ),
      { resizeWidth: 1152, resizeHeight: 1408 },
    ],
    ['a model, whose name says by how much', byModel('4x-Ultra.pth'), { upscale: 4, upscaler: '4x-Ultra' }],
    ['a model of two in the middle of its name', byModel('Real_x2_plus.pth'), { upscale: 2 }],
    [
      'a model and half of that',
      byModel(
        '4x-Ultra.pth',
        { '13': node('ImageScaleBy', { upscale_method: 'lanczos', scale_by: 0.5, image: ['11', 0] }) },
        '13',
      ),
      { upscale: 2, upscaler: '4x-Ultra' },
    ],
    [
      'a model and a size',
      byModel(
        'Ultra.pth',
        { '13': node('ImageScale', { upscale_method: 'lanczos', width: 1152, height: 1408, image: ['11', 0] }) },
        '13',
      ),
      { resizeWidth: 1152, resizeHeight: 1408, upscaler: 'Ultra' },
    ],
    [
      'Comfyroll’s, the model’s name in the node',
      second(
        {
          '10': decode(['5', 0]),
          '11': node('CR Upscale Image', {
            image: ['10', 0],
            upscale_model: '4x.pth',
            mode: 'rescale',
            rescale_factor: 2,
          }),
          '14': node('VAEEncode', { pixels: ['11', 0], vae: ['1', 2] }),
        },
        '14',
      ),
      { upscale: 2, upscaler: '4x' },
    ],
  ])('%s', (_, nodes, hires) => {
    expect(read(nodes).recipe).toMatchObject({ ...SAID, hires, denoisingStrength: 0.5 });
  });

  it('with a seed of its own is told, as hires fix has one', () => {
    const enlarged = { '8': node('LatentUpscaleBy', { upscale_method: 'bislerp', scale_by: 1.5, samples: ['5', 0] }) };
    const nodes = second(enlarged, '8');
    expect(notesOf(read(nodes))).not.toMatch(/seed/);
    const other = { ...nodes, '9': sampler({ latent_image: ['8', 0], denoise: 0.5, seed: 12 }) };
    expect(notesOf(read(other))).toMatch(/The second pass had a seed of its own \(12\)/);
  });

  it('by a model that does not say its factor has none, and says so', () => {
    const found = read(byModel('Ultra.pth', { '13': node('ImageScaleBy', { scale_by: 0.5, image: ['11', 0] }) }, '13'));
    expect(found.recipe.hires?.upscale).toBeUndefined();
    expect(notesOf(found)).toMatch(/By how much the model "Ultra" enlarges/);
  });

  it('over a picture that was loaded says what of both is told', () => {
    const enlarged = { '10': node('LatentUpscaleBy', { upscale_method: 'bicubic', scale_by: 1.5, samples: ['5', 0] }) };
    const found = read({ ...fromPicture, '5': sampler({ denoise: 0.6 }), ...second(enlarged, '10') });
    expect(notesOf(found)).toMatch(/first pass began with a picture \(denoise 0\.6\)/);
  });
});

describe('Efficiency’s scripts', () => {
  const loader = node('Efficient Loader', {
    ckpt_name: 'orchard.safetensors',
    clip_skip: -1,
    lora_name: 'None',
    positive: 'a stone bridge',
    negative: 'mist',
    empty_latent_width: 576,
    empty_latent_height: 704,
  });
  const withScript = (script: Nodes[string], more: object = {}): Nodes => ({
    '8': node('Efficient Loader', { ...loader.inputs, ...more }),
    '5': sampler(
      { model: ['8', 0], positive: ['8', 1], negative: ['8', 2], latent_image: ['8', 3], script: ['10', 0] },
      'KSampler (Efficient)',
    ),
    '10': script,
    '7': save(['5', 5]),
  });
  const hires = {
    upscale_type: 'latent',
    hires_ckpt_name: '(use same)',
    latent_upscaler: 'nearest-exact',
    pixel_upscaler: '4x.pth',
    upscale_by: 1.5,
    use_same_seed: true,
    hires_steps: 10,
    denoise: 0.5,
    iterations: 1,
    use_controlnet: false,
  };

  it('are a second pass', () => {
    const found = read(withScript(node('HighRes-Fix Script', hires)));
    expect(found.recipe).toMatchObject({
      ...SAID,
      denoisingStrength: 0.5,
      hires: { upscale: 1.5, steps: 10, upscaler: 'Latent (nearest-exact)' },
    });
    const pixels = { ...hires, upscale_type: 'pixel', iterations: 2 };
    const other = read(withScript(node('HighRes-Fix Script', pixels)));
    expect(other.recipe.hires?.upscaler).toBe('4x');
    expect(notesOf(other)).toMatch(/iterations: 2/);
  });

  it('are named where they are not carried over', () => {
    expect(notesOf(read(withScript(node('Tiled Upscaler Script', { upscale_by: 2 }))))).toMatch(
      /"Tiled Upscaler Script"/,
    );
    const noise = node('Noise Control Script', {
      rng_source: 'gpu',
      cfg_denoiser: false,
      add_seed_noise: true,
      seed: 5,
      weight: 0.2,
    });
    const found = read(withScript(noise));
    expect(found.recipe.noise).toBe('nv');
    expect(notesOf(found)).toMatch(/add_seed_noise/);
  });

  it('stand beside a way of reading weights, which has a note', () => {
    const found = read(
      withScript(node('HighRes-Fix Script', hires), { weight_interpretation: 'A1111', token_normalization: 'none' }),
    );
    expect(notesOf(found)).toMatch(/"weight_interpretation: A1111"/);
  });
});

describe('samplers on one pipe', () => {
  const settings = { cfg: 5.5, sampler_name: 'dpmpp_2m', scheduler: 'karras', seed: 77 };
  const chain = (fix: object): Nodes => ({
    '8': node('easy a1111Loader', {
      ckpt_name: 'orchard.safetensors',
      clip_skip: -1,
      lora_name: 'None',
      empty_latent_width: 576,
      empty_latent_height: 704,
      positive: 'a stone bridge',
      negative: 'mist',
      batch_size: 1,
    }),
    '9': node('easy preSampling', { pipe: ['8', 0], steps: 18, denoise: 1, ...settings }),
    '10': node('easy kSampler', { pipe: ['9', 0], image_output: 'Preview' }),
    '11': node('easy hiresFix', {
      pipe: ['10', 0],
      model_name: '4x.pth',
      rescale_after_model: true,
      rescale: 'by percentage',
      percent: 50,
      width: 1024,
      height: 1024,
      ...fix,
    }),
    '12': node('easy preSampling', { pipe: ['11', 0], steps: 10, denoise: 0.5, ...settings }),
    '13': node('easy kSampler', { pipe: ['12', 0], image_output: 'Save' }),
  });
  const only = (nodes: Nodes) => readTextRecipe(JSON.stringify(nodes));

  it('are two passes, and what lies between enlarges', () => {
    expect(only(chain({})).recipe).toMatchObject({
      ...SAID,
      denoisingStrength: 0.5,
      hires: { upscale: 2, steps: 10, upscaler: '4x' },
    });
  });
});

describe('behind the last sampler', () => {
  it.each<[string, Nodes]>([
    [
      'ImageUpscaleWithModel',
      { '11': node('ImageUpscaleWithModel', { upscale_model: ['12', 0], image: ['6', 0] }), '12': upscaler('4x.pth') },
    ],
    ['ImageScaleBy', { '11': node('ImageScaleBy', { upscale_method: 'lanczos', scale_by: 2, image: ['6', 0] }) }],
    ['ImageCrop', { '11': node('ImageCrop', { width: 256, height: 256, x: 0, y: 0, image: ['6', 0] }) }],
    ['ColorMatch', { '11': node('ColorMatch', { image_ref: ['30', 0], image_target: ['6', 0] }), '30': picture }],
    [
      'ImageCompositeMasked',
      { '11': node('ImageCompositeMasked', { destination: ['30', 0], source: ['6', 0] }), '30': picture },
    ],
    [
      'IterativeLatentUpscale',
      {
        '15': node('IterativeLatentUpscale', { samples: ['5', 0], upscale_factor: 1.5, steps: 3 }),
        '11': decode(['15', 0]),
      },
    ],
  ])('%s is named', (type, nodes) => {
    const found = read({ ...nodes, '7': save(['11', 0]) });
    expect(found.recipe).toMatchObject(SAID);
    expect(notesOf(found)).toContain(`After the last sampler the node "${type}" changed the picture`);
  });

  it('nothing is named where pictures are only decoded and shown', () => {
    expect(notesOf(read({ '8': node('PreviewImage', { images: ['6', 0] }) }))).toBe('');
  });

  it('tiles of an upscaler that takes its picture under another name are a repaint', () => {
    const found = read({
      '8': node('UltimateSDUpscaleNoUpscale', {
        upscaled_image: ['6', 0],
        model: ['1', 0],
        positive: ['2', 0],
        negative: ['3', 0],
        seed: 5,
        steps: 20,
        cfg: 8,
        sampler_name: 'euler',
        scheduler: 'normal',
        denoise: 0.2,
      }),
      '7': save(['8', 0]),
    });
    expect(found.recipe).toMatchObject(SAID);
    expect(notesOf(found)).toMatch(/"UltimateSDUpscaleNoUpscale" went over the picture again/);
  });
});

describe('which picture of a batch', () => {
  const four = { '4': node('EmptyLatentImage', { width: 576, height: 704, batch_size: 4 }) };
  const taken = (inputs: object, type = 'ImageFromBatch'): Nodes => ({
    ...four,
    '11': node(type, { image: ['6', 0], ...inputs }),
    '7': save(['11', 0]),
  });
  const latents = {
    '15': node('LatentFromBatch', { samples: ['5', 0], batch_index: 1, length: 2 }),
    '6': decode(['15', 0]),
  };

  it.each<[string, Nodes, string]>([
    ['a picture', taken({ batch_index: 2, length: 1 }), 'It is picture 3 of a batch of 4: the first is told.'],
    ['the last, where there are no more', taken({ batch_index: 9, length: 1 }), 'It is picture 4 of a batch of 4'],
    ['by Essentials', taken({ start: 1, length: -1 }, 'ImageFromBatch+'), 'one of pictures 2 to 4 of a batch of 4'],
    [
      'one of those taken before',
      { ...taken({ batch_index: 1, length: 1 }), ...latents },
      'It is picture 3 of a batch',
    ],
    [
      'a latent',
      { ...four, ...latents },
      'It is one of pictures 2 to 3 of a batch of 4: which one is not in the graph',
    ],
    [
      'by a number that is not there',
      taken({ batch_index: ['99', 0], length: 1 }),
      'It is one of 4 pictures of a batch',
    ],
  ])('%s is named, and nothing changed it', (_, nodes, sentence) => {
    const found = read(nodes);
    expect(found.recipe).toMatchObject(SAID);
    expect(notesOf(found)).toContain(sentence);
    expect(notesOf(found)).not.toContain('changed the picture');
  });

  it('is not said of the first, which is told', () => {
    expect(notesOf(read(taken({ batch_index: 0, length: 1 })))).toBe('');
  });

  it('is said where it is taken between two passes', () => {
    const enlarged = node('LatentUpscaleBy', { upscale_method: 'bicubic', scale_by: 1.5, samples: ['15', 0] });
    const taking = node('LatentFromBatch', { samples: ['5', 0], batch_index: 3, length: 1 });
    const found = read({ ...four, ...second({ '8': enlarged, '15': taking }, '8') });
    expect(notesOf(found)).toContain('It is picture 4 of a batch of 4');
  });
});

describe('what is not in a graph', () => {
  it.each<[string, Nodes, RegExp]>([
    [
      'which of a batch it is',
      { '4': node('EmptyLatentImage', { width: 576, height: 704, batch_size: 4 }) },
      /one of 4 pictures of a batch/,
    ],
    [
      'zeros in place of a text',
      { '5': sampler({ negative: ['8', 0] }), '8': node('ConditioningZeroOut', { conditioning: ['2', 0] }) },
      /gives zeros/,
    ],
    [
      'a size that a style’s node chooses',
      { '5': sampler({ latent_image: ['8', 0] }), '8': node('Prompt With Style', { ratio_selected: '1:1', seed: 9 }) },
      /size that the node "Prompt With Style"/,
    ],
    [
      'lists of words',
      {
        '2': text(['8', 0]),
        '8': node('Text Parse Noodle Soup Prompts', {
          mode: 'x',
          noodle_key: '__',
          seed: 1,
          text: 'a __stone__ bridge',
        }),
      },
      /Noodle Soup Prompts" is pieced together/,
    ],
  ])('%s', (_, nodes, note) => {
    expect(notesOf(read(nodes))).toMatch(note);
  });

  it('zeros say nothing without guidance', () => {
    const nodes = {
      '5': sampler({ negative: ['8', 0], cfg: 1 }),
      '8': node('ConditioningZeroOut', { conditioning: ['2', 0] }),
    };
    expect(notesOf(read(nodes))).toBe('');
  });

  it('a graph without a sampler is called one', () => {
    const rest = Object.fromEntries(Object.entries(PLAIN).filter(([id]) => id !== '5' && id !== '7'));
    expect(readTextRecipe(JSON.stringify(rest)).notes[0].message).toMatch(
      /graph of ComfyUI in which no sampler is known/,
    );
  });

  it('the model behind settings of any kind is found', () => {
    const nodes = { '5': sampler({ model: ['8', 0] }), '8': node('smZ Settings', { '*': ['1', 0], RNG: 'gpu' }) };
    expect(read(nodes).recipe.model).toBe('orchard');
  });
});
