/**
 * Texts of editors and programs that write no UTF-8: Chinese, Japanese, Korean and Cyrillic by what their letters are most often.
 *
 * @see Encoding Standard, 10 to 14: the ranges of lead and trail bytes
 */
import { decodeAs } from './text-bytes';

/** A letter of two bytes, or of one where `trail` is undefined: whether it is one that texts are made of; undefined where it is none. */
type Judge = (lead: number, trail: number) => boolean | undefined;

interface Encoding {
  label: string;
  /** Bytes below are ASCII; these stand alone. */
  single?: readonly [from: number, to: number];
  judge: Judge;
}

const isWithin = (value: number, from: number, to: number): boolean => value >= from && value <= to;

/** The first level of GB 2312, and its signs. */
const judgeGbk: Judge = (lead, trail) =>
  !isWithin(lead, 0x81, 0xfe) || !isWithin(trail, 0x40, 0xfe) || trail === 0x7f
    ? undefined
    : trail >= 0xa1 && (isWithin(lead, 0xb0, 0xd7) || isWithin(lead, 0xa1, 0xa3));

/** Kana, signs, wide letters and the first level of JIS X 0208. */
const judgeShiftJis: Judge = (lead, trail) =>
  !(isWithin(lead, 0x81, 0x9f) || isWithin(lead, 0xe0, 0xfc)) || !isWithin(trail, 0x40, 0xfc) || trail === 0x7f
    ? undefined
    : isWithin(lead, 0x81, 0x83) || isWithin(lead, 0x88, 0x97);

/** Frequent characters of Big5, and its signs. */
const judgeBig5: Judge = (lead, trail) =>
  !isWithin(lead, 0x81, 0xfe) || !(isWithin(trail, 0x40, 0x7e) || isWithin(trail, 0xa1, 0xfe))
    ? undefined
    : isWithin(lead, 0xa1, 0xc6);

/** Kana, signs and the first level of JIS X 0208. */
const judgeEucJp: Judge = (lead, trail) =>
  !isWithin(lead, 0x8e, 0xfe) || !isWithin(trail, 0xa1, 0xfe)
    ? undefined
    : lead === 0xa1 || isWithin(lead, 0xa3, 0xa5) || isWithin(lead, 0xb0, 0xcf);

/** Hangul, and signs. */
const judgeEucKr: Judge = (lead, trail) =>
  !isWithin(lead, 0x81, 0xfe) || !isWithin(trail, 0x41, 0xfe)
    ? undefined
    : trail >= 0xa1 && (isWithin(lead, 0xb0, 0xc8) || isWithin(lead, 0xa1, 0xa3));

const GBK: Encoding = { label: 'gb18030', judge: judgeGbk };
const BIG5: Encoding = { label: 'big5', judge: judgeBig5 };
const SHIFT_JIS: Encoding = { label: 'shift_jis', single: [0xa1, 0xdf], judge: judgeShiftJis };
const EUC_JP: Encoding = { label: 'euc-jp', judge: judgeEucJp };
const EUC_KR: Encoding = { label: 'euc-kr', judge: judgeEucKr };

/** Least share of letters that texts are made of, and least number of letters. */
const LEAST_SHARE = 0.7;
const LEAST_LETTERS = 2;

/** Undefined where the bytes are most likely in none of these encodings, or may be a Western text as well. */
export function decodeOldEncoding(bytes: Uint8Array): string | undefined {
  const best = isWestern(bytes) ? undefined : bestOfPairs(bytes);
  if (best) return decodeAs(bytes, best.label);
  return decodeCyrillic(bytes);
}

function bestOfPairs(bytes: Uint8Array): Encoding | undefined {
  const found = [GBK, BIG5, SHIFT_JIS, EUC_JP, EUC_KR]
    .map((encoding) => ({ encoding, share: shareOf(bytes, encoding) }))
    .filter(({ share }) => share >= LEAST_SHARE)
    .sort((a, b) => b.share - a.share)
    .map(({ encoding }) => encoding);
  return found.includes(EUC_KR) && isKorean(bytes) ? EUC_KR : (ofKana(bytes, found) ?? preferred(found, bytes));
}

/** Windows-1252: letters, and quotes, dashes and signs that words begin or end with. */
const isWesternLetter = (byte: number): boolean => byte >= 0xc0 && byte !== 0xd7 && byte !== 0xf7;
const isQuoteOrLetter = (byte: number): boolean =>
  isWesternLetter(byte) || isWithin(byte, 0x91, 0x97) || WESTERN_SIGNS.has(byte);
