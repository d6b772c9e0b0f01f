import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseEmphasis } from '../../../core/prompt';
import { weighSelection } from './weigh-selection';

/** ‸ is the caret; two of them are the ends of the selection. */
function press(marked: string, by: 1 | -1, times = 1): string {
  const [before = '', middle = '', ...after] = marked.split('‸');
  const hasSelection = after.length > 0;
  let text = before + middle + after.join('');
  let start = before.length;
  let end = hasSelection ? start + middle.length : start;
  for (let i = 0; i < times; i += 1) {
    const done = weighSelection(text, start, end, by);
    if (!done) return 'nothing';
    text = text.slice(0, done.from) + done.insert + text.slice(done.to);
    ({ start, end } = done);
  }
  return `${text.slice(0, start)}‸${text.slice(start, end)}‸${text.slice(end)}`;
}

describe('weighSelection', () => {
  it.each([
    ['the word at the caret', 'a c‸at', 'a (‸cat‸:1.1)'],
    ['the word before the caret', 'a cat‸', 'a (‸cat‸:1.1)'],
    ['the word up to the comma', 'a ‸cat, blue', 'a (‸cat‸:1.1), blue'],
    ['the selection', 'a ‸red cat‸ here', 'a (‸red cat‸:1.1) here'],
    ['the selection without the white space at its ends', 'a‸ red cat\n‸here', 'a (‸red cat‸:1.1)\nhere'],
    ['a weight, from its words', 'a (c‸at:1.1)', 'a (‸cat‸:1.2)'],
    ['a weight, from its number', 'a (cat:1.‸1)', 'a (‸cat‸:1.2)'],
    ['a weight, from behind it', 'a (cat:1.1)‸, b', 'a (‸cat‸:1.2), b'],
    ['a weight of several words', '(a cat, a d‸og:1.5)', '(‸a cat, a dog‸:1.6)'],
    ['a weight whose words are selected', 'a (‸cat‸:1.2)', 'a (‸cat‸:1.3)'],
    ['some words of a weight, when they are selected', '(‸cat‸ dog:1.2)', '((‸cat‸:1.1) dog:1.2)'],
    ['a weight that is selected with its brackets', 'a ‸(cat:1.2)‸ b', 'a (‸cat‸:1.3) b'],
    ['to a whole number', '(cat‸:1.9)', '(‸cat‸:2.0)'],
    ['brackets of the old style', 'a ((ca‸t))', 'a (‸cat‸:1.3)'],
    ['square brackets', '[[c‸at]]', '(‸cat‸:0.9)'],
    ['the innermost brackets', '(a (c‸at:1.2) b:0.5)', '(a (‸cat‸:1.3) b:0.5)'],
    ['the outer brackets, beside the inner ones', '(a‸ (cat:1.2) b:0.5)', '(‸a (cat:1.2) b‸:0.6)'],
    ['a network', '<lora:na‸me:0.8>', '<‸lora:name‸:0.85>'],
    ['a network without a number', '<lora:na‸me>', '<‸lora:name‸:1.05>'],
    ['the last number of a network', '<lora:na‸me:0.8:0.5>', '<‸lora:name:0.8‸:0.55>'],
    ['a network to 1, which stays', '<lora:x‸:0.95>', '<‸lora:x‸:1.0>'],
    ['a word within editing', '[ca‸t:dog:0.5]', '[(‸cat‸:1.1):dog:0.5]'],
    ['a word within alternation', '[cat|do‸g]', '[cat|(‸dog‸:1.1)]'],
    ['a word within escaped brackets', String.raw`cat \(ani‸mal\)`, String.raw`cat \((‸animal‸:1.1)\)`],
    ['letters of any script', '赤い‸林檎', '(‸赤い林檎‸:1.1)'],
  ])('raises %s', (_, before, after) => expect(press(before, 1)).toBe(after));

  it('goes on from where it was, and takes the brackets away at 1', () => {
    expect(press('a c‸at', 1, 2)).toBe('a (‸cat‸:1.2)');
    expect(press('a c‸at', -1, 3)).toBe('a (‸cat‸:0.7)');
    expect(press('a (c‸at:1.2), blue', -1, 2)).toBe('a ‸cat‸, blue');
    expect(press('a [c‸at]', 1)).toBe('a ‸cat‸');
    expect(press('(cat‸:0.1)', -1, 2)).toBe('(‸cat‸:-0.1)');
  });

  it.each([
    ['an empty prompt', '‸'],
    ['a caret between spaces', 'a ‸ b'],
    ['white space', 'a‸   ‸b'],
    ['a selection that tears brackets apart', '(a ‸cat) and‸ dog'],
    ['a lone bracket', 'a ‸cat)‸'],
    ['a number beyond all use', '(c‸at:99999999)'],
  ])('leaves %s alone', (_, before) => expect(press(before, 1)).toBe('nothing'));

  it('takes back what it did, whatever stands around, with plain words', () => {
    const word = fc.stringMatching(/^[a-z]{1,8}$/);
    const prompt = fc.array(word, { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(prompt, fc.nat(), (words, place) => {
        const text = words.join(', ');
        const caret = place % (text.length + 1);
        const up = weighSelection(text, caret, caret, 1);
        if (!up) return;
        const raised = text.slice(0, up.from) + up.insert + text.slice(up.to);
        const chosen = text.slice(up.from, up.to);
        expect(parseEmphasis(raised, 'a1111')).toContainEqual({ text: chosen, weight: 1.1 });
        const down = weighSelection(raised, up.start, up.end, -1);
        expect(down && raised.slice(0, down.from) + down.insert + raised.slice(down.to)).toBe(text);
      }),
    );
  });

  it('never throws, and changes nothing outside of what it replaces, whatever is typed', () => {
    const signs = fc.string({ unit: fc.constantFrom(...'()[]<>|:\\ ,1.ab-'), maxLength: 40 });
    fc.assert(
      fc.property(signs, fc.nat(40), fc.nat(40), fc.constantFrom(1 as const, -1 as const), (text, a, b, by) => {
        const [start, end] = [Math.min(a, b, text.length), Math.min(Math.max(a, b), text.length)];
        const done = weighSelection(text, start, end, by);
        if (!done) return;
        const after = text.slice(0, done.from) + done.insert + text.slice(done.to);
        expect(done.from).toBeLessThanOrEqual(done.to);
        expect(done.end).toBeLessThanOrEqual(after.length);
        expect(text).toContain(after.slice(done.start, done.end));
      }),
      { numRuns: 2000 },
    );
  });
});
