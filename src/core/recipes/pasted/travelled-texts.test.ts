/** Infotexts as chats, logs, pages, tools and people of other languages hand them on; the texts are made up. */
import { describe, expect, it } from 'vitest';
import { SAID, SAID_WITHOUT_SIZE } from '../../recipe/infotext/testing/said';
import { readTextRecipe } from '..';

const PAIRS =
  'Steps: 18, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 5.5, Seed: 77, Size: 576x704, Model: orchard';
const TEXT = `a stone bridge\nNegative prompt: mist\n${PAIRS}`;
const each = (before: string) => TEXT.replace(/^/gm, before);
const VALUES = ['a stone bridge', 'mist', '18', 'DPM++ 2M Karras', '5.5', '77', '576x704'];
const labelled = (names: string, colon = ': ', between = '\n') =>
  names
    .split(', ')
    .map((name, i) => `${name}${colon}${VALUES[i]}`)
    .join(between);
const found = (text: string) => readTextRecipe(text);
const messages = (text: string) =>
  found(text)
    .notes.map(({ message }) => message)
    .join('\n');

describe('labels of other languages', () => {
  it.each([
    ['German', 'Prompt, Negativer Prompt, Schritte, Sampler, CFG-Skala, Seed, Größe'],
    ['French', 'Prompt, Prompt négatif, Étapes, Échantillonneur, Échelle CFG, Graine, Taille'],
    ['Spanish', 'Prompt, Prompt negativo, Pasos, Muestreador, Escala CFG, Semilla, Tamaño'],
    ['Portuguese', 'Prompt, Prompt negativo, Passos, Amostrador, Escala CFG, Semente, Tamanho'],
    ['Italian', 'Prompt, Prompt negativo, Passi, Campionatore, Scala CFG, Seme, Dimensione'],
    ['Polish', 'Prompt, Negatywny prompt, Kroki, Sampler, Skala CFG, Ziarno, Rozmiar'],
    ['Russian', 'Промпт, Негативный промпт, Шаги, Сэмплер, Шкала CFG, Сид, Размер'],
    ['Japanese', 'プロンプト, ネガティブプロンプト, ステップ数, サンプラー, CFGスケール, シード値, 画像サイズ'],
    ['Chinese', '正向提示词, 反向提示词, 迭代步数, 采样方法, 提示词引导系数, 随机种子, 尺寸'],
    ['Chinese of Taiwan', '正面提示詞, 負面提示詞, 步數, 取樣器, 提示詞強度, 種子, 尺寸'],
    ['Korean', '프롬프트, 부정 프롬프트, 스텝, 샘플러, CFG 스케일, 시드, 크기'],
  ])('%s', (_, names) => {
    for (const text of [
      labelled(names),
      labelled(names, ' : '),
      labelled(names, '：'),
      labelled(names, '\n'),
      labelled(names).replace(/\n(?!.*\n.*\n.*\n.*\n.*\n)(?=\S+.*(?:77|576|5\.5|DPM))/g, ', '),
    ])
      expect(found(text).recipe, text).toMatchObject(SAID);
  });

  it('are no labels where nothing beside them says settings', () => {
    for (const text of [
      'Größe: winzig, Modell: eine Frau im roten Kleid',
      'モデル: 赤い服の女性\n幅: 広い',
      '尺寸：巨大',
    ])
      expect(found(text).recipe).toEqual({ prompt: text, negativePrompt: '' });
  });
});

