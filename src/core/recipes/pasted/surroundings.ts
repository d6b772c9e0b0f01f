/** What chats, logs, mails and tools write around an infotext or before each of its lines, taken off. Times tell most of them. */
import { canonicalKey } from '../../recipe/infotext/key-names';
import { decodeEntities, withoutTags } from './html';
import { scanPairs } from '../../recipe/infotext/scan-pairs';

const HAS_STEPS = /(?<![\p{L}\p{N}])steps["*]{0,3}[ \t]*[:=：][ \t]*["*]{0,3}[ \t]*\d/iu;

const TIME = String.raw`\d{1,2}:\d\d(?::\d\d)?(?:[.,]\d{1,6})?(?:[ \u202f]?[AP]\.?M\.?)?`;
const DATE = String.raw`(?:\d{4}-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./]\d{2,4})`;
const STAMP = String.raw`(?:${DATE}[T, ]{1,2}${TIME}(?:Z|[+-]\d\d:?\d\d)?|${TIME})`;
const LEVEL = String.raw`(?:INFO|DEBUG|WARN(?:ING)?|ERROR|LOG|TRACE)`;
/** Names of people, loggers and files. */
const NAME = String.raw`[\p{L}\p{N}_.@~ -]{1,40}`;

/** Before a line: "[12.11.26, 14:05:33] Alice: ", "14:05 <alice> ", "2026-11-12 14:05:33,120 - INFO - ". */
const BEFORE_LINE: readonly RegExp[] = [
  new RegExp(
    String.raw`^\[?${STAMP}\]?[ \t]*(?:[-–|][ \t]*)?(?:\[?${LEVEL}\]?[ \t:|-]{1,4})(?:(?:infotext|parameters)[ \t]{0,4}[:|-][ \t]*)?`,
    'iu',
  ),
  new RegExp(String.raw`^\[?${LEVEL}\]?[ \t]*[:|-][ \t]*`, 'u'),
  new RegExp(String.raw`^(?:\[?${STAMP}\]?[ \t]*(?:[-–][ \t]*)?)?<[ @+%]?[\p{L}\p{N}_.|-]{1,40}>[ \t]+`, 'iu'),
  new RegExp(
    String.raw`^(?:\[${STAMP}\]|${DATE}[T, ]{1,2}${TIME})[ \t]*(?:[-–][ \t]*)?(?!(?:positive |negative )?prompt|negative|steps|parameters)${NAME}:[ \t]+`,
    'iu',
  ),
  new RegExp(String.raw`^\[${STAMP}\][ \t]+`, 'iu'),
];

/** Lines that say who wrote, and when. */
const HEADERS: readonly RegExp[] = [
  new RegExp(
    String.raw`^${NAME}[ \t]+[—–-][ \t]+(?:today|yesterday|heute|gestern|hier|aujourd.hui|hoy|ayer|${DATE})[^\n]{0,12}${TIME}$`,
    'iu',
  ),
  new RegExp(String.raw`^${NAME},[ \t]+\[.{1,40}${TIME}\]:?$`, 'iu'),
  new RegExp(String.raw`^${NAME}(?:[ \t]{2,4}|[ \t]${DATE}[T, ]{1,2})${TIME}$`, 'iu'),
  /^(?:On|Am|Le|El|Il|Em|Op) .{5,140}(?:wrote|schrieb.{0,60}|a écrit|escribió|ha scritto|escreveu|schreef) ?:$/iu,
  /^-{2,}[ ]?(?:Original|Forwarded|Ursprüngliche|Weitergeleitete)[ \p{L}]{0,20}-{0,}$/iu,
  /^(?:From|To|Cc|Sent|Date|Subject|Von|An|Gesendet|Datum|Betreff): \S.{0,200}$/u,
  /^!\[[^\]\n]{0,400}\]\([^)\n]{1,2000}\)$/,
];
const MOST_HEADERS = 12;

/** Viewers of files print all that a file holds: the text stands behind its own label. */
const OWN_LABEL = /^[ \t]*(?:\[?(?:PNG|EXIF|XMP|File)[\]:][ \t]*)?(?:parameters|user ?comment)[ \t]*:[ \t]*/im;
/** A line of exiftool's, aligned with spaces. */
const ALIGNED = /^[A-Z][\w /()-]{1,40}[ \t]{2,}: .*$/gm;
const CHUNK = /^\W{0,4}(?:tEXt|iTXt|zTXt)[ \t:]*parameters(?:\0|\s|:)+/;

