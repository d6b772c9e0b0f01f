/** Texts that nodes make out of others. */
import { describe, expect, it } from 'vitest';
import { evaluate } from './arithmetic';
import { node, notesOf, read, SAID, sampler, type Inputs, type Nodes } from './testing/graphs';

const made = (type: string, inputs: Inputs, more: Nodes = {}): Nodes => ({
  '2': node('CLIPTextEncode', { text: ['8', 0], clip: ['1', 1] }),
  '8': node(type, inputs),
  '9': node('PrimitiveStringMultiline', { value: 'a stone bridge' }),
  '10': node('PrimitiveString', { value: 'dusk' }),
  ...more,
});
const [first, second] = [
  ['9', 0],
  ['10', 0],
];

describe('texts of nodes', () => {
  it.each<[string, Inputs, string]>([
    [
      'Text Concatenate',
      { delimiter: ', ', clean_whitespace: 'true', text_a: first, text_b: second },
      'a stone bridge, dusk',
    ],
    [
      'JoinStringMulti',
      { inputcount: 2, string_1: first, string_2: second, delimiter: ' ', return_list: false },
      'a stone bridge dusk',
    ],
    ['JoinStrings', { string1: first, string2: second, delimiter: '. ' }, 'a stone bridge. dusk'],
    ['CR Text Concatenate', { text1: first, text2: second, separator: '; ' }, 'a stone bridge; dusk'],
    [
      'StringFunction|pysssss',
      { action: 'append', tidy_tags: 'yes', text_a: first, text_b: second, text_c: '' },
      'a stone bridge, dusk',
    ],
    [
      'StringFunction|pysssss',
      { action: 'replace', tidy_tags: 'no', text_a: first, text_b: 'stone', text_c: 'wooden' },
      'a wooden bridge',
    ],
    ['StringReplace', { string: first, find: 'stone', replace: 'red' }, 'a red bridge'],
    ['ttN concat', { text1: first, text2: second, text3: '', delimiter: ',' }, 'a stone bridge,dusk'],
    ['easy promptConcat', { prompt1: first, prompt2: second, separator: ' + ' }, 'a stone bridge + dusk'],
    [
      'ImpactWildcardProcessor',
      { wildcard_text: 'a {stone|brick} __thing__', populated_text: 'a stone bridge', mode: 'populate', seed: 1 },
      'a stone bridge',
    ],
    ['ComfySwitchNode', { switch: true, on_true: first, on_false: 'a field' }, 'a stone bridge'],
    ['ComfySwitchNode', { switch: false, on_true: first, on_false: 'a field' }, 'a field'],
    ['CR Text Input Switch', { Input: 2, text1: second, text2: first }, 'a stone bridge'],
    ['Any Switch (rgthree)', { any_02: first, any_03: second }, 'a stone bridge'],
    ['easy textIndexSwitch', { index: 1, text0: second, text1: first }, 'a stone bridge'],
    ['ShowText|pysssss', { text: first, text_0: 'what ran before' }, 'a stone bridge'],
    ['easy positive', { positive: 'a stone bridge' }, 'a stone bridge'],
    ['Foo Text Box', { text: 'a stone bridge' }, 'a stone bridge'],
  ])('%s %#', (type, inputs, text) => {
    const found = read(made(type, inputs));
    expect(found.recipe.prompt).toBe(text);
    expect(found.recipe).toMatchObject({ ...SAID, prompt: text });
    expect(found.notes).toEqual([]);
  });

  it('takes the texts of nodes that it does not know, never their settings, and says so', () => {
    const found = read(
      made('Foo Join', {
        separator: ' / ',
        mode: 'append',
        label: 'x',
        style_name: 'oil',
        text_1: first,
        text_2: 'rain',
      }),
    );
    expect(found.recipe.prompt).toBe('a stone bridge, rain');
    expect(notesOf(found)).toMatch(/"Foo Join" is pieced together/);
  });

  it.each<[string, Inputs]>([
    [
      'Text Load Line From File',
      { file_path: 'lists/a.txt', dictionary_name: '[filename]', label: 'TextBatch', mode: 'index', index: 0 },
    ],
    ['easy promptLine', { prompt: 'a\nb', start_index: 0, max_rows: 1 }],
    ['DPRandomGenerator', { text: 'a {b|c}', seed: 3, autorefresh: 'No' }],
    ['LoadPromptsFromFile //Inspire', { prompt_file: 'example/prompt.txt' }],
    ['OllamaGenerateV2', { model: 'llama', keep_alive: 5 }],
  ])('says that the text of %s is not in the graph', (type, inputs) => {
    const found = read(made(type, inputs));
    expect(found.recipe.prompt).toBe('');
    expect(notesOf(found)).toContain(type);
  });

  it('reads encoders that load LoRAs by tags', () => {
    const found = read({
      '5': sampler({ model: ['8', 0], positive: ['8', 2] }),
      '8': node('ImpactWildcardEncode', {
        wildcard_text: '{a|b}',
        populated_text: 'a stone bridge <lora:moss:0.6>',
        mode: true,
        model: ['1', 0],
        clip: ['1', 1],
      }),
    });
    expect(found.recipe).toMatchObject({ ...SAID, loras: [{ name: 'moss', unet: 0.6, text: 0.6 }] });
  });

  it.each<[string, Inputs, number | undefined]>([
    ['SimpleMath+', { value: 'a*2', a: ['9', 0] }, 18],
    ['MathExpression|pysssss', { expression: '(a + 3) * 1.5', a: 9 }, 18],
    ['easy mathInt', { a: 9, b: 2, operation: 'multiply' }, 18],
    ['PrimitiveInt', { value: 18 }, 18],
    ['Seed (rgthree)', { seed: 18 }, 18],
    ['Foo Math', { a: 9, b: 2, what: 'x' }, undefined],
  ])('steps of %s', (type, inputs, steps) => {
    const found = read({
      '5': sampler({ steps: ['8', 0] }),
      '8': node(type, inputs),
      '9': node('PrimitiveInt', { value: 9 }),
    });
    expect(found.recipe.steps).toBe(steps);
    expect(/steps/.test(notesOf(found))).toBe(steps === undefined);
  });
});

describe('evaluate', () => {
  it.each([
    ['1 + 2 * 3', 7],
    ['(1 + 2) * 3', 9],
    ['-2 ** 2', -4],
    ['2 ** -1', 0.5],
    ['3 - -2', 5],
    ['round(0.456, 2)', 0.46],
    ['7 // 2 % 2', 1],
    ['max(a, 4, 2)', 5],
    // As Python rounds.
    ['round(a / 2)', 2],
    ['2 ** 3 ** 2', 512],
    ['a +', undefined],
    ['(a', undefined],
    ['b', undefined],
    ['1 / 0', undefined],
    ['__import__("os")', undefined],
  ])('%s', (text, value) => {
    expect(evaluate(text, (name) => (name === 'a' ? 5 : undefined))).toBe(value);
  });
});
