/** The reader with the words of the starter itself: prompts of strangers, and how they are drawn. */
import { describe, expect, it } from 'vitest';
import gesso from '../../../public/models/starter/gesso.json';
import names from '../../../public/models/starter/names.json';
import { createLanguages, createPlainReader, readNamesFile, readReaderFacts, sayReading } from '.';
import { isReadingNotice } from './say-reading';

const facts = readReaderFacts(gesso, 'gesso.json');
if (!facts) throw new Error('gesso.json has no reader');
const languages = createLanguages(readNamesFile(names, 'names.json'));
const reader = createPlainReader(facts, () => Promise.resolve(languages));

describe('what the model knows', () => {
  it.each([
    'a red apple',
    'A CAT',
    'cat.',
    '(kitten:1.2)',
    'a purple elephant and a red car',
    'a cat left of a dog',
    'a green frog on a yellow background',
    'small noto cat on a light blue background',
    'a black cat on a white background',
    'rainbow unicorn',
    '[cat|dog]',
    'slice of pizza',
    'three cats',
    'a (cat:1.3) wearing [a hat]',
    'a cat wearing a hat',
    'a moon above a house',
    'a rocket in space',
    'a red car on the left',
  ])('goes through as typed: %s', async (prompt) => {
    const reading = await reader.read(prompt);
    expect(reading).toMatchObject({ draws: prompt, isAsTyped: true, leftOut: [] });
    expect(sayReading(reading, 'X')).toBeUndefined();
  });

  it('says nothing of an empty prompt', async () => {
    for (const prompt of ['', '  ', '()', '<lora:x:1>'])
      expect(await reader.read(prompt)).toMatchObject({ draws: prompt, isAsTyped: true });
  });

  it('passes every name and every caption of the model', async () => {
    for (const [name] of facts.taught) expect(await reader.read(name)).toMatchObject({ isAsTyped: true });
    for (const subject of facts.subjects)
      for (const colour of ['red', 'light green'])
        expect(await reader.read(`${subject} on a ${colour} background`)).toMatchObject({ isAsTyped: true });
  });
});

describe('what people write', () => {
  it.each([
    ['a photo of a cat wearing a hat', 'a cat wearing a hat', ['photo']],
    ['a cat wearing a table', 'a cat', ['wearing', 'table']],
    ['a cat wearing a car', 'a cat and a car', ['wearing']],
    ['a man wearing a hat', 'a hat', ['man', 'wearing']],
    ['a photo of a cat', 'a cat', ['photo']],
    ['draw me a cat, please', 'a cat', []],
    ['cat, highly detailed, 4k, masterpiece', 'a cat', ['highly detailed', '4k', 'masterpiece']],
    ['cute puppy', 'a puppy', ['cute']],
    ['cats', 'two cats', []],
    ['three cats in the snow', 'three cats in the snow', []],
    ['3 red balloons', 'three red balloons', []],
    ['three cats and a dog', 'a cat and a dog', ['three']],
    ['a flock of birds', 'three birds', ['flock']],
    ['a bicyle', 'a bicycle', []],
    ['strawberies', 'two strawberries', []],
    ['an automobile and a lorry', 'an automobile and a lorry', []],
    ['a sparrow', 'a sparrow', []],
    ['a dragon breathing fire', 'a dragon and fire', ['breathing']],
    ['sunset over mountains', 'two mountains at sunset', ['over']],
    ['a photo of a woman on a beach', 'a beach', ['photo', 'woman']],
    ['Eiffel tower at night', 'the night sky', ['Eiffel', 'tower']],
    ['a fox in a forest', 'a fox on a green background', ['in a forest']],
    ['a house by the sea', 'a house in the sea', []],
    ['the sea', 'the sea', []],
    ['a nice banana under an umbrella', 'a banana under an umbrella', ['nice']],
    ['a cat chasing a dog', 'a cat and a dog', ['chasing']],
    ['a dog right of a cat', 'a cat and a dog', []],
    ['a cat, a dog and a cow', 'a cat and a dog', ['cow']],
    ['a tiny red car to the left', 'a small red car on the left', []],
    ['a cat and a dog on the left', 'a cat and a dog', ['on the left']],
    ['a huge moon above a house', 'a big moon above a house', []],
    ['a big moon', 'a moon', ['big']],
    ['a dog, flat style', 'a flat dog', []],
    ['a gray cat with violet background', 'a grey cat on a purple background', []],
    ['an apple, red', 'a red apple', []],
    ['a girl with blue hair and a dog', 'a dog', ['girl', 'blue', 'hair']],
    ['polar bear', 'a bear', ['polar']],
    ['a (cute cat:1.3) wearing [a hat]', 'a cat wearing a hat', ['cute']],
    ['cat AND dog in a photo', 'a cat and a dog', ['photo']],
  ])('%s → %s', async (prompt, draws, leftOut) => {
    expect(await reader.read(prompt)).toMatchObject({ draws, leftOut });
  });

  it.each([
    ['drei kleine Katzen', 'three small cats', 'three cats', ['kleine']],
    ['ein roter Apfel', 'a red apple', 'a red apple', []],
    [
      'zwei rote Autos auf blauem Hintergrund',
      'two red cars on a blue background',
      'two red cars on a blue background',
      [],
    ],
    ['un chat noir', 'a black cat', 'a black cat', []],
    ['un gato negro y un perro', 'a black cat and a dog', 'a black cat and a dog', []],
    ['una macchina rossa', 'a red car', 'a red car', []],
    ['Нарисуй маленькую собаку', 'a small dog', 'a small dog', []],
    ['кошка', 'a cat', 'a cat', []],
    ['صورة قطة سوداء', 'a black cat', 'a black cat', ['صورة']],
    ['一辆红色的汽车', 'a red car', 'a red car', []],
    ['一只猫', 'a cat', 'a cat', []],
    ['かわいい犬の写真', 'a dog', 'a dog', ['かわいい', '写真']],
    ['カエルとリンゴ', 'a frog and an apple', 'a frog and an apple', []],
    ['빨간 사과', 'a red apple', 'a red apple', []],
    ['elefant', 'an elephant', 'an elephant', []],
  ])('%s is "%s"', async (prompt, reads, draws, leftOut) => {
    expect(await reader.read(prompt)).toMatchObject({ reads, draws, leftOut });
  });

  it.each([
    'a knight in shining armor',
    'portrait of an old man',
    'anime girl with blue hair',
    'a photograph of my aunt',
    'the number 7',
    'masterpiece, best quality, 1girl, solo',
    'asdfgh',
    'Hello',
    'business card',
  ])('knows nothing of "%s", and says so', async (prompt) => {
    const reading = await reader.read(prompt);
    expect(reading).toMatchObject({ isUnknown: true, draws: prompt });
    expect(sayReading(reading, 'The starter')).toContain('The starter knows nothing of this');
  });

  it('offers names that are nearly alike', async () => {
    expect((await reader.read('happy birthday card')).nearest).toEqual(['birthday cake']);
    expect((await reader.read('rockefeller')).nearest).toEqual([]);
  });

  it('reads nothing into what is no language', async () => {
    for (const prompt of ['🦊', '....', '12345', 'https://example.org/x?y=1', 'a'.repeat(5000)])
      expect((await reader.read(prompt)).draws).toBe(prompt);
  });
});

