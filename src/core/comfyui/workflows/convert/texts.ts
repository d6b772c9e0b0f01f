/** What ComfyUI's editor does to texts when a prompt is queued: comments, choices, names and dates. */
import type { ComfyDocument, Json } from '../document';
import { nodeSpec, isWidget } from '../nodes';
import { widgetValues } from './widget-slots';

export interface TextSources {
  /** Random numbers for choices, 0 ≤ x < 1. */
  random: () => number;
  /** When the prompt is queued. */
  now: Date;
}

/** Makes every text what it is when it runs, for `toPrompt`. */
export function textPreparer(
  document: ComfyDocument,
  { random, now }: TextSources,
): (value: Json, place: { type: string; name: string }) => Json {
  return (value, { type, name }) => {
    const spec = nodeSpec(type);
    const input = spec && Object.hasOwn(spec.inputs, name) ? spec.inputs[name] : undefined;
    if (isDrawnSeed(value, type, name)) return Math.floor(random() * MOST_DRAWN);
    if (typeof value !== 'string' || !input || !isWidget(input) || input.kind !== 'text') return value;
    if (input.isDynamic) return drawChoices(value, random);
    return input.hasMarks ? fillMarks(value, document, now) : value;
  };
}

/** Packs' nodes that count as seeds −1 (drawn anew), −2 and −3 (one more or less than before, which a file does not know). */
const SEEDS_BELOW_0: readonly string[] = ['Seed (rgthree)', 'KSampler (Efficient)', 'KSampler Adv. (Efficient)'];
/** Seeds that rgthree draws are below this. */
const MOST_DRAWN = 2 ** 50;

const isDrawnSeed = (value: Json, type: string, name: string): boolean =>
  SEEDS_BELOW_0.includes(type) && /seed$/.test(name) && typeof value === 'number' && value < 0;

/** The text without comments, and with one of each `{a|b|c}`, which nest; `\{`, `\|` and `\}` stay without the stroke. */
export function drawChoices(text: string, random: () => number): string {
  const bare = text.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, '');
  /** Open choices: their options so far; the outermost is the text. */
  const open: string[][] = [['']];
  const add = (more: string) => {
    const options = open.at(-1);
    if (options) options[options.length - 1] += more;
  };
  for (let i = 0; i < bare.length; i++) {
    const character = bare.charAt(i);
    const next = bare.charAt(i + 1);
    if (character === '\\' && next !== '' && '{}|'.includes(next)) {
      add(next);
      i++;
    } else if (character === '{') open.push(['']);
    else if (character === '|' && open.length > 1) open.at(-1)?.push('');
    else if (character === '}' && open.length > 1) add(drawn(open.pop() ?? [''], random));
    else add(character);
  }
  // What is never closed is as if it were at the end.
  while (open.length > 1) add(drawn(open.pop() ?? [''], random));
  return open[0]?.[0] ?? '';
}

function drawn(options: readonly string[], random: () => number): string {
  return options[Math.min(options.length - 1, Math.floor(random() * options.length))] ?? '';
}

/** `%Node.widget%` by the node's name for this, then by title; `%date:…%`. What nothing is found for stays. */
export function fillMarks(text: string, { root }: ComfyDocument, now: Date): string {
  return text.replace(/%([^%]+)%/g, (whole, mark: string) => {
    if (/^date(:|$)/.test(mark)) return formatDate(mark.slice(5) || 'yyyy-MM-dd-hh-mm-ss', now);
    const [name, widget, ...more] = mark.split('.');
    if (widget === undefined || more.length > 0) return whole;
    const node =
      root.nodes.find(({ properties }) => properties['Node name for S&R'] === name) ??
      root.nodes.find(({ title, type }) => (title ?? nodeSpec(type)?.title ?? type) === name);
    const value = node && widgetValues(node).get(widget);
    return value === undefined || value === null || typeof value === 'object' ? whole : safe(String(value));
  });
}

/** No folder, nothing that file systems refuse. */
function safe(value: string): string {
  // eslint-disable-next-line no-control-regex
  return value.replace(/[/?<>\\:*|"\u0000-\u001f\u007f]/g, '_');
}

function formatDate(format: string, now: Date): string {
  const parts: Readonly<Record<string, number>> = {
    d: now.getDate(),
    M: now.getMonth() + 1,
    h: now.getHours(),
    m: now.getMinutes(),
    s: now.getSeconds(),
  };
  return format.replace(/yyyy|yy|d+|M+|h+|m+|s+/g, (part) => {
    if (part.startsWith('y')) return String(now.getFullYear()).slice(-part.length);
    return String(parts[part.charAt(0)] ?? '').padStart(Math.min(part.length, 2), '0');
  });
}
