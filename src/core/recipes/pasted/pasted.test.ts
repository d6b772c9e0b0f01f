/** Infotexts after messengers, pages, mails and people have been at them. */
import { describe, expect, it } from 'vitest';
import { readTextRecipe } from '..';
import { parseInfotext } from '../../recipe/infotext';
import read from '../../recipe/infotext/fixtures/read.json' with { type: 'json' };
import written from '../../recipe/infotext/fixtures/written.json' with { type: 'json' };
import { SAID } from '../../recipe/infotext/testing/said';

const PAIRS =
  'Steps: 18, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 5.5, Seed: 77, Size: 576x704, Model: orchard';
const TEXT = `a stone bridge\nNegative prompt: mist\n${PAIRS}`;
const LINES = PAIRS.replaceAll(', ', '\n');
const messages = (text: string) => readTextRecipe(text).notes.map(({ message }) => message);

describe('readTextRecipe of a text that travelled', () => {
  it.each<[string, string]>([
    ['spaces that do not break', TEXT.replaceAll(' ', '\u00a0').replace('a\u00a0stone\u00a0b', 'a stone b')],
    ['marks of direction', TEXT.replace(/^/gm, '\u200e').replace(/$/gm, '\u200f')],
    ['spaces of no width', TEXT.replace('Negative', '\u200bNegative').replace('Steps', '\u200bSteps')],
    ['a mark of byte order inside', TEXT.replace('Negative', '\ufeffNegative')],
    ['lines of a mail', TEXT.replace(/^/gm, '> ')],
    ['lines of a mail that was answered twice', TEXT.replace(/^/gm, '> > ')],
    ['a fence', `\`\`\`\n${TEXT}\n\`\`\``],
    ['a fence inside a post', `How I made it:\n\`\`\`text\n${TEXT}\n\`\`\`\nHave fun!`],
    [
      'bold labels',
      TEXT.replace('a stone', '**Prompt:** a stone').replace(/(Negative prompt|Steps|Seed):/g, '**$1:**'),
    ],
    [
      'bold labels, a line each',
      `**Prompt**: a stone bridge\n**Negative prompt**: mist\n${LINES.replace(/^([^:]+):/gm, '**$1**:')}`,
    ],
    ['paragraphs of HTML', `<p>${TEXT.replaceAll('\n', '</p><p>')}</p>`],
    [
      'spans of HTML',
      `<div><span class="label">Prompt:</span> a stone bridge<br/>Negative prompt: mist<br/>${PAIRS}</div>`,
    ],
    ['equals signs', TEXT.replace(PAIRS, PAIRS.replaceAll(': ', '='))],
    ['wide colons and commas', TEXT.replaceAll(': ', '： ').replaceAll(', ', '， ')],
    ['no spaces', TEXT.replaceAll(': ', ':').replaceAll(', ', ',')],
    ['tabs, as tables are copied', `Prompt\ta stone bridge\nNegative prompt\tmist\n${LINES.replaceAll(': ', '\t')}`],
    ['a list', `- Prompt: a stone bridge\n- Negative prompt: mist\n${LINES.replace(/^/gm, '- ')}`],
    [
      'a list with pictures',
      `🎨 Prompt: a stone bridge\n🚫 Negative prompt: mist\n⚙️ ${PAIRS.replaceAll(', ', ' | ')}`,
    ],
    ['labels over their values', `Prompt\na stone bridge\nNegative prompt\nmist\n${LINES.replaceAll(': ', '\n')}`],
    [
      'a page of Civitai',
      `Generation data\nCopy all\nPrompt\na stone bridge\nShow more\nNegative prompt\nmist\nOther metadata\n${LINES}`,
    ],
    ['a page whose boxes ran together', `Prompt\na stone bridge\nNegative prompt\nmist\n${PAIRS.replaceAll(', ', '')}`],
    [
      'capitals',
      `PROMPT\na stone bridge\nNEGATIVE PROMPT\nmist\n${LINES.replace(/^[^:]+:/gm, (key) => key.toUpperCase())}`,
    ],
    ['other words for the prompts', `Positive: a stone bridge\nNegative: mist\n${PAIRS}`],
    ['words of other languages', `正向提示词: a stone bridge\n反向提示词: mist\n${PAIRS}`],
    ['the negative prompt last', `a stone bridge\n${PAIRS}\nNegative prompt: mist`],
    ['a line broken in a key', TEXT.replace('CFG scale', 'CFG\nscale')],
    ['a line broken in a value', TEXT.replace('DPM++ 2M', 'DPM++\n2M')],
    [
      'a settings file',
      `prompt: a stone bridge\nnegative_prompt: mist\nsteps: 18\nsampler: dpmpp_2m\nscheduler: karras\ncfg_scale: 5.5\nseed: 77\nwidth: 576\nheight: 704\nmodel: orchard`,
    ],
  ])('%s', (_, text) => {
    expect(readTextRecipe(text).recipe).toMatchObject(SAID);
  });

  it('reads decimal commas, quotes of printers and escapes of HTML', () => {
    expect(readTextRecipe(TEXT.replace('5.5', '5,5')).recipe.cfgScale).toBe(5.5);
    expect(messages(TEXT.replace('5.5', '5,5'))).toEqual([expect.stringContaining('comma')]);
    const quoted = readTextRecipe(`${TEXT}, Lora hashes: “ink: 0123456789ab”`).recipe;
    expect(quoted.loraHashes).toEqual({ ink: '0123456789ab' });
    const escaped = TEXT.replace('stone', '&lt;lora:ink:1&gt; &amp; &quot;old&quot; &#39;');
    expect(readTextRecipe(escaped).recipe.prompt).toBe('a <lora:ink:1> & "old" \' bridge');
    expect(messages(escaped)).toEqual([expect.stringContaining('HTML')]);
    expect(readTextRecipe(escaped, { isFromPicture: true }).recipe.prompt).toContain('&lt;lora');
  });

  it.each([
    `a cat &amp; <b> dog\n${PAIRS}`,
    `1 > 0\n${PAIRS}`,
    `a **bold** cat, Positive: yes\n${PAIRS}`,
    `Negative: one alone\n${PAIRS}`,
    `Prompt\nSeed: 5, Hires upscale: 2\n${PAIRS}`,
    `a=b, steps=3, seed=4\n${PAIRS}`,
  ])('leaves %j as A1111 reads it', (text) => {
    expect(readTextRecipe(text).recipe).toEqual(parseInfotext(text).recipe);
  });

  it('leaves every text of A1111 as it is', () => {
    for (const text of [...read.cases.map((one) => one.text), ...written.texts]) {
      const found = readTextRecipe(text);
      if (found.form === 'infotext' && parseInfotext(text).recipe.steps !== undefined)
        expect(found.recipe, text).toEqual(parseInfotext(text).recipe);
    }
  });

  it('says that a line may have been meant for the negative prompt', () => {
    expect(messages(`a cat\nNegative: dogs\n${PAIRS}`)).toEqual([expect.stringContaining('stays in the prompt')]);
  });
});

describe('readTextRecipe of a description of Midjourney', () => {
  it.each([
    ['a stone bridge --ar 3:2 --v 6.1 --seed 77', ''],
    ['/imagine prompt: a stone bridge --no mist, crowds --stylize 250 --tile', 'mist, crowds'],
    ['**a stone bridge --ar 3:2 --niji 6** - @someone (fast)', ''],
    ['a stone bridge —ar 2:3 —style raw —v 7 Job ID: 01234567-89ab-cdef-0123-456789abcdef', ''],
  ])('%s', (text, negativePrompt) => {
    const { recipe, notes } = readTextRecipe(text);
    expect(recipe).toEqual({ prompt: 'a stone bridge', negativePrompt });
    expect(notes[0].message).toMatch(/^Settings of Midjourney mean nothing here and are left out: --/);
  });

  it('leaves words with dashes alone', () => {
    for (const text of ['a cat -- no dogs', 'well--no', 'a --v-neck shirt'])
      expect(readTextRecipe(text).recipe.prompt).toBe(text);
  });
});
