/** JSON as programs write it; the contents are made up. Each names its program. */
import { describe, expect, it } from 'vitest';
import { readPictureRecipe, readTextRecipe } from '.';
import { node } from '../comfyui/testing/graphs';
import { PLAIN } from '../comfyui/testing/graphs';

const SAID = {
  prompt: 'a stone bridge',
  negativePrompt: 'mist',
  steps: 18,
  sampler: 'dpmpp_2m',
  schedule: 'karras',
  cfgScale: 5.5,
  seed: 77,
  width: 576,
  height: 704,
};
const SIZE = { width: 576, height: 704 };
const API = {
  prompt: 'a stone bridge',
  negative_prompt: 'mist',
  steps: 18,
  sampler_name: 'DPM++ 2M',
  scheduler: 'Karras',
  cfg_scale: 5.5,
  seed: 77,
  ...SIZE,
};
const INVOKE = {
  app_version: '5.4.3',
  generation_mode: 'txt2img',
  positive_prompt: 'a stone bridge',
  negative_prompt: 'mist',
  ...SIZE,
  seed: 77,
  rand_device: 'cpu',
  cfg_scale: 5.5,
  steps: 18,
  scheduler: 'dpmpp_2m_k',
  clip_skip: 0,
  model: { name: 'orchard' },
};
const SWARM = {
  prompt: 'a stone bridge',
  negativeprompt: 'mist',
  model: 'orchard',
  seed: 77,
  steps: 18,
  cfgscale: 5.5,
  ...SIZE,
  sampler: 'dpmpp_2m',
  scheduler: 'karras',
  swarm_version: '0.9',
};
const HORDE = {
  prompt: 'a stone bridge ### mist',
  params: { sampler_name: 'k_dpmpp_2m', cfg_scale: 5.5, seed: '77', ...SIZE, steps: 18, karras: true, n: 1 },
  models: ['orchard'],
};
const FOOOCUS = {
  prompt: 'a stone bridge',
  negative_prompt: 'mist',
  steps: 18,
  sampler: 'dpmpp_2m',
  scheduler: 'karras',
  guidance_scale: 5.5,
  seed: '77',
  resolution: '(576, 704)',
  base_model: 'orchard',
  performance: 'Speed',
  version: 'Fooocus v2.5.5',
};
const TEXT =
  'a stone bridge\nNegative prompt: mist\nSteps: 18, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 5.5, Seed: 77, Size: 576x704';
const GRAPH = PLAIN;

const read = (json: unknown) => readTextRecipe(typeof json === 'string' ? json : JSON.stringify(json));
const notesOf = (json: unknown) =>
  read(json)
    .notes.map(({ message }) => message)
    .join('\n');

