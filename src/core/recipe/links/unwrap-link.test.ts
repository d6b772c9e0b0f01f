/** Links as mail filters and sites write them anew; the filters' own parameters are made up. */
import { describe, expect, it } from 'vitest';
import { toBase64 } from '../../bytes/base64';
import { encodeUtf8 } from '../../bytes/text-bytes';
import { findLink, readLink, unwrapLinks } from '.';

const LINK = 'https://example.org/gesso/#p=a+red+apple,+(shiny:1.2)&n=blurry&m=starter&seed=7&s=8&c=4&z=128x128&v=1';
const SAID = { prompt: 'a red apple, (shiny:1.2)', negativePrompt: 'blurry', model: 'starter', seed: 7, steps: 8 };
const ESCAPED = encodeURIComponent(LINK);
const base64 = (text: string) => toBase64(encodeUtf8(text));

/** Version 2: "-" for "%", "_" for "/". */
const second = (link: string) =>
  `https://urldefense.proofpoint.com/v2/url?u=${[...link]
    .map((letter) => (letter === '/' ? '_' : /[A-Za-z0-9.]/.test(letter) ? letter : `-${hex(letter)}`))
    .join('')}&d=DwMFaQ&c=abc&r=def-g&m=hi_j&s=kl&e=`;
const hex = (letter: string) => letter.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0');

const RUNS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
/** Version 3: signs as stars, the signs themselves in base64 behind the link. */
function third(link: string): string {
  const signs: string[] = [];
  const url = link.replace(/[^\w\-.~:/?=&%]+/g, (run) => {
    signs.push(run);
    return run.length === 1 ? '*' : `**${RUNS.charAt(run.length - 2)}`;
  });
  const letters = base64(signs.join('')).replace(/=+$/, '').replaceAll('+', '-').replaceAll('/', '_');
  return `https://urldefense.com/v3/__${url}__;${letters}!!AbC-dEfG!hIjK_lMn$`;
}

describe('a link', () => {
  it.each([
    ['Proofpoint’s first', `https://urldefense.proofpoint.com/v1/url?u=${ESCAPED}&k=abc%3D%0A&r=x`],
    ['Proofpoint’s second', second(LINK)],
    ['Proofpoint’s second in a sentence', `Look:\n<${second(LINK)}>\nYours`],
    ['Proofpoint’s second in HTML', `see ${second(LINK).replaceAll('&', '&amp;')} there`],
    ['Proofpoint’s third', third(LINK)],
    ['Proofpoint’s third in a sentence', `see ${third(LINK)} ok?`],
    ['Proofpoint’s third with one slash', third(LINK).replace('__https://', '__https:/')],
    ['Google’s in Proofpoint’s', third(`https://www.google.com/url?q=${ESCAPED}&sa=D`)],
    [
      'Proofpoint’s in Outlook’s',
      `https://x.safelinks.protection.outlook.com/?url=${encodeURIComponent(third(LINK))}&data=05`,
    ],
    ['Proofpoint’s in Proofpoint’s', second(third(LINK))],
    ['Outlook’s', `https://eur01.safelinks.protection.outlook.com/?url=${ESCAPED}&data=05%7C01&sdata=x%3D&reserved=0`],
    ['Outlook’s in HTML', `https://x.safelinks.protection.outlook.com/?url=${ESCAPED}&amp;data=05%7C01&amp;reserved=0`],
    ['Google’s', `https://www.google.com/url?q=${ESCAPED}&sa=D&source=editors&ust=17&usg=AOv`],
    ['Facebook’s', `https://l.facebook.com/l.php?u=${ESCAPED}%3Ffbclid%3DIwAR0&h=AT3`],
    ['Slack’s', `https://slack-redir.net/link?url=${ESCAPED}&v=3`],
    ['Slack’s own writing', `<${LINK.replaceAll('&', '&amp;')}|look>`],
    ['Discord without a preview', `<${LINK}>`],
    ['YouTube’s', `https://www.youtube.com/redirect?event=comments&q=${ESCAPED}&v=abc`],
    ['Sophos’', `https://eu.protection.sophos.com/?d=example.org&u=${base64(LINK)}&i=NjA&t=abc`],
    ['Bing’s', `https://www.bing.com/ck/a?!&&p=abc&u=a1${base64(LINK).replace(/=+$/, '')}&ntb=1`],
    ['Cisco’s', `https://secure-web.cisco.com/1abcDEF-ghi_jkl/${ESCAPED}`],
    ['the archive’s', `https://web.archive.org/web/20260101000000/${LINK}`],
  ])('as %s is read', (_, text) => {
    const url = findLink(unwrapLinks(text));
    expect(url && readLink(url)?.recipe).toMatchObject(SAID);
  });
});

describe('unwrapLinks', () => {
  it.each([LINK, 'a red apple', 'https://urldefense.com/v3/__https://example.org__;!!', 'aHR0cHM6', `${second('x')}`])(
    'never throws: %s',
    (text) => {
      expect(typeof unwrapLinks(text)).toBe('string');
    },
  );

  it('leaves other texts as they are', () => {
    for (const text of [LINK, 'a red apple', 'urldefense', 'https://urldefense.com/v3/__x', 'aHR0c'])
      expect(unwrapLinks(text)).toBe(text);
  });

  it('takes time in proportion to the text', () => {
    const start = performance.now();
    for (const piece of [
      'https://urldefense.com/v3/__',
      'urldefense.com/v2/ ',
      '__;',
      '*',
      'aHR0c',
      'https://urldefense.com/v2/url?u=',
    ])
      unwrapLinks(`urldefense.com/v3/ ${piece.repeat(190_000 / piece.length)}`);
    expect(performance.now() - start).toBeLessThan(4000);
  });
});
