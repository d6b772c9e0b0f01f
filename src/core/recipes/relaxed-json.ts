/** What people write by hand and paste for JSON: comments, commas at the end, keys without quotes, an object a line. */
import { readPythonJson } from '../comfyui/read-json';
import { pythonToJson } from './python-literal';

/** Longer texts are written by programs. */
const MOST_LETTERS = 200_000;
const MOST_LINES = 200;

/** Undefined where it is no JSON of these kinds either. */
export function readRelaxedJson(text: string): unknown {
  if (text.length > MOST_LETTERS) return undefined;
  const python = pythonToJson(text);
  const first = python === undefined ? undefined : readPythonJson(python);
  if (first !== undefined) return first;
  const relaxed = relax(text);
  const quoted = pythonToJson(relaxed);
  return readPythonJson(relaxed) ?? (quoted === undefined ? undefined : readPythonJson(quoted)) ?? readLines(text);
}

/** JSON Lines as a list. */
function readLines(text: string): unknown {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  if (lines.length < 2 || lines.length > MOST_LINES || !lines.every((line) => /^\s*\{.*\}\s*$/.test(line)))
    return undefined;
  const list = lines.map(readPythonJson);
  return list.includes(undefined) ? undefined : list;
}

/** A text or comment that is not closed reaches to the end: no such JSON is valid, and looking again at each quote within is slow. */
const TOKENS = /"(?:\\[^]|[^"\\])*(?:"|\\?$)|'(?:\\[^]|[^'\\])*(?:'|\\?$)|\/\/[^\n]*|\/\*[^]*?(?:\*\/|$)/g;

/** Outside of texts: no comments, no comma before a closing bracket, quotes around keys. */
function relax(text: string): string {
  const parts: string[] = [];
  let at = 0;
  for (const { 0: token, index } of text.matchAll(TOKENS)) {
    parts.push(plain(text.slice(at, index)), token.startsWith('/') ? ' ' : token);
    at = index + token.length;
  }
  return withoutLastCommas([...parts, plain(text.slice(at))].join(''));
}

const plain = (piece: string): string => piece.replace(/(?<![\w$])([A-Za-z_$][\w$]*)(?![\w$])(?=\s{0,8}:)/g, '"$1"');

/** `, }` and `, ]`, where no text is open. */
function withoutLastCommas(text: string): string {
  return text.replace(/("(?:\\[^]|[^"\\])*(?:"|\\?$))|,(?=\s*[\]}])/g, (_, string: string | undefined) => string ?? '');
}
