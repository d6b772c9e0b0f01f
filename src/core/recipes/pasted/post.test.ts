/** Posts and READMEs: the parts of a recipe among headings, lists, tables, fences and sentences. */
import { describe, expect, it } from 'vitest';
import { readTextRecipe } from '..';
import { parseInfotext } from '../../recipe/infotext';
import { SAID } from '../../recipe/infotext/testing/said';

const PAIRS = 'Steps: 18, Sampler: DPM++ 2M Karras, CFG scale: 5.5, Seed: 77, Size: 576x704';
const TEXT = `a stone bridge\nNegative prompt: mist\n${PAIRS}`;
const LABELLED = `Prompt: a stone bridge\nNegative: mist`;
const LINES = PAIRS.replaceAll(', ', '\n');
const BARS = PAIRS.replaceAll(', ', ' | ');
const found = (text: string) => readTextRecipe(text);
const messages = (text: string) =>
  found(text)
    .notes.map(({ message }) => message)
    .join('\n');

describe('a post', () => {
  it.each<[string, string]>([
    ['words before the prompt', `I tried this:\n\nPrompt: ${TEXT}`],
    ['words before a heading', `### What happened\n\nIt is green.\n\n### Prompt\n\n${TEXT}\n\n### Version\n\nmain`],
    ['a line before a label that no prompt has', `Now run this:\nPositive prompt: ${TEXT}\n\nIt looks so:`],
    ['settings first', `Settings:\n${LINES.replace(/^/gm, '- ')}\n\n\`\`\`\n${LABELLED}\n\`\`\``],
    ['a numbered list', `1. ${LABELLED.replace('\n', '\n2. ')}\n${LINES.replace(/^(.*)$/gm, '3. $1,')}`],
    ['bars and a size without its name', `${LABELLED}\n${BARS.replace('Size: ', '')}`],
    ['capitals', `POSITIVE: a stone bridge\nNEGATIVE: mist\n${BARS.replace('Size', 'RES').toUpperCase()}`],
    ['several settings in a list', `- ${LABELLED.replace('\n', '\n- ')}\n- ${PAIRS}`],
    ['a label before the settings', `${LABELLED}\nParameters: ${PAIRS}`],
    ['a heading before the settings', `${LABELLED}\n\nSuggested settings:\n${BARS}`],
    ['settings without colons', `${LABELLED}\nSettings: ${PAIRS.replaceAll(':', '')}`],
    [
      'code for values',
      `\`a stone bridge\`\n\nNegative prompt: \`mist\`\n${LINES.replace(/: (.*)$/gm, ': `$1`').replace('x704', '×704')}`,
    ],
    ['remarks', `${LABELLED}\n${LINES.replace(/(?<=: .*)$/gm, '  # as usual')}`],
    ['more about the numbers', `${LABELLED}\n${LINES.replace('18', '18 (enough)').replace('704', '704 (portrait)')}`],
    ['breaks of HTML', `${LABELLED}\n${LINES}`.replaceAll('\n', '</br>\n')],
    ['a label that is misspelt', `Prompt: a stone bridge\nNegtive propmt: mist\n${LINES}`],
    ['quotes of values', `Prompt:\n\n> a stone bridge\n\nNegative prompt:\n\n> mist\n\nSettings:\n\n${LINES}`],
    [
      'a table beside headings',
      `| Name | Value |\n|---|---|\n${LINES.replace(/^(.*): (.*)$/gm, '| $1 | $2 |')}\n\n#### Prompt\n\`\`\`text\na stone bridge\n\`\`\`\n\n#### Negative prompt\nmist`,
    ],
    [
      'headings in another language',
      `### 프롬프트\n\`\`\`\na stone bridge\n\`\`\`\n\n### 네거티브 프롬프트\nmist\n\n## 설정\n${LINES}`,
    ],
    ['a bot', `✏️ Prompt: a stone bridge\n🚫 Negative: mist\n📐 ${BARS.replaceAll('| ', '| 🎲 ')}\n⏱ 12 s`],
    [
      'a fence further in',
      `- [A model](https://example.org/a)\n\n  \`\`\`\n${TEXT.replace(/^/gm, '  ')}\n  \`\`\`\n\n  Nice.`,
    ],
    ['lines of a quote before the answer', `${TEXT.replace(/^/gm, '> ')}\n\nWhich model?`],
    ['the prompts last', `${PAIRS}, Prompt: a stone bridge, Negative prompt: mist`],
  ])('with %s is read', (_, text) => {
    expect(found(text).recipe).toMatchObject(SAID);
  });

  it('has its second pass on a line of its own, and its steps stay', () => {
    const text = `${LABELLED}\n${BARS}\n\nHires.fix: R-ESRGAN 4x+ | Steps: 10 | Denoising: 0.45 | Upscale x 2`;
    expect(found(text).recipe).toMatchObject({
      ...SAID,
      denoisingStrength: 0.45,
      hires: { steps: 10, upscale: 2, upscaler: 'R-ESRGAN 4x+' },
    });
  });

  it('tells what of it is left out', () => {
    expect(messages(`I tried this:\n\nPrompt: ${TEXT}`)).toBe('Words before the prompt are left out: "I tried this:".');
    expect(messages(`${LABELLED}\n${LINES}\n\nThanks!`)).toContain('"Thanks!"');
    expect(messages(`${LABELLED}\n${LINES.replace('Karras', 'Karras or Euler a')}`)).toContain('Euler a');
  });

  it('that has settings alone has no prompt', () => {
    const rows = LINES.replace(/^(.*): (.*)$/gm, '| $1 | $2 |');
    const table = `### Settings\n\n| Name | Value |\n|---|---|\n${rows}`;
    expect(found(table).recipe).toMatchObject({ ...SAID, prompt: '', negativePrompt: '' });
    const service = `URL: http://localhost:8188\n${LINES.replace(/$/gm, '  # x')}\nNegative prompt: mist`;
    expect(found(service).recipe).toMatchObject({ ...SAID, prompt: '' });
  });
});

describe('what looks like a post', () => {
  it.each([
    `a cat\nprompt: dog\nNegative prompt: mist\n${PAIRS}`,
    `a cat\nNegative: dogs\n${PAIRS}`,
    `Prompt\nSeed: 5, Hires upscale: 2\n${PAIRS}`,
    `a photo of a girl\nModel: Anna, red hair\n${PAIRS}`,
    `# a comment\na cat\n- Steps: 3\n${PAIRS}`,
    'a list:\n1. Steps: up to the tower\n2. Seed: of a sunflower\n3. Size: huge',
    'Prompt: a cat, Model: of clay',
  ])('and is none stays as it is: %j', (text) => {
    expect(found(text).recipe).toEqual(parseInfotext(text).recipe);
  });

  it('is as written where it is of a picture', () => {
    const text = `I tried this:\n\nPrompt: ${TEXT}`;
    expect(readTextRecipe(text, { isFromPicture: true }).recipe.prompt).toBe(parseInfotext(text).recipe.prompt);
  });
});
