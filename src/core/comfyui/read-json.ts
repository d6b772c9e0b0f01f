/** JSON as Python writes it: whole numbers of 64 bits, and NaN. */
import { parseJson } from '../recipe/json-end';

/** More digits than a double holds for sure. */
const MOST_DIGITS = 15;
const NOT_JSON = ['NaN', '-Infinity', 'Infinity'];

/** Undefined where this is no JSON. Whole numbers of 16 digits and more become texts, NaN becomes null. */
export function readPythonJson(text: string): unknown {
  return parseJson(markPython(text, (token) => (/^-?\d/.test(token) ? JSON.stringify(token) : 'null')).text);
}

/** The text with each long whole number and each word that is no JSON put as `write` says, and how many there were. */
export function markPython(text: string, write: (token: string) => string): { text: string; count: number } {
  const parts: string[] = [];
  let from = 0;
  const put = (start: number, end: number) => {
    parts.push(text.slice(from, start), write(text.slice(start, end)));
    from = end;
  };
  for (let at = 0; at < text.length;) {
    const character = text.charAt(at);
    if (character === '"') at = afterString(text, at);
    else if (character >= '0' && character <= '9') {
      const end = afterDigits(text, at);
      const isWhole = !/[.eE]/.test(text.charAt(end)) && !/[.eE+]/.test(text.charAt(at - 1));
      if (isWhole && end - at > MOST_DIGITS) put(text.charAt(at - 1) === '-' ? at - 1 : at, end);
      at = end;
    } else {
      const word = NOT_JSON.find((other) => text.startsWith(other, at));
      if (word !== undefined) put(at, at + word.length);
      at += word?.length ?? 1;
    }
  }
  return { text: [...parts, text.slice(from)].join(''), count: parts.length / 2 };
}

function afterString(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    const character = text.charAt(i);
    if (character === '\\') i++;
    else if (character === '"') return i + 1;
  }
  return text.length;
}

function afterDigits(text: string, start: number): number {
  let at = start;
  while (text.charAt(at) >= '0' && text.charAt(at) <= '9') at++;
  return at;
}