const WESTERN_SIGNS: ReadonlySet<number> = new Set([
  ...[0x80, 0x84, 0x85, 0x8a, 0x8c, 0x8e, 0x99, 0x9a, 0x9c, 0x9e, 0x9f],
  ...[0xa1, 0xab, 0xb0, 0xbb, 0xbf],
]);

/** Letters side by side, a quote beside a letter, other signs alone: texts of two bytes a letter have longer runs. */
function isWestern(bytes: Uint8Array): boolean {
  for (let from = 0; from < bytes.length; from++) {
    if (!isBeyondAscii(bytes[from])) continue;
    let to = from;
    while (to < bytes.length && isBeyondAscii(bytes[to])) to++;
    if (!isWesternRun(bytes.subarray(from, to))) return false;
    from = to;
  }
  return true;
}

/** Without the space that keeps words together. */
const isBeyondAscii = (byte: number): boolean => byte >= 0x80 && byte !== 0xa0;

function isWesternRun(run: Uint8Array): boolean {
  if (run.length === 1) return (run[0] > 0xa0 && run[0] !== 0xa4) || isQuoteOrLetter(run[0]);
  return run.every(isWesternLetter) || (run.length === 2 && run.every(isQuoteOrLetter));
}

/** The share of letters beyond ASCII that texts are made of; 0 where a byte fits nowhere, or there are too few. */
function shareOf(bytes: Uint8Array, { judge, single = [1, 0] }: Encoding): number {
  let [letters, common] = [0, 0];
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i] < 0x80) continue;
    letters++;
    if (isWithin(bytes[i], ...single)) continue;
    const isCommon = i + 1 < bytes.length ? judge(bytes[i], bytes[i + 1]) : undefined;
    if (isCommon === undefined) return 0;
    if (isCommon) common++;
    i++;
  }
  return letters < LEAST_LETTERS ? 0 : common / letters;
}

/** Western letters and quotes before plain ones look like Big5 and Shift_JIS; of their trails a good part is beyond ASCII. */
function preferred(found: readonly Encoding[], bytes: Uint8Array): Encoding | undefined {
  const usual = found.filter((encoding) => encoding !== EUC_KR && encoding !== EUC_JP);
  const isMostlyHigh = highTrails(bytes) > 0.3;
  // Katakana have plain trails, and leads that no Western text has.
  const hasKana = shareOfPairs(bytes, (lead) => isWithin(lead, 0x81, 0x83)) > 0.3;
  return usual.find((encoding) => encoding === GBK || isMostlyHigh || (encoding === SHIFT_JIS && hasKana));
}

function highTrails(bytes: Uint8Array): number {
  let [letters, high] = [0, 0];
  for (let i = 0; i + 1 < bytes.length; i++) {
    if (bytes[i] < 0x80) continue;
    letters++;
    if (bytes[++i] >= 0x80) high++;
  }
  return high / letters;
}

/** Rows of kana are the same in GB 2312, and hardly used there. */
function ofKana(bytes: Uint8Array, found: readonly Encoding[]): Encoding | undefined {
  if (!found.includes(EUC_JP)) return undefined;
  return shareOfPairs(bytes, (lead) => lead === 0xa4 || lead === 0xa5) > 0.05 ? EUC_JP : undefined;
}

/** The most frequent syllables of Korean; in Chinese they are characters that hardly any text has. */
const SYLLABLES: ReadonlySet<number> = new Set([
  ...[0xc0cc, 0xb0a1, 0xb4c2, 0xc0bb, 0xc0c7, 0xbfa1, 0xb4d9, 0xc0ba, 0xb0ed, 0xc7d1, 0xc1f6, 0xb1e2, 0xbbe7, 0xc0ce],
  ...[0xb7ce, 0xb8a6, 0xbec6, 0xc7cf, 0xc0da, 0xbcad, 0xb8ae, 0xb5b5],
]);

function isKorean(bytes: Uint8Array): boolean {
  return shareOfPairs(bytes, (lead, trail) => SYLLABLES.has((lead << 8) | trail)) > 0.1;
}

function shareOfPairs(bytes: Uint8Array, isWanted: (lead: number, trail: number) => boolean): number {
  let [letters, wanted] = [0, 0];
  for (let i = 0; i + 1 < bytes.length; i++) {
    if (bytes[i] < 0x80) continue;
    letters++;
    if (isWanted(bytes[i], bytes[i + 1])) wanted++;
    i++;
  }
  return letters === 0 ? 0 : wanted / letters;
}

