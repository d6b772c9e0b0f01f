/** JSON as programs and people write it. */
import { readPythonJson } from '../comfyui/read-json';
import { readRelaxedJson } from './relaxed-json';

/** People note above it what it is: `// my workflow`, `# from a server`. */
const COMMENTS_BEFORE = /^(?:\s*(?:\/\/[^\n]*|#[^\n]*|\/\*[^]*?\*\/)\s*)+(?=[[{])/;

/** Undefined where the text is no JSON, nor Python's print of one. */
export function parseAnyJson(text: string): unknown {
  const whole = text.trim();
  const trimmed = (whole.endsWith('```') ? whole.slice(0, -3) : whole)
    .replace(/^```(?:json)?/, '')
    .replace(COMMENTS_BEFORE, '')
    .trim();
  if (!/^[[{"]/.test(trimmed)) return undefined;
  return readPythonJson(trimmed) ?? readRelaxedJson(trimmed);
}
