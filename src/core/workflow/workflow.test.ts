import { describe, expect, it } from 'vitest';
import { fieldOf, type FieldId, type GenerationRequest } from '../recipe/request';
import { FIELDS } from '../recipe/fields';
import { recipeSettings } from '../recipe/settings';
import { Dice } from '../recipe/testing/random';
import { randomRecipe } from '../recipe/testing/random-recipe';
import {
  nodeKey,
  OPERATIONS,
  operationOf,
  readWorkflow,
  settingsOf,
  workflowOf,
  workflowProblems,
  type OperationId,
  type Workflow,
  type WorkflowNode,
} from './index';

const request: GenerationRequest = {
  ...{ model: 'm', prompt: 'a cat', negativePrompt: 'blurry', sampler: 'euler', schedule: 'karras', noise: 'cpu' },
  ...{ steps: 20, cfgScale: 7, seed: 5, width: 512, height: 640 },
};
const nodesOf = (changes: Partial<GenerationRequest> = {}): Map<string, WorkflowNode> =>
  new Map(workflowOf({ ...request, ...changes }).nodes.map((node) => [node.id, node]));

describe('workflowOf', () => {
  it('is six operations, the text of each prompt with the negative marked', () => {
    const nodes = nodesOf();
    const six = ['load_model', 'empty_latent', 'encode_text', 'sample', 'decode_latent', 'keep'];
    expect([...new Set([...nodes.values()].map(({ operation }) => operation))]).toEqual(six);
    expect(nodes.get('positive')?.settings).toEqual({ text: 'a cat', calls: 20 });
    expect(nodes.get('negative')?.settings).toEqual({ text: 'blurry', calls: 20, isNegative: true });
    expect(nodes.get('empty')?.settings).toEqual({ height: 640 });
    expect(nodes.get('sample')?.settings).toEqual({ schedule: 'karras', noise: 'cpu', seed: 5 });
  });

  it('starts from a picture, made to fit, where one is named', () => {
    const nodes = nodesOf({ initImage: 'ab', denoisingStrength: 0.4, resizeMode: 'just_resize' });
    expect([...nodes.keys()]).toEqual([
      'model',
      'picture',
      'fit',
      'encode',
      'positive',
      'negative',
      'sample',
      'decode',
      'keep',
    ]);
    expect(nodes.get('picture')?.settings).toEqual({ image: 'ab' });
    expect(nodes.get('fit')?.settings).toEqual({ height: 640, resizeMode: 'just_resize' });
    expect(nodes.get('sample')?.inputs).toMatchObject({ latent: { node: 'encode' }, picture: { node: 'fit' } });
    expect(nodes.get('sample')?.settings).toMatchObject({ denoisingStrength: 0.4 });
    const latent = nodesOf({ initImage: 'ab', resizeMode: 'latent_upscale', denoisingStrength: 0.6 });
    expect(latent.get('encode')?.inputs).toMatchObject({ image: { node: 'picture' } });
    expect(latent.get('resize')).toMatchObject({ operation: 'resize_latent', settings: { height: 640 } });
    expect(latent.get('sample')?.inputs).toMatchObject({ latent: { node: 'resize' }, picture: { node: 'fit' } });
    const repainted = nodesOf({ initImage: 'ab', initMask: 'cd', resizeMode: 'latent_upscale' });
    expect(repainted.has('resize'), 'with a mask pixels are resized').toBe(false);
    expect(repainted.get('fit')?.settings).toMatchObject({ resizeMode: 'just_resize' });
    const untouched = workflowOf({ ...request, initImage: 'ab', denoisingStrength: 0 });
    expect(untouched.nodes.map(({ operation }) => operation)).toEqual(['load_image', 'fit_image', 'keep']);
  });

  it('repaints a part of a picture where a mask is named, and pastes it back', () => {
    const masked = { initImage: 'ab', initMask: 'cd', denoisingStrength: 0.4 } as const;
    const nodes = nodesOf({ ...masked, maskBlur: 8, inpaintArea: 'masked', maskedContent: 'fill' });
    expect([...nodes.keys()].slice(1, 7)).toEqual(['picture', 'mask', 'soften', 'fit', 'fill', 'encode']);
    expect([...nodes.keys()].slice(-2)).toEqual(['paste', 'keep']);
    expect(nodes.get('mask')?.settings).toEqual({ image: 'cd' });
    expect(nodes.get('soften')?.settings).toEqual({ maskBlur: 8 });
    expect(nodes.get('encode')?.inputs).toMatchObject({ image: { node: 'fill' } });
    expect(nodes.get('sample')?.inputs).toMatchObject({
      mask: { node: 'fit', output: 'mask' },
      picture: { node: 'fill' },
    });
    expect(nodes.get('paste')?.inputs).toMatchObject({ original: { node: 'picture' }, mask: { node: 'soften' } });
    expect(nodes.get('keep')?.inputs).toMatchObject({ image: { node: 'paste' } });
    expect(nodesOf({ ...masked, initImage: undefined }).has('mask'), 'a mask of nothing').toBe(false);
    const again = nodesOf({ ...masked, hiresScale: 2, maskedContent: 'latent_noise' }).get('sample again');
    expect(again?.inputs).toMatchObject({ mask: { node: 'fit' } });
    expect(again?.settings).not.toHaveProperty('maskedContent');
  });

  it('keeps the size of a picture of which only the masked part would be painted, and is not', () => {
    const asked = { ...request, initImage: 'ab', initMask: 'cd', denoisingStrength: 0, inpaintArea: 'masked' } as const;
    expect(workflowOf(asked).nodes.map(({ operation }) => operation)).toEqual(['load_image', 'keep']);
  });

  it('paints twice with hires. fix, with settings and prompts of the second pass', () => {
    const nodes = nodesOf({ ...{ hiresScale: 1.65, hiresSteps: 10, hiresCfgScale: 5, hiresSampler: 'heun' } });
    expect([...nodes.keys()].slice(4)).toEqual([
      ...['sample', 'enlarge', 'positive again', 'negative again', 'sample again', 'decode', 'keep'],
    ]);
    expect(nodes.get('enlarge')?.settings).toEqual({ width: 844, height: 1056 });
    expect(nodes.get('positive again')?.settings).toEqual({ text: 'a cat', calls: 20, firstPassCalls: 20 });
    expect(nodes.get('sample again')?.settings).toMatchObject({
      sampler: 'heun',
      steps: 10,
      cfgScale: 5,
      takesAllSteps: true,
    });
    expect(nodes.get('decode')?.inputs).toMatchObject({ latent: { node: 'sample again' } });
    expect(nodesOf({ hiresScale: 2, denoisingStrength: 0 }).get('decode')?.inputs).toMatchObject({
      latent: { node: 'enlarge' },
    });
    expect(nodesOf({ hiresScale: 2, hiresCfgScale: 1 }).has('negative again')).toBe(false);
  });

  it('enlarges a picture that stands for the first pass, painted or not', () => {
    const alone = { initImage: 'ab', hiresScale: 2, hiresAlone: true, denoisingStrength: 0 };
    const operations = (hiresUpscaler: string) =>
      [...nodesOf({ ...alone, hiresUpscaler }).values()].map(({ operation }) => operation);
    const [start, end] = [
      ['load_model', 'load_image', 'fit_image'],
      ['decode_latent', 'keep'],
    ] as const;
    expect(operations('latent')).toEqual([...start, 'encode_image', 'resize_latent', ...end]);
    const byNetwork = ['upscale_image', 'fit_image', 'encode_image'];
    expect(operations('r_esrgan_animevideo')).toEqual([...start, ...byNetwork, ...end]);
    expect(nodesOf({ ...alone, hiresScale: 1 }).has('model'), 'nothing to enlarge').toBe(false);
  });

  it('reads prompts of the second pass with the LoRAs that they name alone', () => {
    const own = nodesOf({ hiresScale: 2, hiresPrompt: 'a large cat', hiresNegativePrompt: 'noise' });
    expect(own.get('positive')?.settings).toMatchObject({ text: 'a cat' });
    expect(own.get('positive again')?.settings).toMatchObject({ text: 'a large cat' });
    expect(own.get('negative again')?.settings).toMatchObject({ text: 'noise', isNegative: true });
    const adapters = [
      { id: 'x', names: ['one'] },
      { id: 'y', names: ['two'] },
    ];
    const asked = { ...request, prompt: 'a <lora:one:1>', hiresScale: 2, hiresPrompt: 'b <lora:two:0.5>' };
    const nodes = new Map(workflowOf(asked, adapters).nodes.map((one) => [one.id, one]));
    expect(nodes.get('sample')?.inputs).toMatchObject({ model: { node: 'adapter 1' } });
    expect(nodes.get('adapter 1 again')).toMatchObject({
      settings: { adapter: 'y', denoiser: 0.5, text: 0.5 },
      inputs: { model: { node: 'model' } },
    });
    expect(nodes.get('positive again')).toMatchObject({
      settings: { text: 'b ' },
      inputs: { model: { node: 'adapter 1 again' } },
    });
    expect(nodes.get('sample again')?.inputs).toMatchObject({ model: { node: 'adapter 1 again' } });
    expect(workflowProblems({ version: 1, nodes: [...nodes.values()] })).toEqual([]);
    const bare = workflowOf({ ...asked, hiresPrompt: 'b' }, adapters).nodes;
    expect(bare.find(({ id }) => id === 'sample again')?.inputs).toMatchObject({ model: { node: 'model' } });
    const same = workflowOf({ ...asked, hiresPrompt: '' }, adapters).nodes;
    expect(same.find(({ id }) => id === 'sample again')?.inputs).toMatchObject({ model: { node: 'adapter 1' } });
  });

  it('enlarges pictures by networks: the finished one, or that of the first pass', () => {
    const network = 'realesr-animevideov3-x4';
    const finished = nodesOf({ enlarger: network });
    expect([...finished.keys()].slice(-3)).toEqual(['decode', 'enlarge the picture', 'keep']);
    expect(finished.get('enlarge the picture')?.settings).toEqual({ upscaler: network });
    const picture = workflowOf({ ...request, initImage: 'ab', denoisingStrength: 0, enlarger: network });
    expect(picture.nodes.map(({ operation }) => operation)).toEqual([
      'load_image',
      'fit_image',
      'upscale_image',
      'keep',
    ]);
    const hires = nodesOf({ hiresScale: 1.65, hiresUpscaler: 'r_esrgan_animevideo' });
    expect([...hires.keys()].slice(5, 9)).toEqual(['first', 'first, larger', 'first, fitted', 'enlarge']);
    expect(hires.get('first, fitted')?.settings).toEqual({ width: 844, height: 1056, resizeMode: 'just_resize' });
    expect(workflowProblems({ version: 1, nodes: [...hires.values()] })).toEqual([]);
  });

  it('puts LoRAs that tags name on the model, and leaves other tags in the prompt', () => {
    const prompt = 'a cat <lora:One:0.5:0.7> <lora:gone:1> <lora:two:te=0.2:unet=0.3>';
    const { nodes } = workflowOf({ ...request, prompt }, [
      { id: 'x', names: ['one'] },
      { id: 'y', names: ['other', 'two'] },
    ]);
    const of = (id: string) => nodes.find((one) => one.id === id);
    expect(of('adapter 1')?.settings).toEqual({ adapter: 'x', denoiser: 0.7, text: 0.5 });
    expect(of('adapter 2')).toMatchObject({
      settings: { adapter: 'y', denoiser: 0.3, text: 0.2 },
      inputs: { model: { node: 'adapter 1' } },
    });
    expect(of('sample')?.inputs).toMatchObject({ model: { node: 'adapter 2' } });
    expect(of('positive')?.settings['text']).toBe('a cat  <lora:gone:1> ');
    expect(workflowProblems({ version: 1, nodes })).toEqual([]);
    const odd = workflowOf({ ...request, prompt: '<lora:one:1:start=5:dyn=4>' }, [{ id: 'x', names: ['one'] }]).nodes;
    expect(odd.find(({ id }) => id === 'adapter 1')?.settings).toMatchObject({
      unread: '<lora:one:1:start=5:dyn=4>: start=5, dyn=4',
    });
    expect(workflowOf({ ...request, prompt, dialect: 'comfyui' }, [{ id: 'x', names: ['one'] }]).nodes).toHaveLength(7);
  });

  it('reads the negative prompt only where it has a share', () => {
    expect(nodesOf({ cfgScale: 1 }).has('negative')).toBe(false);
    expect(nodesOf({ cfgScale: 1, prompt: 'a AND b' }).has('negative')).toBe(true);
    expect(nodesOf({ cfgScale: 1, sampler: 'ddim_cfg_pp' }).has('negative'), 'asked for by the sampler').toBe(true);
    expect(nodesOf({ cfgScale: 1 }).get('sample')?.inputs).not.toHaveProperty('negative');
  });

  it('counts two calls a step for prompt editing where A1111 does', () => {
    expect(nodesOf({ sampler: 'heun' }).get('positive')?.settings['calls']).toBe(40);
  });

  it('gives every setting of a request to an operation', () => {
    const read = new Set(Object.values(OPERATIONS).flatMap(({ settings }) => settings as readonly string[]));
    const texts = ['prompt', 'negativePrompt']; // `text` of encode_text
    // those of hires. fix, of the refiner, of enlarging, of tiles of pixels, of edges and of the model's parts decide what nodes there are
    const shaping: readonly string[] = ['hires', 'refiner', 'enlarge', 'redraw', 'parts', 'edges'];
    const others = (Object.keys(FIELDS) as FieldId[]).filter((id) => !shaping.includes(fieldOf(id).group));
    expect(others.filter((id) => !read.has(id) && !texts.includes(id))).toEqual([]);
  });

  it('is sound, and the same after JSON, of 500 random recipes', () => {
    const dice = new Dice(7);
    for (let i = 0; i < 500; i++) {
      const { settings } = recipeSettings(randomRecipe(dice));
      const refiner = { model: 'other', isOtherFamily: { first: false, second: true } };
      const workflow = workflowOf({ ...request, ...settings }, [], { refiner });
      expect(workflowProblems(JSON.parse(JSON.stringify(workflow)))).toEqual([]);
    }
  });
});

