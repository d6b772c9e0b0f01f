/** Nodes that make a text out of others: what they make. */
import type { NodeView } from './switches';

/** Undefined where the text is not in the graph. */
export type TextMaker = (node: NodeView) => string | undefined;

const SPECIAL: readonly (readonly [written: string, meant: string])[] = [
  ['\\n', '\n'],
  ['\\t', '\t'],
];

function delimiterOf(value: unknown): string {
  const text = typeof value === 'string' ? value : '';
  return SPECIAL.reduce((whole, [written, meant]) => whole.replaceAll(written, meant), text);
}

interface JoinOptions {
  /** The input that holds what stands between; without one nothing does. */
  delimiter?: string;
  /** What stands between where there is no such input. */
  between?: string;
  /** Texts with nothing in them are left out. */
  skipsEmpty?: boolean;
}

const join =
  (names: RegExp, { delimiter, between = '', skipsEmpty = false }: JoinOptions = {}): TextMaker =>
  ({ get, names: all }) => {
    const own = delimiter === undefined ? undefined : get(delimiter);
    const texts = all
      .filter((name) => names.test(name) && name !== delimiter)
      .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
      .map(get)
      .filter((value) => value !== undefined)
      .map(String);
    if (texts.length === 0) return undefined;
    return texts.filter((text) => !skipsEmpty || text !== '').join(own === undefined ? between : delimiterOf(own));
  };

const only =
  (...names: readonly string[]): TextMaker =>
  ({ get }) =>
    names.map(get).find((value): value is string => typeof value === 'string');

/** "append" joins, "replace" puts one for another. @see pythongosssss/ComfyUI-Custom-Scripts py/string_function.py */
const stringFunction: TextMaker = ({ get }) => {
  const [a = '', b = '', c = ''] = ['text_a', 'text_b', 'text_c']
    .map((name) => get(name))
    .map((value) => (value === undefined ? undefined : String(value)));
  if (get('action') === 'replace') return b === '' || /^\/.*\/\w*$/.test(b) ? undefined : a.replaceAll(b, c);
  if (get('tidy_tags') !== 'yes') return a + b + c;
  return [a, b, c]
    .map((text) => text.trim().replace(/^,|,$/g, '').trim())
    .filter((text) => text !== '')
    .join(', ');
};

/** A node that replaces one text by another. */
const replace =
  (text: string, find: string, by: string): TextMaker =>
  ({ get }) => {
    const [whole, wanted, other] = [get(text), get(find), get(by)];
    if (typeof whole !== 'string' || typeof wanted !== 'string') return undefined;
    return wanted === '' ? whole : whole.replaceAll(wanted, typeof other === 'string' ? other : '');
  };

/** @see ComfyUI comfy_extras/nodes_string.py */
const changeCase: TextMaker = ({ get }) => {
  const [text, mode] = [get('string'), get('mode')];
  if (typeof text !== 'string') return undefined;
  if (mode === 'UPPERCASE') return text.toUpperCase();
  if (mode === 'lowercase') return text.toLowerCase();
  if (mode === 'Capitalize') return text.charAt(0).toUpperCase() + text.slice(1).toLowerCase();
  return mode === 'Title Case'
    ? text.toLowerCase().replace(/(?<!\p{L})\p{L}/gu, (letter) => letter.toUpperCase())
    : text;
};

