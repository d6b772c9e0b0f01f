/** JSON as people hand it on: in a fence of Markdown, in a program or a command for a server, with comments, as Python prints it, a line each. */
import { AppError } from '../../../errors';
import { pythonToJson } from '../../python-literal';
import { relaxJson, TEXTS_AND_COMMENTS } from '../../relaxed-text';
import { readJson, type Json } from '../document';

/** Each may be read to the end of the text: fewer where that is long. */
const MOST_BLOCKS = 24;
const LONG = 2_000_000;
const MOST_OF_LONG = 3;

/** What a graph has in any of its forms: nothing else is read. */
const WORDS = /class_type|nodes/;

/** The text as a whole, or what stands in brackets in it, in its order. Nothing where no part of it is JSON. */
export function* readJsonInText(text: string): Generator<Json> {
  const whole = tryRead(text);
  if (whole !== undefined) yield whole;
  else
    for (const block of blocksOf(text)) {
      const json = readBlock(block);
      if (json !== undefined) yield json;
    }
}

function readBlock(block: string): Json | undefined {
  for (const write of [same, relaxJson, pythonToJson, unescaped]) {
    const written = write(block);
    const json = written === undefined ? undefined : tryRead(written);
    if (json !== undefined) return json;
  }
  return undefined;
}

const same = (text: string): string => text;

/** The inside of a text of JSON, or what stands between a shell's quotes. */
function unescaped(text: string): string | undefined {
  return /^[[{]\s*(?:\\n\s*)?\\"/.test(text) ? text.replace(/\\n/g, '\n').replace(/\\(["\\])/g, '$1') : undefined;
}

function tryRead(text: string): Json | undefined {
  try {
    return readJson(text);
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}

/** What is in brackets that close, and may hold a graph. What does not close is looked into. */
function* blocksOf(text: string): Generator<string> {
  let after = 0;
  let tries = text.length > LONG ? MOST_OF_LONG : MOST_BLOCKS;
  for (const { index } of text.matchAll(/[[{](?=\s*(?:\\n\s*)?\\?["'[{/])/g)) {
    if (index < after || tries === 0) continue;
    tries--;
    const end = closingBracket(text, index);
    if (end === undefined) continue;
    after = end;
    const block = text.slice(index, end);
    if (WORDS.test(block)) yield block;
  }
}

/** What is not closed reaches to the end here, too. */
const ESCAPED_TEXTS = /\\"(?:\\\\\\[^]|(?!\\")[^])*(?:\\"|$)/;

/** Behind the bracket that closes this one: brackets in texts and comments do not count. */
function closingBracket(text: string, start: number): number | undefined {
  const isEscaped = /^.\s*(?:\\n\s*)?\\"/.test(text.slice(start, start + 40));
  const texts = isEscaped ? ESCAPED_TEXTS : TEXTS_AND_COMMENTS;
  const token = new RegExp(`${texts.source}|[[\\]{}]`, 'g');
  token.lastIndex = start;
  let depth = 0;
  for (let found = token.exec(text); found; found = token.exec(text)) {
    const [what] = found;
    if (what === '{' || what === '[') depth++;
    else if ((what === '}' || what === ']') && --depth === 0) return token.lastIndex;
  }
  return undefined;
}
