/** Long runs in what is pasted: no reader of texts may take more time than the page can wait. */
import { describe, expect, it } from 'vitest';
import { readTextRecipe } from '.';

const RUN = 5000;
/** Each takes less than 0.1 s on an idle machine; patterns that try every way to cut a run take many seconds, or years. */
const MOST_MS = 4000;

const PIECES = [
  ...[' ', '\t', '\n', '#a ', '// a\n', 'a: ', 'a, ', '(', '[', '<', '"', "'", '|', '--a ', '<lora:', 'prompt: '],
  'Steps: 1, ',
];
const ENDS = ['x', '\nSteps: 20, Sampler: Euler a, Seed: 5', ' {"', '"', '\n'];

function expectSoon(text: string): void {
  const start = performance.now();
  readTextRecipe(text);
  expect(performance.now() - start, `${JSON.stringify(text.slice(0, 40))}… ${text.length}`).toBeLessThan(MOST_MS);
}

const gap = ' '.repeat(RUN / 2);

describe('readTextRecipe', () => {
  it.each(PIECES)('reads runs of %j soon, whatever comes behind', (piece) => {
    for (const end of ['', ...ENDS]) expectSoon(piece.repeat(RUN) + end);
    PIECES.forEach((other, i) => {
      expectSoon(piece.repeat(RUN / 2) + other.repeat(RUN / 2) + ENDS[i % ENDS.length]);
      expectSoon((piece + other).repeat(RUN / 2) + ENDS[(i + 1) % ENDS.length]);
    });
  });

  it.each([
    ['40 hashtags', Array.from({ length: 40 }, (_, i) => `#tag${i}`).join(' ')],
    ['40 lines of a comment', '# a\n'.repeat(40)],
    ['200 marks', '#'.repeat(200)],
    ['5,000 lines of a comment', '// some words\n'.repeat(5000)],
    ['prompts and gaps on one line', `prompt: a${gap}negative prompt: b${gap}x`],
    ['a mark and a gap', `**a${gap}${gap}x`],
    ['marks, words and gaps', `a${gap}**a${gap}:${gap}*`],
    ['a flag of Midjourney between gaps', `a${gap}--ar 3:2 ${gap}b\nc`],
    ['flags of a trainer between gaps', `a${' '.repeat(1900)}--d 5${' '.repeat(1900)}--s 9 b`],
    ['a value and a gap', `prompt: "a"\nsteps: 20${gap}${gap}#\nseed: 5${gap}${gap}x`],
    ['gaps in a line of YAML', `prompt: "a"\n${gap}${gap}x\nseed: 5`],
    ['a LoRA and gaps', `a\nSteps: 20, Sampler: Euler, Seed: 5, Lora_0: a${gap} : ${gap}(1`],
    ...[
      '步数：1 ',
      '提示词\n',
      '[10:10] a: ',
      '<p>',
      '<td>a</td> ',
      '<dt>',
      '&amp;',
      '| a ',
      ' · ',
      '> Steps: 1 ',
      '![a](',
      '```\n',
      '**a',
      'Prompt: a\n',
      'Steps: 3 | ',
      'a - b: ',
      'Hires: x ',
      'Steps: 1, Prompt: ',
      '1. 1. ',
      'a: b, c: d\n',
      '\n** a',
    ].map((piece): [string, string] => [
      `runs of ${JSON.stringify(piece)}`,
      `${piece.repeat(8000)}\nSteps: 20, Sampler: Euler a, Seed: 5`,
    ]),
    ...["'", '"', '`'].map((quote): [string, string] => [
      `a quote ${quote} and escapes of breaks`,
      quote + String.raw`a\n`.repeat(33_000),
    ]),
    ...[String.raw`{\"a\"`, '{"a":1,"b\\\n', '{a: /*', "{'a\\'", '"\\', '{_', '{$'].map((piece): [string, string] => [
      `JSON by hand with runs of ${JSON.stringify(piece)}`,
      piece.repeat(16_000),
    ]),
    ['settings, then a prompt, over and over', `Steps: 1${', Prompt: a'.repeat(9000)}`],
    ['a LoRA whose name is a text', `a\nSteps: 20, Sampler: Euler a, Seed: 5, ${'<lora:'.repeat(15_000)}`],
    ['a call without an end', `f("a${'b'.repeat(19_000)}`],
    ['comments of a page', `<html>${'<!--'.repeat(20_000)}${'<script'.repeat(20_000)}`],
    ...['<rdf:li>', '<rdf:li', '</a>', '<?', '<a b="', ' a="<b c=\'', '<!--'].map((piece): [string, string] => [
      `XMP with runs of ${JSON.stringify(piece)}`,
      `<x:xmpmeta>${'<rdf:li>'.repeat(20_000)}${piece.repeat(60_000)}`,
    ]),
    ['XMP of names alone', `<x:xmpmeta ${'<a'.repeat(200_000)}`],
    ['XMP of instructions alone', `<x:xmpmeta>${'<?'.repeat(200_000)}`],
    ['XMP of ends alone', `<x:xmpmeta>${'<rdf:li>'.repeat(150)}${'</a>'.repeat(50_000)}`],
    ['a picture in base64 of 7 million letters', `iVBORw0KGgo${'A'.repeat(7_000_000)}`],
    ['a picture in base64 with signs of its end', `iVBORw0KGgo${'='.repeat(300_000)}A`],
    ['a table with a gap', `| prompt | ${gap}${gap} |\n|---|---|\n| seed | ${gap}${gap}x |`],
  ])('reads %s soon', (_, text) => {
    expectSoon(text);
  });
});
