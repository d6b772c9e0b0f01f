/** Prompts as people write them, which look a little like recipes: they belong where the caret is. */
import { describe, expect, it } from 'vitest';
import { readPastedText } from './read-incoming';

const PROMPTS = [
  // Colons
  'a cat: the movie poster',
  'style: watercolor, subject: a lighthouse, mood: calm',
  'Subject: an old fisherman\nStyle: oil painting\nMood: melancholic\nLighting: golden hour',
  'scene: forest\nprompt: "deer"\nmodel: "a fashion model"\nsize: "huge"',
  'prompt: a red fox in the snow',
  'Prompt: a red fox in the snow\nNegative: blurry',
  'model: a woman in a red dress, size: large hat',
  'three steps: wake up, make coffee, repeat',
  'the recipe in 3 steps: 1 cup of flour, 2 eggs: yes, sugar: some',
  'Time: 12:30, place: Paris, weather: rain',
  'a clock that shows 10:10, still life',
  'title: "Dune", year: 1984, director: David Lynch',
  'seed: a sprouting bean, macro photo',
  'size: tiny\nsampler: a wooden box of chocolates\nsteps: stone stairs to a temple',
  // Weights and tags
  '(masterpiece, best quality:1.2), 1girl, solo, (blue eyes:1.1)',
  'a cat <lora:ink:0.8>, <lora:detail (1):0.5>',
  '((old man)), [beard], (smile:0.7)',
  '[cat:dog:0.5] on a [red|blue] sofa',
  'a {red|green|blue} ball, {2$$stone|brick|wood}',
  'portrait AND landscape :1.2',
  'embedding:easynegative, a street at night',
  // Commas and lists
  'cat, dog, bird, fish, horse, cow',
  'prompt, steps, seed, model',
  'a cat\n- red collar\n- green eyes\n- long tail',
  '- a cat\n- a dog\n- a bird',
  '1. a castle\n2. a dragon\n3. a knight',
  'prompts: a cat\n- a dog',
  'prompt: a woman\n - with red hair\n - smiling\nsize: large\nmodel: fashion model\nstyle: photo',
  '* sunset\n* beach\n* palm trees',
  'portrait of\n  - a woman\n  - red hair',
  // Pipes
  'a cat | a dog | a prompt',
  '| a sign | on a wall |',
  'cyberpunk city | neon | rain | 8k',
  '|a|b|\n|c|d|',
  // Equals signs
  'E = mc² on a blackboard, chalk',
  'mood = calm, palette = pastel',
  'prompt = "the word"',
  'a prompt (for a cat) = "nice"',
  'x=1&y=2 written on a wall',
  // Dashes
  'black-and-white photo - 35mm film - grain',
  'a bridge --w 20 --n',
  'a robot — rusty — in the rain',
  '-- a line of dashes --',
  'low-poly, semi-realistic, close-up, wide-angle --',
  'a castle --ar 16:9 --v 6',
  'a -b and a -c on a keyboard',
  // Hashtags and comments
  '#anime #girl #portrait #art #digitalart #illustration #drawing #manga #cute #kawaii #blue #sky #sunset #sea',
  '# My title\na wide river',
  '// a note to myself\na wide river',
  '# a\n# b\n# c\na wide river',
  '/* old */ a wide river',
  '@artist, #1 fan',
  // Looks like code
  'f(prompt="x")',
  'print("hello world") on a green terminal',
  'for (let i = 0; i < 3; i++) on a T-shirt',
  'a screen showing {x: 1} and [1, 2, 3]',
  '"a quoted sentence", said the wolf',
  "'tis the season, snowman",
  '<b>bold</b> letters made of wood',
  'SELECT * FROM cats, neon sign',
  'C:\\windows\\ desktop wallpaper, hills',
  // Several lines, other scripts
  'a river\n\na mountain\n\na cloud',
  'first line,\nsecond line,\nthird line',
  '一只猫，坐在窗台上，阳光：温暖',
  'кошка: рыжая, пушистая',
  'photo of 3 cats, 20 steps up a stair, size 512x512 poster',
  'Negative space: white, a single tree',
];

describe('readPastedText', () => {
  it('has many prompts to try', () => expect(PROMPTS.length).toBeGreaterThanOrEqual(60));

  it.each(PROMPTS)('leaves %j to be words', (text) => {
    expect(readPastedText(text)).toBeUndefined();
  });
});
