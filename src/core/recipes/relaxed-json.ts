/** What people write by hand and paste for JSON: comments, commas at the end, keys without quotes, an object a line. */
import { readPythonJson } from '../comfyui/read-json';
import { pythonToJson } from '../comfyui/python-literal';
import { relaxJson } from '../comfyui/relaxed-text';

/** Longer texts are written by programs. */
const MOST_LETTERS = 200_000;
const MOST_LINES = 200;

/** Undefined where it is no JSON of these kinds either. */
export function readRelaxedJson(text: string): unknown {
  if (text.length > MOST_LETTERS) return undefined;
  const python = pythonToJson(text);
  const first = python === undefined ? undefined : readPythonJson(python);
  if (first !== undefined) return first;
  const relaxed = relaxJson(text);
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
