/** The workflow or the prompt in whatever file holds one. */
import { AppError } from '../../../errors';
import { readPictureText } from '../../../image/metadata';
import { asBag, readDocument, readJson, type Bag, type ComfyDocument, type Json } from '../document';
import { readJsonInText } from './json-in-text';
import type { ApiNode, ApiPrompt } from './prompt';
import { toWorkflow } from './to-workflow';

export interface OpenedComfy {
  /** `api`: only what ran is in the file; the document is laid out here. */
  format: 'ui' | 'api';
  document: ComfyDocument;
  /** What ran, where the file says it. */
  prompt?: ApiPrompt;
  /** Further workflows in the same file, which are not opened. */
  others: number;
}

/** Wrappers within wrappers. */
const MOST_DEPTH = 8;
/** Objects that are looked into for a workflow. */
const MOST_LOOKED_INTO = 2_000;

/**
 * A file as it was dropped: JSON, or a picture that carries a workflow.
 *
 * @throws AppError 'bad-file' where it holds neither a workflow nor a prompt
 */
export function openComfyFile(bytes: Uint8Array): OpenedComfy {
  const { format, infotext, comfyWorkflow, comfyPrompt, texts } = readPictureText(bytes);
  if (format === 'text') return openComfyText(infotext ?? '');
  // Films of VideoHelperSuite have both in one comment.
  const inText = Object.values(texts).find((text) => /"class_type"\s*:|"nodes"\s*:\s*\[/.test(text));
  if (comfyWorkflow === undefined && comfyPrompt === undefined && inText !== undefined) return openComfyText(inText);
  return openComfyChunks({
    ...(comfyWorkflow !== undefined && { workflow: comfyWorkflow }),
    ...(comfyPrompt !== undefined && { prompt: comfyPrompt }),
  });
}

/** @throws AppError 'bad-file' where this text holds neither a workflow nor a prompt */
export function openComfyText(text: string): OpenedComfy {
  const found = new Found();
  for (const json of readJsonInText(text)) find(json, found, 0);
  // What is wrong with it, where it is to be JSON from its first letter on.
  if (found.isEmpty && !found.isForeign && /^\s*[[{]/.test(text)) readJson(text);
  return toOpened(found);
}

/**
 * The chunks of a picture or film.
 *
 * @param texts JSON; either may be missing or damaged
 * @throws AppError 'bad-file' where neither can be read
 */
export function openComfyChunks({ workflow, prompt }: { workflow?: string; prompt?: string }): OpenedComfy {
  const found = new Found();
  let problem: unknown;
  for (const text of [workflow, prompt]) {
    if (text === undefined) continue;
    try {
      find(readJson(text), found, 0);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      problem = error;
    }
  }
  if (found.isEmpty && problem !== undefined) throw problem as AppError;
  return toOpened(found);
}

/** @throws AppError 'bad-file' where this is neither */
export function openComfyJson(json: Json): OpenedComfy {
  const found = new Found();
  find(json, found, 0);
  return toOpened(found);
}

class Found {
  readonly workflows: Bag[] = [];
  readonly prompts: ApiPrompt[] = [];
  /** There is a graph of another program. */
  isForeign = false;
  /** Objects that were looked into. */
  count = 0;

  get isEmpty(): boolean {
    return this.workflows.length + this.prompts.length === 0;
  }
}

function toOpened({ workflows, prompts, isForeign }: Found): OpenedComfy {
  const [[workflow], [prompt]] = [workflows, prompts];
  const others = Math.max(workflows.length, prompts.length) - 1;
  if (workflow) return { format: 'ui', document: readDocument(workflow), ...(prompt && { prompt }), others };
  if (prompt) return { format: 'api', document: toWorkflow(prompt), prompt, others };
  const message = isForeign
    ? 'This is a graph of another program, such as InvokeAI or n8n: only workflows of ComfyUI are opened here.'
    : 'There is no workflow of ComfyUI in this file.';
  throw new AppError('bad-file', message);
}

/** Where programs put them: bodies of calls, histories, lists of templates, texts. */
const WRAPPERS = ['workflow', 'prompt', 'extra_data', 'extra_pnginfo', 'extra', 'output', 'data', 'graph'] as const;
const isUsual = (key: string): boolean => WRAPPERS.some((one) => one === key);

/** What stands under other keys (ids, names that servers made up) is looked at where these have nothing. */
function find(json: Json | undefined, found: Found, depth: number): void {
  if (depth > MOST_DEPTH) return;
  if (typeof json === 'string') {
    if (/^\s*\{/.test(json)) find(readInner(json), found, depth + 1);
    return;
  }
  if (Array.isArray(json)) {
    for (const one of json) find(one, found, depth + 1);
    return;
  }
  const bag = asBag(json);
  if (!bag || ++found.count > MOST_LOOKED_INTO) return;
  const prompt = readPrompt(bag);
  if (isWorkflow(bag)) found.workflows.push(bag);
  else if (prompt) found.prompts.push(prompt);
  else if (isForeign(bag)) found.isForeign = true;
  else findWithin(bag, found, depth);
}

function findWithin(bag: Bag, found: Found, depth: number): void {
  const before = found.workflows.length + found.prompts.length;
  for (const key of WRAPPERS) find(bag[key], found, depth + 1);
  if (found.workflows.length + found.prompts.length > before) return;
  for (const [key, value] of Object.entries(bag)) if (!isUsual(key)) find(value, found, depth + 1);
}

/** JSON in a text; what is none is only words. */
function readInner(text: string): Json | undefined {
  try {
    return readJson(text);
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}

function isWorkflow(bag: Bag): boolean {
  const nodes = bag['nodes'];
  if (!Array.isArray(nodes) || isForeign(bag)) return false;
  return nodes.length === 0 ? 'links' in bag : nodes.some((node) => typeof asBag(node)?.['type'] === 'string');
}

/** Nodes that are joined by what no workflow of ComfyUI has. */
function isForeign(bag: Bag): boolean {
  return 'nodes' in bag && !('links' in bag) && ('edges' in bag || 'connections' in bag);
}

/** @returns undefined where this is no prompt: every value of one has a class, save what is damaged beside them */
export function readPrompt(json: Json): ApiPrompt | undefined {
  const entries = Object.entries(asBag(json) ?? {}).map(([id, value]) => [id, readNode(value)] as const);
  const nodes = entries.filter((entry): entry is [string, ApiNode] => entry[1] !== undefined);
  return nodes.length > 0 && nodes.length * 2 > entries.length ? Object.fromEntries(nodes) : undefined;
}

function readNode(json: Json | undefined): ApiNode | undefined {
  const bag = asBag(json);
  const type = bag?.['class_type'];
  if (typeof type !== 'string') return undefined;
  const inputs = Object.entries(asBag(bag?.['inputs']) ?? {}).filter(
    (entry): entry is [string, Json] => entry[1] !== undefined,
  );
  const title = asBag(bag?.['_meta'])?.['title'];
  return {
    class_type: type,
    inputs: Object.fromEntries(inputs),
    ...(typeof title === 'string' && { _meta: { title } }),
  };
}
