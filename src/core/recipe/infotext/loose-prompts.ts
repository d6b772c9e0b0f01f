/** What stands before the parameters of a broken infotext: prompt, negative prompt, templates, words of viewers. */
import { trimSpace } from '../../prompt/characters';
import type { Pair } from './scan-pairs';
import type { InfotextParts } from './split-infotext';

/** Dynamic Prompts, SD.Next. */
const TEMPLATE_LINE = /^(template|negative[ _]template)\s*:\s*(.*)$/i;

/** Undefined where the line is none. */
export function templatePair(line: string): Pair | undefined {
  const [, word, value] = TEMPLATE_LINE.exec(line) ?? [];
  if (word === undefined) return undefined;
  return { key: /^negative/i.test(word) ? 'Negative template' : 'Template', value: JSON.stringify(value) };
}

/** Draw Things has a dash before the negative prompt, on a line of its own. */
export function withDashedNegative<Parts extends InfotextParts>(parts: Parts): Parts {
  const { prompt, negativePrompt, pairs } = parts;
  const isIts = ['Seed Mode', 'Guidance Scale'].every((own) => pairs.some(({ key }) => key === own));
  // Lines of a prompt may begin so, too: the negative prompt comes last.
  const at = isIts && negativePrompt === '' ? ([...prompt.matchAll(/\n-(?=\S)/g)].at(-1)?.index ?? -1) : -1;
  if (at < 0) return parts;
  return { ...parts, prompt: prompt.slice(0, at), negativePrompt: trimSpace(prompt.slice(at + 2)) };
}

const PARTS: readonly (readonly [part: 'negative' | 'template' | 'negativeTemplate', pattern: RegExp])[] = [
  ['negative', /negative[ _]prompt\s*:/i],
  ['negativeTemplate', /negative[ _]template\s*:/i],
  ['template', /(?<!negative[ _])template\s*:/i],
];

/** Parts begin wherever their word stands. A part's own end may be the "." that exiftool writes for a line break. */
export function splitPrompts(text: string): { prompt: string; negativePrompt: string; extra: Pair[] } {
  const whole = withoutLabel(text).replace(LABEL_OF_PAIRS, '');
  const starts = PARTS.flatMap(([part, pattern]) => {
    const match = pattern.exec(whole);
    return match ? [{ part, at: match.index, from: match.index + match[0].length }] : [];
  }).sort((a, b) => a.at - b.at);
  const endOf = (i: number) => (i < starts.length ? starts[i].at : whole.length);
  const texts = new Map(starts.map(({ part, from }, i) => [part, tidy(whole.slice(from, endOf(i + 1)))]));
  const extra = (['template', 'negativeTemplate'] as const).flatMap((part): Pair[] => {
    const value = texts.get(part);
    return value ? [{ key: part === 'template' ? 'Template' : 'Negative template', value: JSON.stringify(value) }] : [];
  });
  return { prompt: tidy(whole.slice(0, endOf(0))), negativePrompt: texts.get('negative') ?? '', extra };
}

/** What stands before the parameters to say so. */
const LABEL_OF_PAIRS =
  /(?:^|\n)[ \t>*_#-]{0,12}(?:generation |other )?(?:parameters|settings|params|details|info|参数|參數|设置|設定|パラメータ)\*{0,2}[ \t]*[:：]\*{0,2}\s*$/i;

/** Lines as A1111 trims them. */
function tidy(text: string): string {
  const lines = text
    .replace(/(?<=[^\s.])\.$|^```\w*|```$/g, '')
    .split('\n')
    .map(trimSpace);
  return trimSpace(lines.join('\n'));
}

/** What viewers print before the text: the chunk's keyword, the tag's name, the mark of a quote. */
const LABEL =
  /^[\s"'`>#*]*(?:png ?info|parameters|generation (?:data|info|parameters|details)|user ?comment|comment|exif|prompt info|infotext|positive prompt|prompt)\*{0,2}[ \t]*(?::|\n)\s*/i;

export function withoutLabel(text: string): string {
  return text.replace(LABEL, '');
}