describe('recipes wrapped in JSON', () => {
  it.each<[string, unknown]>([
    ['a list of one', [API]],
    [
      'A1111’s answer',
      {
        images: ['x'],
        parameters: { ...API, seed: -1 },
        info: JSON.stringify({ prompt: 'a stone bridge', seed: 77, infotexts: [TEXT] }),
      },
    ],
    [
      'A1111’s answer without infotexts',
      {
        images: [],
        parameters: {},
        info: JSON.stringify({ ...API, sampler_name: 'DPM++ 2M Karras', scheduler: undefined }),
      },
    ],
    [
      'Civitai’s list of pictures',
      {
        items: [
          {
            id: 1,
            url: 'x',
            meta: {
              prompt: 'a stone bridge',
              negativePrompt: 'mist',
              steps: 18,
              sampler: 'DPM++ 2M Karras',
              cfgScale: 5.5,
              seed: 77,
              Size: '576x704',
            },
          },
        ],
      },
    ],
    [
      'Civitai’s meta of ComfyUI',
      { prompt: 'other', steps: 3, comfy: JSON.stringify({ prompt: GRAPH, workflow: {} }) },
    ],
    ['a graph and its workflow', { prompt: GRAPH, workflow: { nodes: [] } }],
    ['both as texts', { prompt: JSON.stringify(GRAPH), workflow: '{}' }],
    ['the body of a queue call', { client_id: 'x', prompt: GRAPH, extra_data: { extra_pnginfo: { workflow: {} } } }],
    ['a history entry', { abc: 1, prompt: [3, 'id', GRAPH, {}, ['7']] }],
    ['parameters as a text', { parameters: TEXT }],
    ['a JSON text', JSON.stringify(TEXT)],
    ['a text in a text', { metadata: JSON.stringify({ parameters: TEXT }) }],
    [
      'Python’s print',
      `{'prompt': 'a stone bridge', 'negative_prompt': "mist", 'steps': 18, 'sampler_name': 'DPM++ 2M', 'scheduler': 'Karras', 'cfg_scale': 5.5, 'seed': 77, 'width': 576, 'height': 704, 'tiling': False, 'x': None}`,
    ],
    ['a fence of Markdown', `\`\`\`json\n${JSON.stringify(API)}\n\`\`\``],
    ['a label in front', `parameters: ${JSON.stringify(API)}`],
    [
      'labels as keys',
      {
        Prompt: 'a stone bridge',
        'Negative Prompt': 'mist',
        Steps: 18,
        'Guidance Scale': 5.5,
        Sampler: 'dpmpp_2m',
        Scheduler: 'karras',
        Seed: '77',
        Resolution: '(576, 704)',
      },
    ],
    [
      'camel case',
      {
        positivePrompt: 'a stone bridge',
        negativePrompt: 'mist',
        numInferenceSteps: 18,
        guidanceScale: 5.5,
        samplerName: 'dpmpp_2m',
        scheduler: 'karras',
        seed: 77,
        width: 576,
        height: 704,
      },
    ],
    [
      'diffusers',
      {
        prompt: 'a stone bridge',
        negative_prompt: 'mist',
        num_inference_steps: 18,
        guidance_scale: 5.5,
        seed: 77,
        ...SIZE,
        sampler: 'DPMSolverMultistepScheduler',
        scheduler: 'karras',
      },
    ],
    [
      'Stability Matrix',
      {
        PositivePrompt: 'a stone bridge',
        NegativePrompt: 'mist',
        Steps: 18,
        CfgScale: 5.5,
        Seed: 77,
        Width: 576,
        Height: 704,
        Sampler: 'dpmpp_2m',
        Scheduler: 'karras',
        ModelName: 'orchard',
      },
    ],
  ])('%s', (_, json) => {
    expect(read(json).recipe).toMatchObject(SAID);
  });

  it('says that a list had more', () => {
    expect(notesOf([API, { ...API, seed: 78 }])).toMatch(/There are 2 recipes in this list/);
  });

  it.each<[string, unknown, RegExp]>([
    ['JSON of no kind', { a: 1, b: [2, 3] }, /This JSON is of no kind/],
    ['a list of numbers', [1, 2, 3], /This JSON is of no kind/],
    ['package.json', { name: 'x', version: '1.0.0', scripts: { test: 'x' } }, /This JSON is of no kind/],
    ['a graph without a sampler', { '1': node('LoadImage', { image: 'a.png' }) }, /This JSON is of no kind/],
    ['JSON that was cut', '{"prompt": "a stone bridge", "steps": 1', /cut or damaged/],
    ['an address', 'https://example.org/pictures/1', /an address/],
    ['a path', 'C:\\Users\\me\\pictures\\a.png', /path of a file/],
    ['a path on a disk', '/home/me/a.png', /path of a file/],
    ['a web page', '<!DOCTYPE html><html><body>a</body></html>', /web page/],
    ['a PDF', '%PDF-1.4\n1 0 obj', /PDF/],
    ['base64', 'data:image/png;base64,iVBORw0KGgo=', /base64/],
  ])('%s is no prompt', (_, json, note) => {
    const found = read(json);
    expect(found.recipe).toEqual({ prompt: '', negativePrompt: '' });
    expect(notesOf(json)).toMatch(note);
  });

  it('leaves prompts alone that look a little like it', () => {
    for (const text of [
      '{a|b} cat',
      '[cat:dog:0.5] on a hill',
      '"a cat" in quotes',
      '(a:1.2), [b]',
      'a/b testing',
      '#hashtag',
    ])
      expect(read(text)).toEqual({ form: 'infotext', notes: [], recipe: { prompt: text, negativePrompt: '' } });
  });
});