describe('sayReading', () => {
  it('says what is drawn and what is left out', async () => {
    const said = sayReading(await reader.read('a photo of a cat wearing a hat'), 'X');
    expect(said).toBe('Drawn as: a cat wearing a hat. Left out: photo.');
    expect(isReadingNotice(said ?? '')).toBe(true);
    expect(isReadingNotice('<lora:x> was left out: there is no LoRA "x" here.')).toBe(false);
  });

  it('counts what would be too many words', async () => {
    const said = sayReading(
      await reader.read(`cat ${'qwertz yxcvbn poiuzt mnbvcx lkjhgf fdsaqw rewqas vcxyas uioplk zzyyxx'}`),
      'X',
    );
    expect(said).toMatch(/ and 2 more\.$/);
  });
});

describe('names of embeddings', () => {
  it.each([
    ['a cat, starter-night', 'a cat, starter-night', []],
    ['three cats starter-night', 'three cats starter-night', []],
    ['a photo of a kitty, (Starter-Night:1.2)', 'a kitty, (Starter-Night:1.2)', ['photo']],
    ['starter-night, a photo of a cat, embedding:old', 'a cat, starter-night, embedding:old', ['photo']],
    ['eine Katze, starter-night', 'a cat, starter-night', []],
    ['a photo of a cat, starter-nights', 'a cat', ['photo', 'starter-nights']],
    ['a knight, starter-night', 'a knight, starter-night', ['knight']],
    ['starter-night', 'starter-night', []],
  ])('are kept: %s', async (prompt, draws, leftOut) => {
    expect(await reader.read(prompt, ['old', 'starter-night'])).toMatchObject({ draws, leftOut });
  });

  it('are words like others where they are not told', async () => {
    expect(await reader.read('a cat, starter-night')).toMatchObject({ draws: 'a cat', leftOut: ['starter-night'] });
  });
});

describe('a model without a reader', () => {
  it('is left alone', () => {
    expect(readReaderFacts({ subjects: ['cat'] }, 'gesso.json')).toBeUndefined();
    expect(readReaderFacts(undefined, 'gesso.json')).toBeUndefined();
  });

  it('is refused where it describes one wrongly', () => {
    expect(() => readReaderFacts({ reader: { names: { cat: { also: 'kitty' } } } }, 'gesso.json')).toThrow(
      /names of cat/,
    );
    expect(() => readReaderFacts({ reader: { names: { cat: {} }, colours: 3 } }, 'gesso.json')).toThrow(
      /"reader.colours"/,
    );
    expect(() => readNamesFile({ subjects: ['a'], languages: { de: { names: 'a;b' } } }, 'names.json')).toThrow(
      /languages/,
    );
  });
});