/** @see WAS_Node_Suite.py; KJNodes nodes.py; Comfyroll nodes_utils_text.py; Easy-Use; Impact Pack wildcards.py; ComfyUI comfy_extras/nodes_string.py */
export const TEXT_NODES: Readonly<Record<string, TextMaker>> = {
  StringConcatenate: join(/^string_[ab]$/, { delimiter: 'delimiter' }),
  StringReplace: replace('string', 'find', 'replace'),
  StringTrim: ({ get }) => String(get('string') ?? '').trim(),
  CaseConverter: changeCase,
  StringSubstring: ({ get }) => {
    const [start, end] = [get('start'), get('end')].map(Number);
    const text = get('string');
    return typeof text === 'string' && Number.isInteger(start) && Number.isInteger(end)
      ? text.slice(start, end)
      : undefined;
  },
  'Text Concatenate': join(/^text_[a-z]$/, { delimiter: 'delimiter', skipsEmpty: true }),
  'Text Concatenate (JPS)': join(/^text\d$/, { delimiter: 'delimiter', skipsEmpty: true }),
  'Text Find and Replace': replace('text', 'find', 'replace'),
  'Text Multiline': only('text'),
  'Text to Conditioning': only('text'),
  JoinStringMulti: join(/^string_\d+$/, { delimiter: 'delimiter' }),
  JoinStrings: join(/^string\d$/, { delimiter: 'delimiter' }),
  StringConstant: only('string'),
  StringConstantMultiline: only('string'),
  SomethingToString: ({ get }) => {
    const value = get('input');
    return value === undefined
      ? undefined
      : `${String(get('prefix') ?? '')}${String(value)}${String(get('suffix') ?? '')}`;
  },
  'CR Text Concatenate': join(/^text\d$/, { delimiter: 'separator' }),
  'CR Text Replace': replace('text', 'find1', 'replace1'),
  'CR Text': only('text'),
  'CR Prompt Text': only('prompt'),
  'CR Multiline Text': only('text'),
  'CR Combine Prompt': join(/^part\d$/, { delimiter: 'separator' }),
  'StringFunction|pysssss': stringFunction,
  'ShowText|pysssss': only('text', 'text_0', 'text_1'),
  'easy showAnything': only('anything', 'text'),
  'easy positive': only('positive'),
  'easy negative': only('negative'),
  'easy promptConcat': join(/^prompt\d$/, { delimiter: 'separator' }),
  'easy promptReplace': replace('prompt', 'find1', 'replace1'),
  'easy promptLine': () => undefined,
  'easy string': only('value'),
  'easy wildcards': only('populated_text'),
  ImpactWildcardProcessor: only('populated_text'),
  ImpactWildcardEncode: only('populated_text'),
  'WildcardEncode //Inspire': only('populated_text'),
  ImpactConcatConditionings: () => undefined,
  'ttN text': only('text'),
  'ttN concat': join(/^text\d$/, { delimiter: 'delimiter', skipsEmpty: true }),
  'ttN textDebug': only('text'),
  'String Literal': only('string'),
  'Simple String Combine (WLSH)': join(/^input_string$|^ext$|^added_string$/, { delimiter: 'separator' }),
  'Text _O': only('text'),
  Concat_Text_O: join(/^text\d$/, { delimiter: 'separator' }),
  ConcatText_Zho: join(/^text_\d$/, { delimiter: 'separator' }),
  DPRandomGenerator: () => undefined,
  PrimitiveString: only('value'),
  PrimitiveStringMultiline: only('value'),
  PrimitiveNode: only('value'),
  'String (Text)': only('value', 'string', 'text'),
  'Power Prompt (rgthree)': only('prompt'),
  'Power Prompt - Simple (rgthree)': only('prompt'),
  'SDXL Power Prompt - Positive (rgthree)': only('prompt_g', 'prompt_l'),
  'Display Any (rgthree)': only('source'),
  'Text box': only('Text', 'text'),
  BasicText: only('text'),
  SDPromptReader: only('positive'),
};

/** Texts are asked for by these names, in unknown nodes too. */
const TEXT_NAME = /text|prompt|string|^positive|^negative|caption|^tags$|^value$|^str$|^input$/i;
/** They stand beside texts, and are none. */
const NO_TEXT =
  /delimiter|separator|action|mode|label|path|file|name|folder|dir|style|seed|select|count|index|number|find|replace|log_|template|language|instruction|system|format|font|type|url|key|model|clean|case|return|suffix|wildcard/i;

export function isTextName(name: string): boolean {
  return TEXT_NAME.test(name) && !NO_TEXT.test(name);
}

/** Nodes of these kinds hand on something else than what stands in them. */
const CHANGES =
  /load|file|random|wildcard|replace|llm|gpt|ollama|llama|translat|generat|line|split|select|caption|interrogat|tagger|regex|remove|enhance|upsampl|describe|vision|json|csv|noodle/i;

export function changesTexts(type: string): boolean {
  return CHANGES.test(type);
}