describe('JSON of programs', () => {
  it.each<[string, unknown, object]>([
    ['SwarmUI', { sui_image_params: SWARM }, { noise: 'comfyui' }],
    [
      'SwarmUI with numbers as texts',
      { sui_image_params: { ...SWARM, seed: '77', steps: '18', cfgscale: '5.5', width: '576', height: '704' } },
      {},
    ],
    [
      'SwarmUI with more',
      {
        sui_image_params: {
          ...SWARM,
          clipstopatlayer: -2,
          variationseed: 3,
          variationseedstrength: 0.2,
          vae: 'ft-mse',
          loras: ['moss'],
          loraweights: ['0.6'],
        },
      },
      {
        clipSkip: 2,
        variationSeed: 3,
        variationStrength: 0.2,
        vae: 'ft-mse',
        loras: [{ name: 'moss', unet: 0.6, text: 0.6 }],
      },
    ],
    [
      'SwarmUI of old',
      {
        sui_image_params: {
          ...SWARM,
          sampler: undefined,
          scheduler: undefined,
          comfyuisampler: 'dpmpp_2m',
          comfyuischeduler: 'karras',
        },
      },
      {},
    ],
    ['InvokeAI', INVOKE, { model: 'orchard', noise: 'cpu' }],
    ['InvokeAI with a skipped layer', { ...INVOKE, clip_skip: 1 }, { clipSkip: 2 }],
    [
      'InvokeAI 5 with a LoRA',
      { ...INVOKE, loras: [{ model: { name: 'moss', type: 'lora' }, weight: 0.6 }] },
      { loras: [{ name: 'moss', unet: 0.6, text: 0.6 }] },
    ],
    [
      'InvokeAI 3 with a LoRA',
      { ...INVOKE, model: { model_name: 'orchard' }, loras: [{ lora: { model_name: 'moss' }, weight: 0.6 }] },
      { model: 'orchard', loras: [{ name: 'moss', unet: 0.6, text: 0.6 }] },
    ],
    [
      'InvokeAI from a picture',
      { ...INVOKE, generation_mode: 'img2img', strength: 0.6, init_image: 'a.png' },
      { denoisingStrength: 0.6 },
    ],
    ['Fooocus', FOOOCUS, { model: 'orchard' }],
    [
      'Fooocus with LoRAs',
      { ...FOOOCUS, loras: [['moss', 0.6, 'abc']], lora_combined_1: 'moss : 0.6' },
      { loras: [{ name: 'moss', unet: 0.6, text: 0.6 }] },
    ],
    [
      'Fooocus’ log',
      {
        Prompt: 'a stone bridge',
        'Negative Prompt': 'mist',
        Steps: 18,
        Resolution: '(576, 704)',
        'Guidance Scale': 5.5,
        Sharpness: 2,
        'Base Model': 'orchard.safetensors',
        Sampler: 'dpmpp_2m',
        Scheduler: 'karras',
        Seed: '77',
        'LoRA 1': 'moss.safetensors : 0.6',
        Version: 'Fooocus v2.5.5',
      },
      { model: 'orchard', loras: [{ name: 'moss', unet: 0.6, text: 0.6 }] },
    ],
    [
      'RuinedFooocus',
      {
        Prompt: 'a stone bridge',
        Negative: 'mist',
        steps: 18,
        cfg: 5.5,
        ...SIZE,
        seed: 77,
        sampler_name: 'dpmpp_2m',
        scheduler: 'karras',
        base_model_name: 'orchard.safetensors',
        loras: [['', 'moss - 0.6']],
        clip_skip: 1,
        software: 'RuinedFooocus',
      },
      { model: 'orchard', loras: [{ name: 'moss', unet: 0.6, text: 0.6 }] },
    ],
    [
      'Easy Diffusion',
      {
        prompt: 'a stone bridge',
        negative_prompt: 'mist',
        num_inference_steps: 18,
        guidance_scale: 5.5,
        seed: 77,
        ...SIZE,
        sampler_name: 'dpmpp_2m',
        scheduler_name: 'karras',
        use_stable_diffusion_model: 'models/stable-diffusion/orchard',
        clip_skip: true,
        use_lora_model: ['moss'],
        lora_alpha: [0.6],
      },
      { model: 'orchard', clipSkip: 2, loras: [{ name: 'moss', unet: 0.6, text: 0.6 }] },
    ],
    [
      'Draw Things',
      {
        c: 'a stone bridge',
        uc: 'mist',
        model: 'orchard.ckpt',
        sampler: 'DPM++ 2M Karras',
        scale: 5.5,
        seed: 77,
        size: '576x704',
        steps: 18,
        strength: 1,
        seed_mode: 'Scale Alike',
      },
      { model: 'orchard' },
    ],
    [
      'Draw Things with a LoRA',
      {
        c: 'a stone bridge',
        uc: 'mist',
        sampler: 'DPM++ 2M Karras',
        scale: 5.5,
        seed: 77,
        size: '576x704',
        steps: 18,
        lora: [{ model: 'moss.ckpt', weight: 0.6 }],
        strength: 0.7,
      },
      { denoisingStrength: 0.7, loras: [{ name: 'moss', unet: 0.6, text: 0.6 }] },
    ],
    [
      'Tensor.Art',
      {
        prompt: 'a stone bridge',
        negativePrompt: 'mist',
        ...SIZE,
        samplerName: 'dpmpp_2m',
        scheduler: 'karras',
        steps: 18,
        cfgScale: 5.5,
        seed: '77',
        baseModel: { modelFileName: 'orchard' },
        models: [{ type: 'LORA', modelFileName: 'moss', weight: 0.6 }],
      },
      { model: 'orchard', loras: [{ name: 'moss', unet: 0.6, text: 0.6 }] },
    ],
    ['AI Horde', HORDE, { model: 'orchard' }],
    [
      'AI Horde with a LoRA',
      { ...HORDE, params: { ...HORDE.params, loras: [{ name: 'moss', model: 0.6, clip: 0.5 }] } },
      { loras: [{ name: 'moss', unet: 0.6, text: 0.5 }] },
    ],
    [
      'A1111’s API with a title',
      {
        ...API,
        override_settings: { sd_model_checkpoint: 'orchard.safetensors [0123456789]', CLIP_stop_at_last_layers: 2 },
      },
      { model: 'orchard', modelHash: '0123456789', clipSkip: 2 },
    ],
    [
      'NovelAI',
      {
        prompt: 'a stone bridge',
        uc: 'mist',
        steps: 18,
        sampler: 'k_dpmpp_2m',
        noise_schedule: 'karras',
        scale: 5.5,
        seed: 77,
        ...SIZE,
        cfg_rescale: 0.2,
      },
      { cfgRescale: 0.2, ensd: 31337 },
    ],
  ])('%s', (_, json, wanted) => {
    expect(read(json).recipe).toMatchObject({ ...SAID, ...wanted });
  });

  it.each<[string, unknown, RegExp]>([
    ['NovelAI’s own sampler', { prompt: 'a', uc: '', steps: 9, sampler: 'ddim_v3', scale: 5, seed: 1 }, /ddim_v3/],
    ['a sampler that nobody knows', { prompt: 'a', uc: '', steps: 9, sampler: 'k_foo', scale: 5, seed: 1 }, /k_foo/],
    [
      'NovelAI’s characters',
      {
        prompt: 'a',
        uc: '',
        steps: 9,
        sampler: 'k_euler',
        scale: 5,
        v4_prompt: { caption: { base_caption: 'a', char_captions: [{ char_caption: 'a miller' }] } },
      },
      /single characters.*"a miller"/,
    ],
    ['NovelAI’s SMEA', { prompt: 'a', uc: '', steps: 9, sampler: 'k_euler', scale: 5, sm: true }, /SMEA/],
    ['InvokeAI’s inpainting', { ...INVOKE, generation_mode: 'inpaint' }, /made from another picture/],
    [
      'InvokeAI’s ControlNet',
      { ...INVOKE, controlnets: [{ image: 'x' }] },
      /Not carried over from InvokeAI: controlnets/,
    ],
    ['Fooocus’ styles', { ...FOOOCUS, styles: "['Fooocus V2', 'Oil']" }, /styles Fooocus V2, Oil/],
    [
      'SwarmUI’s refiner',
      {
        sui_image_params: { ...SWARM, refinermethod: 'PostApply', refinercontrolpercentage: 0.3, refinerupscale: 1.5 },
      },
      /refiner \(control 0\.3, upscale 1\.5/,
    ],
    ['AI Horde’s hires fix', { ...HORDE, params: { ...HORDE.params, hires_fix: true } }, /hires fix/],
    ['Draw Things’ sampler', { c: 'a', uc: '', sampler: 'Euler A Trailing', scale: 5, seed: 1, steps: 9 }, /Trailing/],
    ['a script of A1111', { ...API, script_name: 'x/y/z plot' }, /script_name/],
    ['styles of A1111', { ...API, styles: ['oil'] }, /styles/],
  ])('names %s', (_, json, note) => {
    expect(notesOf(json)).toMatch(note);
  });

  it('says nothing where nothing is missing', () => {
    for (const json of [API, INVOKE, HORDE, { sui_image_params: SWARM }, FOOOCUS]) expect(notesOf(json)).toBe('');
  });
});

describe('texts of pictures under other names', () => {
  const picture = (texts: Record<string, string>, more: object = {}) =>
    readPictureRecipe({ format: 'png', texts, problems: [], ...more });

  it.each<[string, Record<string, string>]>([
    [
      'Easy Diffusion’s labels',
      {
        Prompt: 'a stone bridge',
        'Negative Prompt': 'mist',
        Steps: '18',
        Sampler: 'dpmpp_2m',
        'Guidance Scale': '5.5',
        Seed: '77',
        Width: '576',
        Height: '704',
        'Stable Diffusion model': 'orchard',
        'Clip Skip': 'False',
        Scheduler: 'karras',
      },
    ],
    ['InvokeAI 1', { Dream: '"a stone bridge [mist]" -s 18 -S 77 -W 576 -H 704 -C 5.5 -A k_dpmpp_2m' }],
    [
      'InvokeAI 2',
      {
        'sd-metadata': JSON.stringify({
          model_weights: 'orchard',
          app_id: 'invoke-ai/InvokeAI',
          image: {
            prompt: [{ prompt: 'a stone bridge [mist]', weight: 1 }],
            steps: 18,
            cfg_scale: 5.5,
            height: 704,
            width: 576,
            seed: 77,
            sampler: 'k_dpmpp_2m',
            type: 'txt2img',
            variations: [],
          },
        }),
      },
    ],
    ['InvokeAI', { invokeai_metadata: JSON.stringify(INVOKE) }],
    [
      'Tensor.Art',
      {
        generation_data: JSON.stringify({
          prompt: 'a stone bridge',
          negativePrompt: 'mist',
          ...SIZE,
          samplerName: 'dpmpp_2m',
          steps: 18,
          cfgScale: 5.5,
          seed: '77',
        }),
      },
    ],
    ['an infotext in a description', { Description: TEXT }],
    ['an infotext in Windows’ comment', { XPComment: TEXT }],
  ])('%s', (_, texts) => {
    const said = Object.fromEntries(Object.entries(SAID).filter(([field]) => field !== 'schedule'));
    expect(picture(texts)?.recipe).toMatchObject(said);
  });

  it('takes no words of a comment for a recipe', () => {
    expect(picture({ Comment: 'Created with GIMP', Software: 'GIMP 2.10' })).toBeUndefined();
    expect(picture({ comment: 'Screenshot' }, { infotext: 'Screenshot' })).toBeUndefined();
  });

  it('prefers the graph to a saver’s text, and takes what only that knows', () => {
    const graph = JSON.stringify({
      ...GRAPH,
      '2': node('CLIPTextEncode', { text: ['8', 0], clip: ['1', 1] }),
      '8': node('Text Load Line From File', { file_path: 'a.txt' }),
    });
    const found = picture({}, { infotext: `${TEXT}, Model hash: 0123456789, Version: ComfyUI`, comfyPrompt: graph });
    expect(found).toMatchObject({ form: 'comfyui', recipe: { ...SAID, modelHash: '0123456789', noise: 'comfyui' } });
    expect(found?.notes.map(({ message }) => message).join()).toMatch(
      /Taken from the text beside ComfyUI's graph: prompt/,
    );
  });
});
