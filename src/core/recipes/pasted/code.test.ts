/** Scripts that paint: the first of several pictures is read, and names of files are no prompts. */
import { describe, expect, it } from 'vitest';
import { readTextRecipe } from '..';

const messages = (text: string): string =>
  readTextRecipe(text)
    .notes.map(({ message }) => message)
    .join('\n');

const LOADS = `pipe = DiffusionPipeline.from_pretrained("some/orchard", torch_dtype=torch.float16)
pipe.load_lora_weights("some/ink", weight_name="ink.safetensors")
`;
const FIRST =
  'a = pipe("a stone bridge", num_inference_steps=18, guidance_scale=5.5, generator=torch.manual_seed(77))\n';
const SECOND = 'b = pipe("a mill", negative_prompt="rain", num_inference_steps=9, generator=torch.manual_seed(8))\n';
const SAID = { prompt: 'a stone bridge', negativePrompt: '', steps: 18, cfgScale: 5.5, seed: 77 };

describe('scripts', () => {
  it('a name of a model before other arguments is no prompt', () => {
    expect(readTextRecipe(LOADS + FIRST).recipe).toMatchObject({ ...SAID, model: 'some/orchard' });
  });

  it('what a second call says is not mixed into the first', () => {
    expect(readTextRecipe(FIRST + SECOND).recipe).toMatchObject(SAID);
    expect(messages(FIRST + SECOND)).toContain('the first is taken');
    expect(messages(FIRST)).toBe('');
  });

  it('takes the first of a list, and texts on several lines as one', () => {
    const list = `prompts = [\n  "a stone bridge",\n  "a mill",\n]\nfor p in prompts:\n  pipe(p, num_inference_steps=18, guidance_scale=5.5)`;
    expect(readTextRecipe(list).recipe).toMatchObject({ prompt: 'a stone bridge', steps: 18 });
    expect(messages(list)).toContain('the first is taken');
    const parted = `pipe(\n  "a stone "\n  "bridge",\n  num_inference_steps=18, guidance_scale=5.5)`;
    expect(readTextRecipe(parted).recipe).toMatchObject({ prompt: 'a stone bridge', steps: 18, cfgScale: 5.5 });
  });

  it.each([
    'var r = new TextToImage { Prompt = "a stone bridge", Steps = 18, CfgScale = 5.5, Seed = 77, Width = 576 };',
    'return { prompt = "a stone bridge", steps = 18, cfg_scale = 5.5, seed = 77 }',
    'Txt2Img { prompt: Some("a stone bridge"), steps: Some(18), cfg_scale: Some(5.5), seed: Some(77) }',
  ])('objects of other languages: %s', (text) => expect(readTextRecipe(text).recipe).toMatchObject(SAID));

  it('reads the cells of a notebook', () => {
    const cells = [
      { cell_type: 'markdown', source: ['# A bridge'] },
      { cell_type: 'code', source: LOADS.split('\n') },
      { cell_type: 'code', source: [FIRST] },
    ];
    expect(readTextRecipe(JSON.stringify({ cells, nbformat: 4 })).recipe).toMatchObject(SAID);
  });

  it.each(['image = pipe("a cat, " + x, num_inference_steps=30)', 'y = load(path, device="cpu")'])(
    'is no prompt: %s',
    (text) => {
      expect(readTextRecipe(text).recipe.prompt).toBe('');
      expect(messages(text)).toContain('program');
    },
  );

  it('arguments alone are settings', () => {
    const text = 'negative_prompt="mist", num_inference_steps=18, guidance_scale=5.5, width=576, height=704';
    expect(readTextRecipe(text).recipe).toMatchObject({ steps: 18, cfgScale: 5.5, width: 576, height: 704 });
  });

  it('stays in a prompt that has settings', () => {
    const text = `y = load(path, device="cpu")\nSteps: 18, Sampler: Euler a, CFG scale: 5.5, Seed: 77`;
    expect(readTextRecipe(text).recipe).toMatchObject({ prompt: 'y = load(path, device="cpu")', steps: 18 });
  });
});
