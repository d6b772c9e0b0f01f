/** What chats, logs, mails and tools write around an infotext or before each of its lines, taken off. Times tell most of them. */
import { canonicalKey } from '../../recipe/infotext/key-names';
import { decodeEntities, withoutTags } from './html';
import { scanPairs } from '../../recipe/infotext/scan-pairs';
import { labelOf } from './words-of-labels';

const HAS_STEPS = /(?<![\p{L}\p{N}])steps["*]{0,3}[ \t]*[:=：][ \t]*["*]{0,3}[ \t]*\d/iu;

const TIME = String.raw`\d{1,2}:\d\d(?::\d\d)?(?:[.,]\d{1,6})?(?:[ \u202f]?[AP]\.?M\.?)?`;
const DATE = String.raw`(?:\d{4}-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./]\d{2,4})`;
const STAMP = String.raw`(?:${DATE}[T, ]{1,2}${TIME}(?:Z|[+-]\d\d:?\d\d)?|${TIME})`;
const LEVEL = String.raw`(?:INFO|DEBUG|WARN(?:ING)?|ERROR|LOG|TRACE)`;
/** Names of people, loggers and files. */
const NAME = String.raw`[\p{L}\p{N}_.@~ -]{1,40}`;

const DATED = new RegExp(`${DATE}[T, ]{1,2}${TIME}`, 'iu');

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

/** Lines that say who wrote, and when: a date or a time tells them from words of prompts. */
const HEADERS: readonly RegExp[] = [
  new RegExp(
    String.raw`^${NAME}[ \t]+[—–-][ \t]+(?:today|yesterday|heute|gestern|hier|aujourd.hui|hoy|ayer|${DATE})[^\n]{0,12}${TIME}$`,
    'iu',
  ),
  new RegExp(String.raw`^${NAME},[ \t]+\[.{1,40}${TIME}\]:?$`, 'iu'),
  new RegExp(String.raw`^${NAME}(?:[ \t]{2,4}(?=[\d:]{4,5}[ \u202f]?[AP]\.?M)|[ \t]${DATE}[T, ]{1,2})${TIME}$`, 'iu'),
  /^(?:On|Am|Le|El|Il|Em|Op) (?=.{0,60}(?:\d{4}|\d:\d\d|\d[./]\d)).{5,140}(?:wrote|schrieb.{0,60}|a écrit|escribió|ha scritto|escreveu|schreef) ?:$/iu,
  /^-{2,}[ ]?(?:Original|Forwarded|Ursprüngliche|Weitergeleitete)[ \p{L}]{0,20}-{0,}$/iu,
  /^#{1,6}[ \t]+(?:image|picture|example|result|sample)[ \t#]{0,3}\d{1,4}[ \t]*:?$/i,
  // Words of a prompt may end so, too: without folders a name of a file has no spaces.
  /^(?:(?:[A-Za-z]:[\\/]|[./~]{1,3})[^\n<>"|?*]{1,200}|[^\s<>"|?*,:]{1,200})\.(?:png|jpe?g|webp|avif)$/iu,
  /^(?:png ?info|parameters|generation (?:data|info|parameters)|infotext|exif|metadata|image info)[ \t]*:?$/i,
  /^!\[[^\]\n]{0,400}\]\((?:https?:[^)\n]{1,2000}|[^)\n]{1,200}\.(?:png|jpe?g|webp|avif|gif))\)$/i,
];
const MOST_HEADERS = 12;
/** "Subject: a knight" and "Date: 1400" are prompts, too: the sender must be there, and one more of these beside it. */
const MAIL = /^(?:From|To|Cc|Sent|Date|Subject|Von|An|Gesendet|Datum|Betreff): \S.{0,200}$/u;
const SENDER = /^(?:From|Von): /u;

/** Viewers of files print all that a file holds: the text stands behind its own label. */
const OWN_LABEL = /^[ \t]*(?:\[?(?:PNG|EXIF|XMP|File)[\]:][ \t]*)?(?:parameters|user ?comment)[ \t]*:[ \t]*/im;
/** A line of exiftool's, aligned with spaces. */
const ALIGNED = /^[A-Z][\w /()-]{1,40}[ \t]{2,}: .*$/gm;
const CHUNK = /^\W{0,4}(?:tEXt|iTXt|zTXt)[ \t:]*parameters(?:\0|\s|:)+/;

/** A block of YAML below its key. */
const BLOCK = /^(?:parameters|infotext|user_?comment|generation_data):[ \t]*[|>][+-]?[ \t]*\n/i;

/** Takes words that are cut away. */
type Cut = (words: string) => void;

/** The text itself where nothing of this is around it. */
export function withoutSurroundings(text: string, cut: Cut): string {
  const whole = unescaped(text);
  if (!HAS_STEPS.test(whole)) return text;
  const inner = quotedPart(elementOff(whole.replace(CHUNK, '').replace(BLOCK, '')), cut);
  return inOrder(inLines(withoutHeaders(withoutStamps(withoutTool(inner, cut), cut), cut)));
}

