/** What holds for every prompt: nothing throws or hangs, and what was read can be written. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  DIALECTS,
  entryAt,
  extractNetworks,
  parseEmphasis,
  parseSchedule,
  splitComposition,
  stripComments,
  type Dialect,
} from '.';
import { writeEmphasis } from './testing/write-emphasis';

/** Random strings in all, over the properties. */
const RUNS = 100_000;

/** Short strings of what has a meaning: everything meets everything. */
const atoms = [
  ...'ab1.-: \n\\()[]|<>#,+=_',
  'BREAK',
  ' AND ',
  '0.5',
  ':1.2)',
  ':2]',
  '<lora:',
  '😀',
  'é',
  '\ud83d',
  '\u3000',
];
const prompt = fc.array(fc.constantFrom(...atoms), { maxLength: 24 }).map((parts) => parts.join(''));
const dialects = Object.keys(DIALECTS) as Dialect[];

describe('any prompt', () => {
  it('written back has the same segments', () => {
    fc.assert(
      fc.property(prompt, fc.constantFrom(...dialects), (text, dialect) => {
        const segments = parseEmphasis(text, dialect);
        const again = parseEmphasis(writeEmphasis(segments, dialect), dialect);
        if (JSON.stringify(again) !== JSON.stringify(segments)) expect(again).toEqual(segments);
        if (!segments.every(({ weight }) => Number.isFinite(weight))) expect.fail('a weight is not finite');
      }),
      { numRuns: RUNS / 2 },
    );
  });

  it('has a text for every call, in a schedule that ends with the last', () => {
    fc.assert(
      fc.property(prompt, fc.integer({ min: 1, max: 30 }), (text, calls) => {
        const schedule = parseSchedule(text, { calls });
        const ends = schedule.map(({ until }) => until);
        const isRising = ends.every((end, i) => Number.isInteger(end) && end > (ends[i - 1] ?? 0));
        if (!isRising || ends.at(-1) !== calls) expect.fail(`ends ${ends.join()} of ${calls}`);
        if (entryAt(schedule, calls - 1).until < calls - 1) expect.fail('the last call has no text');
        // Without the characters that edits are made of, a prompt says what it says.
        if (!/[[|\\]/.test(text)) expect(schedule).toEqual([{ until: calls, text }]);
      }),
      { numRuns: RUNS / 4 },
    );
  });

  it('keeps its words through comments, networks and AND', () => {
    fc.assert(
      fc.property(prompt, (text) => {
        const { text: rest, networks } = extractNetworks(text);
        const taken = networks.reduce((length, { raw }) => length + raw.length, 0);
        if (rest.length + taken !== text.length) expect.fail('a tag took more, or less, than itself');
        const parts = splitComposition(rest);
        if (!parts.every((part) => Number.isFinite(part.weight) && rest.includes(part.text)))
          expect(parts).toEqual('parts of the text, with weights');
        if (stripComments(text).includes('#')) expect.fail('a comment was left');
      }),
      { numRuns: RUNS / 4 },
    );
  });
});

describe('a hostile prompt', () => {
  const DEEP = 2000;
  const LONG = 100_000;
  const hostile: Record<string, string> = {
    'unclosed brackets': '('.repeat(DEEP) + '['.repeat(DEEP) + 'a',
    'closed brackets': '('.repeat(DEEP) + 'a' + ')'.repeat(DEEP),
    'deep square brackets': '['.repeat(LONG / 2) + 'a' + ']'.repeat(LONG / 2),
    'deep edits': '['.repeat(DEEP) + 'a' + ':b:0.5]'.repeat(DEEP),
    'deep alternations': '['.repeat(DEEP) + 'a' + '|b]'.repeat(DEEP),
    'deep round brackets with text': '(a'.repeat(DEEP) + ')b'.repeat(DEEP),
    'more closed than open': '(a)'.repeat(DEEP) + ')'.repeat(LONG / 2),
    'half open, half closed': '('.repeat(LONG / 2) + 'a' + ')'.repeat(LONG / 4),
    'many edits': '[a:b:0.5] '.repeat(LONG / 10),
    spaces: 'a' + ' '.repeat(LONG) + 'b',
    'spaces after a colon': '(a:' + ' '.repeat(LONG) + '1',
    digits: '[a:b:' + '1'.repeat(LONG) + '](c:' + '1'.repeat(LONG) + 'x) d:' + '1'.repeat(LONG),
    'digits and underscores': '(a:' + '1_'.repeat(LONG) + ')',
    'open tags': '<a:'.repeat(LONG / 3),
    'tag heads': '<' + 'a'.repeat(LONG) + '<:',
    backslashes: '\\'.repeat(LONG + 1),
    breaks: 'BREAK '.repeat(LONG / 6),
    'quoted nothing': ':'.repeat(LONG),
  };
  /** Each takes some milliseconds; a quadratic step would take minutes. */
  const MAX_MS = 2000;

  it.each(Object.entries(hostile))('of %s is read in time', (_, text) => {
    const start = performance.now();
    for (const dialect of dialects) writeEmphasis(parseEmphasis(text, dialect), dialect);
    for (const { text: part } of splitComposition(stripComments(extractNetworks(text).text)))
      expect(parseSchedule(part, { calls: 20 }).at(-1)?.until).toBe(20);
    expect(performance.now() - start).toBeLessThan(MAX_MS);
  });
});