describe('settingsOf', () => {
  it('fills in what is not said', () => {
    const sample = nodesOf().get('sample') as WorkflowNode;
    expect(settingsOf('sample', sample)).toMatchObject({
      sampler: 'euler',
      steps: 20,
      conventions: 'a1111',
      eta: undefined,
    });
  });
});

const sound = workflowOf(request);
const changed = (id: string, change: (node: WorkflowNode) => object): unknown => ({
  ...sound,
  nodes: sound.nodes.map((node) => (node.id === id ? { ...node, ...change(node) } : node)),
});

describe('readWorkflow', () => {
  it.each<[string, unknown, RegExp]>([
    ['nothing', null, /version and a list of nodes/],
    ['another version', { ...sound, version: 2 }, /version 2; this program reads 1/],
    ['no id', changed('sample', () => ({ id: '' })), /Node 5 of the workflow has no id/],
    ['an id twice', changed('negative', () => ({ id: 'positive' })), /"positive" is there twice/],
    ['an unknown operation', changed('keep', () => ({ operation: 'toString' })), /no operation "toString"/],
    ['an unknown setting', changed('keep', () => ({ settings: { steps: 3 } })), /keep has no setting "steps"/],
    [
      'a value out of range',
      changed('sample', () => ({ settings: { steps: 0 } })),
      /"sample": Steps must be from 1 to 150/,
    ],
    ['a wrong own setting', changed('positive', () => ({ settings: { text: 3 } })), /text must be text/],
    ['calls that are none', changed('positive', () => ({ settings: { calls: 1.5 } })), /calls must be a whole number/],
    [
      'a wire missing',
      changed('decode', ({ inputs }) => ({ inputs: { model: inputs['model'] } })),
      /input "latent" is not wired/,
    ],
    [
      'a strange wire',
      changed('keep', ({ inputs }) => ({ inputs: { ...inputs, mask: inputs['image'] } })),
      /no input "mask"/,
    ],
    [
      'a wire ahead',
      changed('empty', () => ({ inputs: { model: { node: 'sample', output: 'latent' } } })),
      /"sample", which is no node before it/,
    ],
    [
      'no such output',
      changed('keep', () => ({ inputs: { image: { node: 'decode', output: 'x' } } })),
      /output "x", which decode_latent has not/,
    ],
    [
      'another type',
      changed('keep', () => ({ inputs: { image: { node: 'sample', output: 'latent' } } })),
      /takes a image, not a latent/,
    ],
    ['nothing kept', { ...sound, nodes: sound.nodes.slice(0, -1) }, /keeps nothing/],
  ])('refuses %s', (_what, workflow, sentence) => {
    expect(() => readWorkflow(workflow)).toThrow(sentence);
  });

  it('takes what a recipe becomes', () => expect(readWorkflow(sound)).toBe(sound));
});

