import { describe, expect, it } from 'vitest';
import { node } from '../comfyui/testing/graphs';
import { SAID, SIZE, API, TEXT, GRAPH, read, notesOf } from './testing/program-json';

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