describe('what stands around', () => {
  it.each([
    ['a name and a time', `JohnDoe — Today at 14:05\n${TEXT}`],
    ['a name and a time of twelve hours', `alice  2:05 PM\n${TEXT}`],
    ['a name and a date in brackets', `Alice, [12 Nov 2026 at 14:05:33]:\n${TEXT}`],
    ['a date and a name before the text', `[12.11.26, 14:05:33] Alice: ${TEXT}`],
    ['a date and a name with a dash', `12/11/2026, 14:05 - Alice: ${TEXT}`],
    ['a nick before each line', each('<alice> ')],
    ['a time and a nick before each line', each('14:05 <@alice> ')],
    ['a level of a log', each('[2026-11-12 14:05:33] INFO - ')],
    ['a level of Python’s log', each('2026-11-12 14:05:33,120 - INFO - ')],
    ['a level and the text’s name', `2026-11-12 14:05:33 INFO infotext: ${TEXT}`],
    ['a level alone', each('INFO: ')],
    ['times in brackets', each('[14:05:33] ')],
    ['a mail that was answered twice', `On Mon, 3 Nov 2026, X wrote:\n${each('>> ')}`],
    ['a mail with words below', `${each('> ').replace('CFG scale', 'CFG\n> scale')}\n\nNice one!`],
    ['the head of a forwarded mail', `-------- Original Message --------\nFrom: X\nSubject: y\n\n${TEXT}`],
    ['a picture of Markdown', `![a bridge](https://example.org/a.png)\n\n${TEXT}`],
    [
      'what exiftool prints',
      `File Name                       : a.png\nImage Width                     : 576\nParameters                      : ${TEXT.replaceAll('\n', '.')}\nImage Size                      : 576x704`,
    ],
    [
      'what ImageMagick prints',
      `Image: a.png\n  Format: PNG\n  Properties:\n    parameters: ${TEXT}\n    Filesize: 500KB`,
    ],
    ['a chunk’s type', `tEXt: parameters\0${TEXT}`],
    ['a chunk’s bytes', `tEXtparameters\n${TEXT}\n`],
    ['a literal of Python', `'${TEXT.replaceAll('\n', '\\n')}'`],
    ['a block of YAML', `parameters: |\n${each('  ')}`],
    ['an address', encodeURIComponent(TEXT)],
    ['a preformatted element', `<pre><code>${TEXT}</code></pre>`],
    ['a field of a form', `<textarea rows="3">${TEXT}</textarea>`],
    ['the description of a picture', `<img src="a.png" alt="${TEXT.replaceAll('\n', '&#10;')}">`],
    [
      'a page',
      `<!DOCTYPE html><html><head><style>a{}</style></head><body><p>${TEXT.replaceAll('\n', '<br>')}</p></body></html>`,
    ],
    ['exiftool’s JSON', JSON.stringify([{ SourceFile: 'a.png', Parameters: TEXT, ImageWidth: 576 }])],
    ['exiftool’s JSON by groups', JSON.stringify([{ SourceFile: 'a.png', PNG: { Parameters: TEXT } }])],
    ['the negative prompt first', `Negative prompt: mist\nPrompt: a stone bridge\n${PAIRS}`],
    ['the settings first', `${PAIRS}\nPrompt: a stone bridge\nNegative prompt: mist`],
  ])('%s', (_, text) => {
    expect(found(text).recipe).toMatchObject({ ...SAID, model: 'orchard' });
    expect(found(text).recipe.prompt).toBe(SAID.prompt);
  });

  it('is the prompt’s where it is not of a chat', () => {
    for (const prompt of [
      'a clock: 10:10',
      'alice: a portrait',
      '[red] bridge',
      'INFO desk, airport',
      'Rome 12:30',
      '12:30 in Rome: a girl',
    ])
      expect(found(`${prompt}\nNegative prompt: mist\n${PAIRS}`).recipe.prompt).toBe(prompt);
  });
});

describe('shapes of posts', () => {
  const names = 'Prompt, Negative prompt, Steps, Sampler, CFG scale, Seed, Size';
  const rows = names.split(', ').map((name, i) => [name, VALUES[i]]);
  it.each([
    [
      'headings of Markdown',
      `## Prompt\na stone bridge\n\n## Negative prompt\nmist\n\n## Settings\n${labelled(names)
        .split('\n')
        .slice(2)
        .map((line) => `- ${line}`)
        .join('\n')}`,
    ],
    [
      'fences below bold words',
      `**Prompt**\n\`\`\`\na stone bridge\n\`\`\`\n**Negative prompt**\n\`\`\`\nmist\n\`\`\`\n**Settings**\n\`\`\`\n${PAIRS}\n\`\`\``,
    ],
    [
      'words before labels',
      `Here you go:\n\nPrompt: *a stone bridge*\n\nNegative: *mist*\n\n${PAIRS.replaceAll(', ', ' | ')}`,
    ],
    ['dots', 'Prompt: a stone bridge\nNegative: mist\nSteps 18 · Sampler DPM++ 2M Karras · CFG 5.5 · Seed 77'],
    ['slashes', TEXT.replace(PAIRS, PAIRS.replaceAll(', ', ' / '))],
    [
      'a table of Markdown without edges',
      `Setting | Value\n--- | ---\n${rows.map((row) => row.join(' | ')).join('\n')}`,
    ],
    [
      'a table with its head',
      `| Setting | Value |\n|---|---|\n${rows.map((row) => `| ${row.join(' | ')} |`).join('\n')}`,
    ],
    ['a drawn table', `+---+---+\n${rows.map((row) => `| ${row.join(' | ')} |`).join('\n')}\n+---+---+`],
    ['a table drawn with lines', `┌───┬───┐\n${rows.map((row) => `│ ${row.join(' │ ')} │`).join('\n')}\n└───┴───┘`],
    ['a list of definitions', `<dl>${rows.map(([name, value]) => `<dt>${name}</dt><dd>${value}</dd>`).join('')}</dl>`],
    [
      'what stands above a page of Markdown',
      `---\ntitle: x\nprompt: "a stone bridge"\nnegative_prompt: "mist"\nsteps: 18\nsampler: "DPM++ 2M Karras"\ncfg: 5.5\nseed: 77\n---\n\nWords.`,
    ],
    [
      'A1111’s log.csv',
      'prompt,seed,width,height,sampler,cfgs,steps,filename,negative_prompt\na stone bridge,77,576,704,DPM++ 2M Karras,5.5,18,a.png,mist',
    ],
  ])('%s', (_, text) => {
    expect(found(text).recipe).toMatchObject(SAID_WITHOUT_SIZE);
  });

  it('with several recipes give the first, and say so', () => {
    const second = TEXT.replace('bridge', 'tower').replace('77', '78');
    expect(found(`${TEXT}\n\n${second}`).recipe).toMatchObject(SAID);
    expect(messages(`${TEXT}\n\n${second}`)).toMatch(/There are 2 recipes in this text: the first is taken/);
  });
});