describe('nodeKey', () => {
  const keysOf = ({ nodes }: Workflow, revision = ''): Map<string, string> => {
    const keys = new Map<string, string>();
    for (const node of nodes) keys.set(node.id, nodeKey(node, keys, node.operation === 'load_model' ? revision : ''));
    return keys;
  };
  const differing = (a: Map<string, string>, b: Map<string, string>): string[] =>
    [...a.keys()].filter((id) => a.get(id) !== b.get(id));

  it('is another for what is changed and all that reads it', () => {
    const base = keysOf(sound);
    expect(differing(base, keysOf(workflowOf({ ...request, cfgScale: 8 })))).toEqual(['sample', 'decode', 'keep']);
    expect(differing(base, keysOf(workflowOf({ ...request, prompt: 'a dog' })))).toEqual([
      'positive',
      'sample',
      'decode',
      'keep',
    ]);
    expect(differing(base, keysOf(sound, 'imported again'))).toEqual(sound.nodes.map(({ id }) => id));
  });

  it('is another for another mask, and for another way to mask: model calls are not taken for each other’s', () => {
    const masked = { ...request, initImage: 'ab', initMask: 'cd' };
    const base = keysOf(workflowOf(masked));
    for (const change of [{ initMask: 'ef' }, { maskBlur: 5 }, { invertMask: true }, { maskMode: 'a1111' } as const])
      expect(differing(base, keysOf(workflowOf({ ...masked, ...change })))).toContain('sample');
  });

  it('does not ask how something is said', () => {
    const said = workflowOf({ ...request, clipSkip: 1, eta: undefined });
    expect(differing(keysOf(sound), keysOf(said))).toEqual([]);
  });
});

describe('one more operation', () => {
  it('is a line of the table', () => {
    const line = {
      inputs: { image: 'image' },
      settings: ['seed'],
      own: { level: { kind: 'count', default: 3 } },
      outputs: { image: 'image' },
    };
    Object.assign(OPERATIONS, { made_up: line });
    const id = 'made_up' as OperationId;
    const made: WorkflowNode = {
      id: 'new',
      operation: id,
      settings: { level: 4 },
      inputs: { image: { node: 'decode', output: 'image' } },
    };
    const keep: WorkflowNode = {
      id: 'k',
      operation: 'keep',
      settings: {},
      inputs: { image: { node: 'new', output: 'image' } },
    };
    const workflow = { ...sound, nodes: [...sound.nodes, made, keep] };
    expect(readWorkflow(workflow)).toBe(workflow);
    expect(settingsOf(id, made)).toEqual({ level: 4, seed: 0 });
    expect(operationOf(id).outputs).toEqual({ image: 'image' });
    const wrong = { ...workflow, nodes: [...sound.nodes, { ...made, settings: { level: -1 } }] };
    expect(workflowProblems(wrong)).toEqual(['Node "new": level must be a whole number.']);
    Reflect.deleteProperty(OPERATIONS, 'made_up');
  });
});
