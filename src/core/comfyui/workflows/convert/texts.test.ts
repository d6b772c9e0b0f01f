import { describe, expect, it } from 'vitest';
import { drawChoices, fillMarks, openComfyJson, textPreparer, toPrompt } from '.';
import { node, textToImage } from '../testing/graphs';

const NOW = new Date(2026, 10, 5, 7, 8, 9);

describe('drawChoices', () => {
  it.each([
    ['a {red|green|blue} pear', 0.5, 'a green pear'],
    ['a {red|{dark|light} green}', 0.9, 'a light green'],
    ['a {|b}', 0, 'a '],
    ['\\{a\\|b\\} | c', 0, '{a|b} | c'],
    ['a // said\nb /* not\n said */c', 0, 'a \nb c'],
    ['{a|b', 0.9, 'b'],
    ['}a|b', 0, '}a|b'],
    ['{'.repeat(20_000), 0, ''],
  ])('draws %j', (text, random, drawn) => expect(drawChoices(text, () => random)).toBe(drawn));

  it('stays within the options at the largest number', () => {
    expect(drawChoices('{a|b}', () => 1 - Number.EPSILON / 2)).toBe('b');
  });
});

describe('fillMarks', () => {
  const { document } = openComfyJson(
    textToImage({ nodes: [node(30, 'PrimitiveString', { title: 'My name', widgets_values: ['a/b:c'] })] }),
  );

  it.each([
    ['%KSampler.seed%/%EmptyLatentImage.height%', '77/768'],
    ['%My name.value%', 'a_b_c'],
    ['%date:yyyy-MM-dd hh_mm_ss%', '2026-11-05 07_08_09'],
    ['%date:yy-M-d%', '26-11-5'],
    ['%width%x%Nobody.seed% 100%', '%width%x%Nobody.seed% 100%'],
  ])('fills %j', (text, filled) => expect(fillMarks(text, document, NOW)).toBe(filled));
});

describe('textPreparer', () => {
  it('touches prompts and file names only', () => {
    const { document } = openComfyJson(
      textToImage({ nodes: [node(30, 'StringConcatenate', { widgets_values: ['{a|b}', '%KSampler.seed%', '//'] })] }),
    );
    const prepare = textPreparer(document, { random: () => 0, now: NOW });
    expect(toPrompt(document, { prepare })['30'].inputs).toEqual({
      string_a: '{a|b}',
      string_b: '%KSampler.seed%',
      delimiter: '//',
    });
    expect(prepare('{x|y}', { type: 'CLIPTextEncode', name: 'text' })).toBe('x');
    expect(prepare('%KSampler.steps%', { type: 'SaveImage', name: 'filename_prefix' })).toBe('20');
  });
});
