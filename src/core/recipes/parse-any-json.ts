/** JSON as programs and people write it. */
import { readPythonJson } from '../comfyui/read-json';
import { parseJson } from '../recipe/json-end';
import { readRelaxedJson } from './relaxed-json';

/** People note above it what it is: `// my workflow`, `# from a server`. A line's comment ends with its line. */
const COMMENT = /\s*(?:\/\/[^\n]*\n|#[^\n]*\n|\/\*[^]*?\*\/)/y;

/** Undefined where the text is no JSON, nor Python's print of one. */
export function parseAnyJson(text: string): unknown {
  const whole = text.trim();
  const inFence = (whole.endsWith('```') ? whole.slice(0, -3) : whole).replace(/^```(?:json)?/, '');
  const trimmed = inFence.slice(endOfComments(inFence)).trim();
  if (!/^[[{"]/.test(trimmed)) return undefined;
  return readPythonJson(trimmed) ?? readRelaxedJson(trimmed) ?? readEscaped(trimmed);
}

/** What stands between the brackets of an object, copied without them: `"prompt": "a cat", "steps": 3`. */
export function parseMembers(text: string): unknown {
  return /^"[\w -]{1,60}"\s{0,8}:/.test(text) ? parseAnyJson(`{${text.replace(/[\s,]{1,80}$/, '')}}`) : undefined;
}

/** The inside of a text of JSON that is JSON: `{\"prompt\": \"a cat\"}`, as logs and sources have it. */
function readEscaped(text: string): unknown {
  const inner = /^[[{]\s*(?:\\n\s*)?\\"/.test(text) ? parseJson(`"${text.replace(/\r?\n/g, '\\n')}"`) : undefined;
  return typeof inner === 'string' ? readPythonJson(inner) : undefined;
}

/** Each comment is read once: a pattern with a loop in it tries every way to cut "#a #b #c" into comments. */
function endOfComments(text: string): number {
  let end = 0;
  for (COMMENT.lastIndex = 0; COMMENT.test(text);) end = COMMENT.lastIndex;
  return /^\s*[[{]/.test(text.slice(end)) ? end : 0;
}
