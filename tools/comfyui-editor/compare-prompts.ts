/** A prompt of Gesso's beside that of ComfyUI's editor. */
import { createHash } from 'node:crypto';
import { nodeSpec } from '../../src/core/comfyui/workflows/nodes';
import {
  isSameJson,
  openComfyFile,
  toPrompt,
  writeJson,
  type ApiPrompt,
  type ComfyDocument,
  type Json,
} from '../../src/core/comfyui/workflows';
import { AppError } from '../../src/core/errors';

/** Undefined for texts that hold no workflow of the editor's. */
export function readOwn(text: string): { document: ComfyDocument; workflow: string; prompt: ApiPrompt } | undefined {
  try {
    const { document } = openComfyFile(new TextEncoder().encode(text));
    if (document.raw === undefined || !text.includes('"links"')) return undefined;
    return { document, workflow: writeJson(document.raw), prompt: toPrompt(document) };
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}

/**
 * A line for each difference, none where only the numbers of nodes differ: the editor gives new ones to nodes inside of subgraphs that
 * have those of nodes outside.
 * Classes that nobody knows are compared by their links alone.
 */
export function comparePrompts(own: ApiPrompt, editors: ApiPrompt): string[] {
  const lines: string[] = [];
  if (isSameJson(shapes(own), shapes(editors))) return lines;
  for (const id of new Set([...Object.keys(own), ...Object.keys(editors)])) {
    const mine = own[id];
    const other = editors[id];
    if (!mine || !other) {
      lines.push(`${id} ${(mine ?? other)?.class_type ?? ''}: ${mine ? 'not in the editor’s' : 'missing here'}`);
      continue;
    }
    const isKnown = nodeSpec(mine.class_type) !== undefined;
    if (isKnown && mine.class_type !== other.class_type)
      lines.push(`${id}: ${mine.class_type}, ${other.class_type} in the editor's`);
    for (const name of new Set([...Object.keys(mine.inputs), ...Object.keys(other.inputs)])) {
      const here = mine.inputs[name];
      const there = other.inputs[name];
      if (!isKnown && !isLink(here) && !isLink(there)) continue;
      if (!isSame(here, there))
        lines.push(`${id} ${mine.class_type}.${name}: ${show(here)}, ${show(there)} in the editor's`);
    }
  }
  return lines;
}

const isLink = (value: Json | undefined) => Array.isArray(value) && value.length === 2 && typeof value[0] === 'string';
const isSame = (a: Json | undefined, b: Json | undefined) =>
  a === undefined || b === undefined ? a === b : isSameJson(a, b);
const show = (value: Json | undefined) => (value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 80));

/** Each node with all that it comes from, without ids, sorted. */
function shapes(prompt: ApiPrompt): string[] {
  const known = new Map<string, string>();
  const shapeOf = (id: string): string => {
    const before = known.get(id);
    if (before !== undefined) return before;
    known.set(id, 'ring');
    const node = prompt[id];
    const isKnown = node !== undefined && nodeSpec(node.class_type) !== undefined;
    const inputs = Object.entries(node?.inputs ?? {})
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([name, value]): Json[] =>
        isLink(value)
          ? [[name, shapeOf(String((value as Json[])[0])), (value as Json[])[1] ?? null]]
          : isKnown
            ? [[name, value ?? null]]
            : [],
      );
    const text = createHash('sha256')
      .update(writeJson([isKnown ? node.class_type : '', inputs]))
      .digest('hex');
    known.set(id, text);
    return text;
  };
  return Object.keys(prompt)
    .map(shapeOf)
    .sort((a, b) => (a < b ? -1 : 1));
}
