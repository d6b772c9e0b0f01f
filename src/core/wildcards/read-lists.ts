/** Lists out of the files that Dynamic Prompts reads: a line each in `.txt`, names with lines in `.json` and `.yaml`. */
import { AppError, toAppError } from '../errors';
import type { Lists } from './draw-template';
import { readOutline } from './outline';

const KIND = /\.(txt|json|ya?ml)$/i;

export const isListFile = (name: string): boolean => KIND.test(name);

/**
 * @param name  with its folders: "colours/cold.txt" is `__colours/cold__`
 * @throws AppError 'bad-file' naming the file, where it holds no line
 */
export function readLists(name: string, text: string): Lists {
  const [, ending = ''] = KIND.exec(name) ?? [];
  const base = name.replace(KIND, '').replaceAll('\\', '/').replace(/^\/+/, '');
  try {
    const lists = ending.toLowerCase() === 'txt' ? { [base]: linesIn(text) } : structured(ending, base, text);
    const some = Object.entries(lists).filter(([, lines]) => lines.length > 0);
    if (some.length === 0) throw new AppError('bad-file', 'it holds no line.');
    return Object.fromEntries(some);
  } catch (thrown) {
    throw new AppError('bad-file', `${name}: ${toAppError(thrown).message}`);
  }
}

/** Neither empty ones nor comments. */
const linesIn = (text: string): string[] =>
  text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));

function structured(ending: string, base: string, text: string): Record<string, string[]> {
  const value: unknown = ending.toLowerCase() === 'json' ? JSON.parse(text) : readOutline(text);
  if (Array.isArray(value)) return { [base]: value.flatMap(itemText) };
  if (typeof value !== 'object' || value === null) throw new AppError('bad-file', 'it holds no lists.');
  return Object.fromEntries(listsIn(value, []));
}

function listsIn(value: object, path: readonly string[]): [string, string[]][] {
  return Object.entries(value as Record<string, unknown>).flatMap(([key, inner]): [string, string[]][] => {
    const here = [...path, key];
    if (typeof inner === 'string' && inner !== '') return [[here.join('/'), [inner]]];
    if (Array.isArray(inner)) return [[here.join('/'), inner.flatMap(itemText)]];
    return typeof inner === 'object' && inner !== null ? listsIn(inner, here) : [];
  });
}

/** A line, or `{"text": "red", "weight": 2}`. */
function itemText(item: unknown): string[] {
  if (typeof item === 'string') return item.trim() === '' ? [] : [item.trim()];
  if (typeof item !== 'object' || item === null) return [];
  const { text, content = text, weight } = item as Record<string, unknown>;
  if (typeof content !== 'string' || content === '') return [];
  return [typeof weight === 'number' && weight !== 1 ? `${weight}::${content}` : content];
}