/** A text of Python or JavaScript, with its breaks escaped. */
const LITERAL = /^(['"`])([^\n]*\\n[^\n]*)\1,?$/;

/** A block of YAML below its key. */
const BLOCK = /^(?:parameters|infotext|user_?comment|generation_data):[ \t]*[|>][+-]?[ \t]*\n/i;

/** The text itself where nothing of this is around it. */
export function withoutSurroundings(text: string): string {
  const whole = unescaped(text);
  if (!HAS_STEPS.test(whole)) return text;
  const inner = quotesOff(elementOff(whole.replace(CHUNK, '').replace(BLOCK, '')));
  return inOrder(withoutHeaders(withoutStamps(withoutTool(inner))));
}

function unescaped(text: string): string {
  const [, , inner] = LITERAL.exec(text.trim()) ?? [];
  return inner === undefined ? text : inner.replace(/\\r?\\n|\\n/g, '\n').replace(/\\(['"\\])/g, '$1');
}

/** HTML around all of it, or a picture that has it for its description. */
function elementOff(text: string): string {
  const [, , attribute] = /^\s*<img\b[^>]{0,2000}?\s(?:alt|title|data-[\w-]{1,40})=(["'])([^]*?)\1/i.exec(text) ?? [];
  if (attribute !== undefined && HAS_STEPS.test(attribute)) return decodeEntities(attribute);
  return /^\s*<(?:pre|code|textarea|p|div|span|td|li|blockquote|details)[\s>]/i.test(text) ? withoutTags(text) : text;
}

/** Only some lines of a mail may be quoted: where the parameters are, the marks go. */
function quotesOff(text: string): string {
  const marked = text.split('\n').filter((line) => /^\s*>/.test(line));
  return marked.length > 1 && marked.some((line) => HAS_STEPS.test(line))
    ? text.replace(/^[ \t]*(?:>[ \t]?)+/gm, '')
    : text;
}

function withoutTool(text: string): string {
  const match = OWN_LABEL.exec(text);
  const before = match ? text.slice(0, match.index).trim() : '';
  // What stands before must be lines of labels, too.
  if (!match || before === '' || !before.split('\n').every((line) => /^[ \t]*[\w /:().-]{1,60}:/.test(line)))
    return text;
  return text
    .slice(match.index + match[0].length)
    .replace(ALIGNED, '')
    .trim();
}

/** Before the line of parameters, or before the first: then before all that have it. */
function withoutStamps(text: string): string {
  const lines = text.split('\n');
  const stamp = BEFORE_LINE.find((pattern) => pattern.test(lines[0]));
  if (!stamp || /^\s*steps\b/i.test(lines[0])) return text;
  return lines.map((line) => line.replace(stamp, '')).join('\n');
}

function withoutHeaders(text: string): string {
  const lines = text.split('\n');
  let first = 0;
  const isHeader = (line: string): boolean => HEADERS.some((header) => header.test(line.trim()));
  while (first < Math.min(lines.length - 1, MOST_HEADERS) && (lines[first].trim() === '' || isHeader(lines[first])))
    first++;
  // A prompt must be left.
  const isLeft = !/^(?:negative prompt|steps)[ \t]*:/i.test(lines[first]);
  return isLeft && lines.slice(0, first).some(isHeader) ? lines.slice(first).join('\n') : text;
}

/** The negative prompt first, or the settings: A1111 has them behind the prompt. */
function inOrder(text: string): string {
  const lines = text.split('\n');
  const at = lines.findIndex((line, i) => i > 0 && /^(?:positive )?prompt[ \t]*:/i.test(line));
  const end = lines.findIndex((line, i) => i > at && /^(?:negative prompt|steps)[ \t]*:/i.test(line));
  if (at < 0 || !/^(?:negative prompt|steps)[ \t]*:/i.test(lines[0])) return text;
  const prompt = lines.slice(at, end < 0 ? lines.length : end);
  const others = lines.filter((_, i) => i < at || (end >= 0 && i >= end));
  const isSettings = (line: string): boolean => /^steps[ \t]*:/i.test(line);
  return [...prompt, ...others.filter((line) => !isSettings(line)), ...others.filter(isSettings)].join('\n');
}

const LEAST_PAIRS = 3;

/** Up to the end of the first recipe, where several stand below each other, and how many there are. */
export function firstRecipe(text: string): { text: string; count: number } {
  const lines = text.split('\n');
  const ends = lines.flatMap((line, i) => (isParameters(line) ? [i] : []));
  if (ends.length < 2) return { text, count: ends.length };
  return { text: lines.slice(0, ends[0] + 1).join('\n'), count: ends.length };
}

function isParameters(line: string): boolean {
  if (!/^[\s>*]{0,8}Steps: ?\d/.test(line)) return false;
  const known = new Set(scanPairs(line).map(({ key }) => canonicalKey(key)));
  known.delete(undefined);
  return known.size >= LEAST_PAIRS;
}
