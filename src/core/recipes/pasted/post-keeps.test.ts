/** What the reader of posts must not lose: words of prompts that look like its labels, and values that look like several. */
import { describe, expect, it } from 'vitest';
import { readTextRecipe } from '..';
import { readPost } from './post';
import { itemOf } from './post-lines';
import { parseInfotext } from '../../recipe/infotext';
import written from '../../recipe/infotext/fixtures/written.json' with { type: 'json' };

const PAIRS = 'Steps: 18, Sampler: Euler a, CFG scale: 5.5, Seed: 77, Size: 576x704';

const LINES = PAIRS.replaceAll(', ', '\n');
const TEXT = `Prompt: a cat\nNegative prompt: mist`;
/** What the reader of posts itself says, and what is taken in the end. */
const both = (text: string) => [readPost(text)?.recipe, readTextRecipe(text).recipe];

describe('a post', () => {
  it('around a text of A1111 loses no setting of it', () => {
    expect(written.texts.length).toBeGreaterThan(100);
    for (const text of written.texts) {
      const { recipe } = parseInfotext(text);
      for (const found of both(`Check my picture!\n\nPrompt: ${text}\n\nThanks`))
        expect({ ...found, prompt: '' }, text).toEqual({ ...recipe, prompt: '' });
    }
  });

  it('has settings of the second pass in a line before the others', () => {
    const hires = 'Hires upscale: 1.5, Hires steps: 9, Hires CFG scale: 4';
    const { recipe: found } = readPost(`Look!\n\n${TEXT}\n${hires}\n${PAIRS}`) ?? {};
    expect(found).toMatchObject({ steps: 18, cfgScale: 5.5, hires: { upscale: 1.5, steps: 9, cfgScale: 4 } });
    const apart = 'Seed: 5 Hires steps: 10 CFG scale: 7';
    expect(readPost(`${TEXT}\n${apart}`)?.recipe).toMatchObject({ seed: 5, cfgScale: 7, hires: { steps: 10 } });
  });

  it.each(['epiCRealism - Natural Sin', 'Juggernaut XL | v9', 'juggernaut · XL'])('keeps the name %j', (model) => {
    for (const found of both(`${TEXT}\n${LINES}\nModel: ${model}\nVAE: vae - ft - mse\nHires prompt: a dog | small`))
      expect(found).toMatchObject({ model, vae: 'vae - ft - mse', hires: { prompt: 'a dog | small' }, seed: 77 });
  });

  it('keeps values in quotes and lists whole', () => {
    const control = 'Module: canny, Model: x [abc], Weight: 1.0';
    for (const found of both(`${TEXT}\n${LINES}\nControlNet 0: "${control}"`)) {
      expect(found?.unknown).toEqual({ 'ControlNet 0': control });
      expect(found?.model).toBeUndefined();
    }
    const list = '[{"modelName":"Pony - V6 | Seed: 9","modelVersionName":"a · Size: 3x3"}]';
    const text = `Look!\n\n${TEXT}\n${PAIRS}, Civitai resources: ${list}\n\nThanks`;
    expect(readPost(text)?.recipe).toMatchObject({ seed: 77, unknown: { 'Civitai resources': list } });
  });

  it.each(['Seed: pumpkin', '1. Model: Anna\n2. Size: tall', 'Eta: beta, style: x, seed: y'])(
    'has numbers where words of its prompt look like settings: %j',
    (words) => {
      for (const found of both(`Prompt: a cat\n${words}\nNegative prompt: mist\n${LINES}`))
        expect(found).toMatchObject({ steps: 18, seed: 77, width: 576, height: 704, negativePrompt: 'mist' });
    },
  );

  it.each([
    ...['**masterpiece**', '---', '***', '===', '## sky', '# comment', '| a | b |', '```', 'Image 2'],
    'url: https://x.y',
  ])('keeps %j inside of a prompt', (line) => {
    const words = `a girl\n${line}\nred hair`;
    for (const pairs of [PAIRS, LINES])
      for (const found of [
        ...both(`Prompt: ${words}\nNegative prompt: mist\n${pairs}`),
        ...both(`Prompt: a girl\nNegative prompt: ${words}\n${pairs}`),
      ])
        expect([found?.prompt, found?.negativePrompt]).toContain(words);
  });

  it('with two pairs of prompts loses none without a word', () => {
    const text = `Positive: a cat\nNegative: mist\nPositive: a dog\nNegative: bad`;
    expect(readPost(text)).toMatchObject({ isMixed: true, recipe: { prompt: 'a cat', negativePrompt: 'mist' } });
    const { recipe, notes } = readTextRecipe(text);
    expect([recipe.prompt, recipe.negativePrompt, ...notes.map(({ message }) => message)].join('\n')).toMatch(
      /a dog|several recipes/,
    );
  });

  it.each([
    ...[
      '- Prompt: x',
      '1. Prompt: hello',
      '> prompt: x',
      '## Prompt',
      'Prompt used: z',
      '**Prompt:** q',
      '\n- Prompt: x',
    ],
  ])('keeps the words before %j where A1111 reads it', (line) => {
    for (const text of [
      `a cat\n${line}\nNegative prompt: mist\n${PAIRS}`,
      `a cat\nNegative prompt: mist\n${line}\n${PAIRS}`,
    ]) {
      expect(readPost(text, { isSound: true })?.recipe.prompt ?? 'a cat').toMatch(/^a cat/);
      expect(readTextRecipe(text).recipe).toEqual(parseInfotext(text).recipe);
    }
  });

  it('has no second prompt behind its settings', () => {
    const text = `a cat\nNegative prompt: mist\n${PAIRS}\n\nPrompt: me!`;
    for (const found of both(text)) expect(found).toMatchObject({ prompt: 'a cat', negativePrompt: 'mist', seed: 77 });
  });

  it('has one number alone in the words of a prompt', () => {
    const text = `${TEXT}\nSize: 3 heads\nblurry`;
    expect(readTextRecipe(text).recipe.negativePrompt).toBe('mist\nSize: 3 heads\nblurry');
  });

  it('keeps the paragraphs of its last prompt', () => {
    for (const found of both('Negative prompt: mist\nPrompt: a cat\n\non a mat'))
      expect(found).toEqual({ prompt: 'a cat\n\non a mat', negativePrompt: 'mist' });
  });

  it('has fences that begin on the lines of their labels', () => {
    const text = `Prompt: \`\`\`\na cat\n\`\`\`\nNegative prompt: \`\`\`\nmist\n\`\`\`\n${PAIRS}`;
    expect(readPost(text)?.recipe).toMatchObject({ prompt: 'a cat', negativePrompt: 'mist', seed: 77 });
  });

  it.each([
    '1. Write what you see.\n2. Negative prompts: what you do not want.\n3. Steps: 20 or 30 are enough\n4. CFG scale: 7\n5. Seed: any',
    'Dear all,\nnegative: I failed.\npositive: I learned.\nBye',
  ])('is none in %j', (text) => {
    expect(readTextRecipe(text).recipe).toEqual({ prompt: text, negativePrompt: '' });
  });

  it('has the first word of its second pass as the upscaler', () => {
    for (const found of both(`${TEXT}\n${LINES}\nHires. fix: 4x-UltraSharp, 15 steps`))
      expect(found).toMatchObject({ hires: { upscaler: '4x-UltraSharp' }, seed: 77 });
  });

  it('tells remarks behind names', () => {
    expect(readPost(`${TEXT}\n${LINES}\nModel: foo // bar`)).toMatchObject({ recipe: { model: 'foo' }, rest: 'bar' });
    expect(readTextRecipe(`${TEXT}\n${LINES}\nModel: foo // bar`).recipe.model).toBe('foo // bar');
  });

  it('keeps what opens settings where it stands inside of a prompt', () => {
    const text = `Prompt: a girl\nDetails:\nred hair\nNegative prompt: mist\n${LINES}`;
    expect(readPost(text)?.recipe.prompt).toBe('a girl\nDetails:\nred hair');
  });

  it('keeps single marks around a prompt', () => {
    for (const prompt of ['__animal__', '*a cat*', '_x_'])
      expect(readPost(`Prompt: ${prompt}\nNegative: mist\n${PAIRS}`)?.recipe.prompt).toBe(prompt);
    expect(readPost(`Prompt: **a cat**\nNegative: \`mist\`\n${PAIRS}`)?.recipe).toMatchObject({
      prompt: 'a cat',
      negativePrompt: 'mist',
    });
  });

  it('has escapes of HTML undone, and a picture has not', () => {
    const text = `a sign <p>R&amp;D &lt;lora:x:1&gt;</p>\nNegative prompt: y`;
    const { recipe } = readTextRecipe(text, { isFromPicture: true });
    expect(recipe.prompt).toContain('R&amp;D &lt;lora:x:1&gt;');
  });

  it('has lines of tables, long ones, too', () => {
    for (const line of ['|---|:--:|', '|', '--|--', '| + |']) expect(itemOf(line).kind).toBe('border');
    for (const line of ['|:-+ '.repeat(19_000) + 'x', '- + -', ': | x']) expect(itemOf(line).kind).toBe('words');
  });
});