/** A text of Python or JavaScript, with its breaks escaped: one line in quotes. */
function unescaped(text: string): string {
  const line = text.trim().replace(/,$/, '');
  const isLiteral = /^['"`]/.test(line) && line.length > 1 && line.endsWith(line.charAt(0));
  if (!isLiteral || line.includes('\n') || !line.includes(String.raw`\n`)) return text;
  return line
    .slice(1, -1)
    .replace(/\\r?\\n|\\n/g, '\n')
    .replace(/\\(['"\\])/g, '$1');
}

/** HTML around all of it, or a picture that has it for its description. */
function elementOff(text: string): string {
  const [, , attribute] = /^\s*<img\b[^>]{0,2000}?\s(?:alt|title|data-[\w-]{1,40})=(["'])([^]*?)\1/i.exec(text) ?? [];
  if (attribute !== undefined && HAS_STEPS.test(attribute)) return decodeEntities(attribute);
  const isAround =
    /^\s*<(?:pre|code|textarea|p|div|span|td|li|blockquote|details)[\s>]/i.test(text) && />\s*$/.test(text);
  return isAround ? withoutTags(text, true) : text;
}

/** "Here is the prompt:", then the recipe as a quote: only that, where the quote has a prompt and the settings. */
function quotedPart(text: string, cut: Cut): string {
  const lines = text.split('\n');
  const isQuoted = (line: string): boolean => /^[ \t]*>[ \t]*\S/.test(line);
  const steps = lines.findIndex((line) => HAS_STEPS.test(line));
  if (!isQuoted(lines[steps] ?? '')) return text;
  let [from, to] = [steps, steps + 1];
  const isInside = (line: string | undefined): boolean => line !== undefined && /^[ \t]*(?:>|$)/.test(line);
  while (isInside(lines[from - 1])) from--;
  while (isInside(lines[to])) to++;
  while (!isQuoted(lines[from])) from++;
  const around = [...lines.slice(0, from), ...lines.slice(to)];
  // Settings and prompts around it are of the same recipe.
  const isOfRecipe = (line: string): boolean =>
    labelOf(/^[^\p{L}]{0,8}([^:]{1,30}):/u.exec(line)?.[1]?.trim() ?? '') !== undefined;
  if (/^[ \t>]*(?:negative prompt|steps)[ \t]*:/i.test(lines[from]) || around.some(isOfRecipe)) return text;
  if (
    from === steps ||
    lines.slice(0, from).every((line) => line.trim() === '') ||
    around.some((line) => HAS_STEPS.test(line))
  )
    return text;
  cut(around.filter((line) => line.trim() !== '').join('\n'));
  return lines.slice(from, to).join('\n');
}

function withoutTool(text: string, cut: Cut): string {
  const match = OWN_LABEL.exec(text);
  const before = match ? text.slice(0, match.index).trim() : '';
  // What stands before must be lines of labels, too.
  if (!match || before === '' || !before.split('\n').every((line) => /^[ \t]*[\w /:().-]{1,60}:/.test(line)))
    return text;
  const own = text.slice(match.index + match[0].length);
  // Tools indent it or align its colon; "Parameters: 5 cats" are words.
  if (!/^[ \t[]|[ \t]{2,}:/.test(match[0]) || !HAS_STEPS.test(own)) return text;
  cut(before);
  return own.replace(ALIGNED, '').trim();
}

/** Before the first line and the line of parameters; before the first alone only with a date, as prompts begin with "[12:30]". */
function withoutStamps(text: string, cut: Cut): string {
  const lines = text.split('\n');
  const parameters = lines.slice(1).find((line) => HAS_STEPS.test(line)) ?? '';
  const isStamp = (stamp: RegExp): boolean => stamp.test(parameters) || DATED.test(stamp.exec(lines[0])?.[0] ?? '');
  const stamp = BEFORE_LINE.find((pattern) => pattern.test(lines[0]) && isStamp(pattern));
  if (!stamp || /^\s*steps\b/i.test(lines[0])) return text;
  cut((stamp.exec(lines[0])?.[0] ?? '').trim());
  const isOnAll = stamp.test(parameters);
  return lines.map((line) => line.replace(stamp, (found) => (isOnAll || DATED.test(found) ? '' : found))).join('\n');
}

function withoutHeaders(text: string, cut: Cut): string {
  const lines = text.split('\n');
  let first = 0;
  const mail = lines.slice(0, MOST_HEADERS).filter((line) => MAIL.test(line.trim()));
  const isMail = mail.length > 1 && mail.some((line) => SENDER.test(line.trim()));
  const isHeader = (line: string): boolean =>
    (isMail && MAIL.test(line.trim())) || HEADERS.some((header) => header.test(line.trim()));
  while (first < Math.min(lines.length - 1, MOST_HEADERS) && (lines[first].trim() === '' || isHeader(lines[first])))
    first++;
  // A prompt must be left.
  const isLeft = !/^(?:negative prompt|steps)[ \t]*:/i.test(lines[first]);
  if (!isLeft || !lines.slice(0, first).some(isHeader)) return text;
  cut(lines.slice(0, first).join('\n').trim());
  return lines.slice(first).join('\n');
}

const MOST_OF_ONE_LINE = 10_000;

/** "Steps: 18, Seed: 77, Prompt: a cat, Negative prompt: dogs": all on one line, the prompts at its end. */
function inLines(text: string): string {
  if (text.length > MOST_OF_ONE_LINE || text.trim().includes('\n')) return text;
  const [, settings, prompt, negative = ''] =
    /^(Steps: ?\d[^\n]{0,2000}?), Prompt: ([^\n]+?)(?:, (Negative prompt: [^\n]*))?$/i.exec(text.trim()) ?? [];
  return settings === undefined
    ? text
    : [`Prompt: ${prompt}`, ...(negative === '' ? [] : [negative]), settings].join('\n');
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
