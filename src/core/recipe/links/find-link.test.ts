/** Links as messages, mails, pages and other programs hand them on. */
import { describe, expect, it } from 'vitest';
import { findLink, readLink } from '.';

const HASH = 'p=a+red+apple,+(shiny:1.2)&n=blurry&m=starter&seed=7&s=8&c=4&z=128x128&v=1';
const LINK = `https://example.org/gesso/#${HASH}`;
const SAID = {
  prompt: 'a red apple, (shiny:1.2)',
  negativePrompt: 'blurry',
  model: 'starter',
  seed: 7,
  steps: 8,
  cfgScale: 4,
  width: 128,
  height: 128,
};
const LONG = `https://example.org/#p=${'a+very+long+prompt,+'.repeat(12)}&n=blurry&seed=7&v=1`;

describe('findLink', () => {
  it.each<[string, string]>([
    ['alone', LINK],
    ['its fragment alone', `#${HASH}`],
    ['a sentence', `Look at ${LINK}.`],
    ['a question', `Have you seen ${LINK}?`],
    ['Markdown', `[look](${LINK})`],
    ['Markdown with a title', `![x](${LINK} "a title")`],
    ['angle brackets', `See <${LINK}> for more`],
    ['quotes', `"${LINK}"`],
    ['HTML', `<a href="${LINK.replaceAll('&', '&amp;')}">look</a>`],
    ['a word behind', `${LINK} is nice`],
    ['a line behind', `${LINK}\n\nSent from afar`],
    ['an asterisk behind', `*${LINK}*`],
    ['&amp;', LINK.replaceAll('&', '&amp;')],
    ['&amp;amp;', LINK.replaceAll('&', '&amp;amp;')],
    ['&#38;', LINK.replaceAll('&', '&#38;')],
    ['JSON', `{"url":"${LINK.replaceAll('&', '\\u0026')}"}`],
    ['%23', LINK.replace('#', '%23')],
    ['%2523', LINK.replace('#', '%2523')],
    ['all of it escaped', `https://out.example/?u=${encodeURIComponent(LINK)}&sa=D`],
    ['escaped twice', `https://out.example/?u=${encodeURIComponent(encodeURIComponent(LINK))}&sa=D`],
    ['quoted-printable', LINK.replaceAll('=', '=3D').replace('&seed', '=\n&seed')],
    ['broken lines', LINK.replace('&n=', '\n&n=').replace('+apple', '+ap\nple').replace('ap\nple', 'apple')],
    ['broken lines with quote marks', `> ${LINK.replace('&seed', '\n> &seed')}`],
    ['spaces in place of +', LINK.replaceAll('+', ' ')],
    ['%20 in place of +', LINK.replaceAll('+', '%20')],
    ['no scheme', LINK.replace('https://', '')],
    ['Markdown’s escapes', LINK.replace('#', '\\#').replace('(', '\\(').replace(')', '\\)')],
    ['JSON with every sign escaped', LINK.replaceAll('&', '\\u0026').replaceAll('=', '\\u003d')],
    ['a router’s "#/"', LINK.replace('#', '#/')],
    ['a crawler’s "#!"', LINK.replace('#', '#!')],
    ['Markdown’s escapes of brackets alone', LINK.replaceAll('(', '\\(').replaceAll(')', '\\)')],
    ['signs that nobody sees', LINK.replace('&n', '\u200b&n').replace('starter', 'star\u00adter')],
    ['a second link behind', `${LINK} and https://example.com/`],
  ])('in %s', (_, text) => {
    const url = findLink(text);
    expect(url && readLink(url)?.recipe).toMatchObject(SAID);
  });

  it('leaves out the sign of a cut', () => {
    expect(findLink(`${LINK.slice(0, 66)}…`)).not.toMatch(/…/);
  });

  it('joins a long one over a broken line', () => {
    const broken = LONG.replace(/(.{76})/g, '$1\n');
    expect(readLink(findLink(broken) ?? '')).toEqual(readLink(LONG));
  });

  it.each(['a cat #1', 'see #s=3 there', 'color: #c=4a', 'https://example.org/page#top', 'p=1&v=1', 'a & b', ''])(
    '%j is none',
    (text) => {
      expect(findLink(text)).toBeUndefined();
    },
  );
});
