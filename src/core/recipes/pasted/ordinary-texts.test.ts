/** Prompts whose words look like labels, chats, logs or pages: they stay as A1111 reads them. */
import { describe, expect, it } from 'vitest';
import { readTextRecipe } from '..';
import { parseInfotext } from '../../recipe/infotext';

const PAIRS = 'Steps: 18, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 5.5, Seed: 77, Size: 576x704';
const ENDS = ['', '\nTemplate: a {stone|wooden} bridge', '\nhave fun', '\nAnother line: of words'];
const messages = (text: string) =>
  readTextRecipe(text)
    .notes.map(({ message }) => message)
    .join('\n');

const LABELS = [
  'model\nin a dress\nsize',
  'a cat\nprompt: dog',
  'details\na cat',
  'a photo of a girl\nModel: Anna, red hair\nLora: none',
  'a castle\nResolution: 8k\nQuality: best',
  'a girl\nPositive: energy',
  '# Model\nA cat\n# Steps',
  'steps 3 | width 4 | height 5\nred | green | blue',
  '> hello',
  'size: large, seed: of a sunflower',
];
const CHATS = [
  '<sks> dog',
  '<cat-toy> on a table',
  '<mytoken> painting\n<mytoken> again',
  'Subject: a knight in armour\nStyle: oil painting',
  'Subject: a knight\nDate: 1400',
  'To: my love',
  'From: here\nto eternity',
  'On a hill, a man wrote:\na letter',
  'Le petit prince a écrit :\nune lettre',
  'ERROR: 404 poster',
  'LOG: a log cabin',
  'WARN - sign',
  'DEBUG | a bug',
  '[12:30] a clock',
  '[12:30] noon: a clock',
  'a clock  12:30\non a tower',
  'Style: oil\nParameters: 5 cats',
  "'a cat",
];
const LANGUAGES = [
  'donna, seme: girasole, larghezza: grande, altezza: alta',
  'Модель: красивая девушка\nРазмер: маленький\nСид: лес',
  '一个女孩，高度：很高，宽度：很宽，模型：塑料',
  '模型：穿红衣服的女孩，尺寸：巨大，种子：花',
  'Modell: eine Frau, Höhe: 180, Breite: 60',
];

describe.each([
  ['labels', LABELS],
  ['chats and logs', CHATS],
  ['other languages', LANGUAGES],
])('words as of %s', (_, prompts) => {
  it.each(prompts)('%j are a prompt’s', (prompt) => {
    // A1111 takes three colons for settings; the words are kept here.
    const { recipe } = parseInfotext(prompt);
    const isLost = recipe.prompt === '';
    expect(readTextRecipe(prompt).recipe).toEqual(isLost ? { prompt, negativePrompt: '' } : recipe);
    for (const negative of ['Negative prompt: mist\n', ''])
      for (const end of ENDS) {
        const text = `${prompt}\n${negative}${PAIRS}${end}`;
        for (const isFromPicture of [false, true])
          expect(readTextRecipe(text, { isFromPicture }).recipe, text).toEqual(parseInfotext(text).recipe);
        if (end === '\nhave fun')
          expect(messages(text)).toContain('What stands after the parameters is left out: "have fun"');
      }
  });
});

describe('words around a recipe', () => {
  const TEXT = `a stone bridge\nNegative prompt: mist\n${PAIRS}`;
  it.each([
    [`[12.11.26, 14:05:33] Alice: ${TEXT}`, '[12.11.26, 14:05:33] Alice:'],
    [`JohnDoe — Today at 14:05\n${TEXT}`, 'JohnDoe — Today at 14:05'],
    [`From: X\nSubject: y\n\n${TEXT}`, 'From: X Subject: y'],
    [`  Format: PNG\n  Properties:\n    parameters: ${TEXT}`, 'Format: PNG   Properties:'],
  ])('%j: what is left out is told', (text, words) => {
    expect(readTextRecipe(text).recipe.prompt).toBe('a stone bridge');
    expect(messages(text)).toContain(`What stands around the recipe is left out: "${words}".`);
  });

  it('are cut before the first label of a post where an empty line parts them, and told', () => {
    const post = `Here you go:\n\nPrompt: a stone bridge\nNegative: mist\n${PAIRS}`;
    expect(readTextRecipe(post).recipe).toMatchObject({ prompt: 'a stone bridge', negativePrompt: 'mist' });
    expect(messages(post)).toContain('Words before the prompt are left out: "Here you go:".');
    expect(readTextRecipe(post.replace('\n\n', '\n')).recipe.prompt).toMatch(/^Here you go:/);
  });

  it.each([
    ['a girl\nPositive: energy\nNegative: ions', 'a girl\nenergy'],
    ['positive vibes\nPrompt: cat\nNegative: dog', 'positive vibes\ncat'],
  ])('%j keep what stands before the label', (prompts, prompt) => {
    for (const isFromPicture of [false, true])
      expect(readTextRecipe(`${prompts}\n${PAIRS}`, { isFromPicture }).recipe.prompt).toBe(prompt);
  });

  it('are in the prompt where they are elements of HTML', () => {
    const text = `<p>a cat</p>\nNegative prompt: mist\n${PAIRS}`;
    expect(readTextRecipe(text).recipe).toEqual(parseInfotext(text).recipe);
  });

  it('stay in a prompt whose recipe is labelled in another language', () => {
    const text = `Prompt: donna, seme: girasole\nPrompt negativo: nebbia\nPassi: 18\nSeme: 77\nScala CFG: 5.5`;
    expect(readTextRecipe(text).recipe).toMatchObject({
      prompt: 'donna, seme: girasole',
      negativePrompt: 'nebbia',
      steps: 18,
      seed: 77,
    });
  });
});

describe('a page', () => {
  const FURNITURE =
    '<title>Image posted by bob</title></head><body><nav><a>Home</a></nav><h1>Image by bob</h1><div>12 likes</div>';
  const page = (body: string) => `<!DOCTYPE html><html><head>${FURNITURE}${body}</body></html>`;
  it.each([
    `<p data-x="a > b">a stone bridge<br>Negative prompt: mist<br>${PAIRS}</p>`,
    `<pre>a stone bridge\nNegative prompt: mist\n${PAIRS}</pre>`,
    `<h2>Prompt</h2><p>a stone bridge</p><h2>Negative prompt</h2><p>mist</p><p>${PAIRS}</p>`,
    `<script>İ İ</script><p title="İ">a stone bridge<br>Negative prompt: mist<br>${PAIRS}</p>`,
  ])('gives its recipe without what else is on it: %s', (body) => {
    const { prompt, negativePrompt, seed } = readTextRecipe(page(body)).recipe;
    expect({ prompt, negativePrompt, seed }).toEqual({ prompt: 'a stone bridge', negativePrompt: 'mist', seed: 77 });
  });

  it('whose prompt nothing tells from the words around it is a web page', () => {
    const body = page(`<div>a stone bridge</div><div>Negative prompt: mist</div><div>${PAIRS}</div>`);
    expect(readTextRecipe(body).recipe).toEqual({ prompt: '', negativePrompt: '' });
    expect(messages(body)).toMatch(/^This is a web page/);
  });
});
