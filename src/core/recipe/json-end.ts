/** Where a JSON list or object that stands in a line without quotes ends. */
import { skipSpace } from '../prompt/characters';

/** Place after the last bracket, where a comma or the end of the line follows; undefined where this is no JSON. */
export function jsonEnd(line: string, start: number): number | undefined {
  const end = closingBracket(line, start);
  if (end === undefined) return undefined;
  const next = skipSpace(line, end);
  if (next < line.length && line.charAt(next) !== ',') return undefined;
  return parseJson(line.slice(start, end)) === undefined ? undefined : end;
}

function closingBracket(line: string, start: number): number | undefined {
  let depth = 0;
  let isQuoted = false;
  for (let i = start; i < line.length; i++) {
    const character = line.charAt(i);
    if (isQuoted && character === '\\') i++;
    else if (character === '"') isQuoted = !isQuoted;
    else if (isQuoted) continue;
    else if (character === '[' || character === '{') depth++;
    else if ((character === ']' || character === '}') && --depth === 0) return i + 1;
  }
  return undefined;
}

/** Undefined where the text is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