/** How often each letter from 0xE0 on is met in a thousand: first in Russian, then in languages that have others there. */
const RUSSIAN = [
  ...[80, 16, 45, 17, 30, 85, 9, 17, 74, 12, 35, 44, 32, 67, 110, 28],
  ...[47, 55, 63, 26, 3, 10, 5, 15, 7, 4, 1, 19, 17, 3, 6, 20],
];
const GREEK = [
  ...[1, 87, 7, 17, 17, 63, 4, 40, 12, 62, 41, 31, 34, 62, 4, 73],
  ...[41, 43, 40, 46, 80, 35, 9, 12, 2, 15, 1, 1, 18, 11, 10, 1],
];
const HEBREW = [
  ...[63, 48, 13, 26, 109, 104, 13, 25, 12, 110, 8, 27, 74, 30, 46, 15],
  ...[29, 15, 32, 3, 17, 2, 12, 21, 56, 44, 50, 1, 1, 1, 1, 1],
];
/** As Nordic and German words have them: å, ä, æ, é, ö and ø. */
const WESTERN = [
  ...[20, 20, 10, 10, 120, 150, 150, 15, 30, 100, 15, 5, 5, 10, 10, 5],
  ...[10, 20, 10, 15, 15, 5, 120, 1, 150, 5, 5, 5, 80, 5, 5, 5],
];

/** Greek writes its accents below 0xE0; between small letters these are capitals in Russian. */
const GREEK_ACCENTS: readonly [from: number, to: number] = [0xdc, 0xdf];

/** What Unix and DOS write. */
const OTHER_CYRILLIC = ['koi8-u', 'ibm866'] as const;

/** Small letters of KOI8 are capitals in Windows-1251, which texts hardly consist of: the likelier reading counts. */
function decodeCyrillic(bytes: Uint8Array): string | undefined {
  if (isCyrillic(bytes)) return decodeAs(bytes, 'windows-1251');
  const capitals = Array.from(
    bytes.filter((byte) => isWithin(byte, 0xc0, 0xdf)),
    (byte) => byte - 0xc0,
  );
  for (const label of OTHER_CYRILLIC) {
    const text = decodeAs(bytes, label);
    const own = text === undefined ? undefined : toWindows1251(text);
    const letters = Array.from(own?.filter((byte) => byte >= 0xe0) ?? [], (byte) => byte - 0xe0);
    if (own && isCyrillic(own) && likelihood(letters, RUSSIAN) > likelihood(capitals, RUSSIAN) + 1) return text;
  }
  return undefined;
}

/** Letters of Russian and plain signs; a byte that stands for none of them for all others. */
function toWindows1251(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => {
    const code = letter.charCodeAt(0);
    if (isWithin(code, 0x410, 0x44f)) return code - 0x410 + 0xc0;
    if (code === 0x401 || code === 0x451) return code === 0x401 ? 0xa8 : 0xb8;
    if ([0x404, 0x406, 0x407, 0x454, 0x456, 0x457, 0x490, 0x491].includes(code)) return UKRAINIAN;
    return code < 0x80 ? code : OTHER_SIGN;
  });
}
/** Bytes that are a letter between others, and none. */
const UKRAINIAN = 0xb8;
const OTHER_SIGN = 0x98;

/** Words of letters beyond ASCII, most of them small, whose frequencies are nearest to Russian. */
function isCyrillic(bytes: Uint8Array): boolean {
  let [high, inWords, small, accents] = [0, 0, 0, 0];
  const letters: number[] = [];
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i] < 0x80) continue;
    high++;
    const isLetter = bytes[i] >= 0xc0 || bytes[i] === 0xa8 || bytes[i] === 0xb8;
    if (isLetter && ((bytes[i - 1] ?? 0) >= 0xc0 || (bytes[i + 1] ?? 0) >= 0xc0)) inWords++;
    if (bytes[i] >= 0xe0) small = letters.push(bytes[i] - 0xe0);
    else if (isWithin(bytes[i], ...GREEK_ACCENTS) && (bytes[i - 1] ?? 0) >= 0xe0) accents++;
  }
  const isWords = high >= 4 && inWords > 0.85 * high && small > 0.5 * high && accents <= 0.05 * high;
  const russian = likelihood(letters, RUSSIAN);
  return isWords && [GREEK, HEBREW, WESTERN].every((other) => russian > likelihood(letters, other) + 1);
}

const likelihood = (letters: readonly number[], often: readonly number[]): number =>
  letters.reduce((sum, letter) => sum + Math.log(often[letter]), 0);
