/** The workflow or the prompt in whatever file holds one. */
import { AppError } from '../../../errors';
import { readPictureText } from '../../../image/metadata';
import { asBag, readDocument, readJson, type Bag, type ComfyDocument, type Json } from '../document';
import type { ApiNode, ApiPrompt } from './prompt';
import { toWorkflow } from './to-workflow';

export interface OpenedComfy {
  /** `api`: only what ran is in the file; the document is laid out here. */
  format: 'ui' | 'api';
  document: ComfyDocument;
  /** What ran, where the file says it. */
  prompt?: ApiPrompt;
}

/** Wrappers within wrappers. */
const MOST_DEPTH = 6;

/**
 * A file as it was dropped: JSON, or a picture that carries a workflow.
 *
 * @throws AppError 'bad-file' where it holds neither a workflow nor a prompt
 */
export function openComfyFile(bytes: Uint8Array): OpenedComfy {
  const { format, infotext, comfyWorkflow, comfyPrompt } = readPictureText(bytes);
  if (format === 'text') return openComfyText(infotext ?? '');
  return openComfyChunks({
    ...(comfyWorkflow !== undefined && { workflow: comfyWorkflow }),
    ...(comfyPrompt !== undefined && { prompt: comfyPrompt }),
  });
}

/** @throws AppError 'bad-file' where this text holds neither a workflow nor a prompt */
export function openComfyText(text: string): OpenedComfy {
  return openComfyJson(readJson(text));
}

/**
 * The chunks of a picture or film.
 *
 * @param texts JSON; either may be missing or damaged
 * @throws AppError 'bad-file' where neither can be read
 */
export function openComfyChunks({ workflow, prompt }: { workflow?: string; prompt?: string }): OpenedComfy {
  const found: Found = {};
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
  if (!found.workflow && !found.prompt && problem !== undefined) throw problem as AppError;
  return toOpened(found);
}

/** @throws AppError 'bad-file' where this is neither */
export function openComfyJson(json: Json): OpenedComfy {
  const found: Found = {};
  find(json, found, 0);
  return toOpened(found);
}

interface Found {
  workflow?: Bag;
  prompt?: ApiPrompt;
}

function toOpened({ workflow, prompt }: Found): OpenedComfy {
  if (workflow) return { format: 'ui', document: readDocument(workflow), ...(prompt && { prompt }) };
  if (prompt) return { format: 'api', document: toWorkflow(prompt), prompt };
  throw new AppError('bad-file', 'There is no workflow of ComfyUI in this file.');
}

/** Where programs put them: bodies of calls, histories, lists of templates, texts. */
const WRAPPERS = ['workflow', 'prompt', 'extra_data', 'extra_pnginfo', 'extra', 'output', 'data', 'graph'] as const;

/** The first of each counts. */
function find(json: Json | undefined, found: Found, depth: number): void {
  if (depth > MOST_DEPTH || (found.workflow && found.prompt)) return;
  if (typeof json === 'string') {
    if (/^\s*\{/.test(json)) find(readInner(json), found, depth + 1);
    return;
  }
  if (Array.isArray(json)) {
    for (const one of json.slice(0, 16)) find(one, found, depth + 1);
    return;
  }
  const bag = asBag(json);
  if (!bag) return;
  if (isWorkflow(bag)) {
    found.workflow ??= bag;
    return;
  }
  const prompt = readPrompt(bag);
  if (prompt) found.prompt ??= prompt;
  else for (const key of WRAPPERS) find(bag[key], found, depth + 1);
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
  if (!Array.isArray(nodes)) return false;
  return nodes.length === 0 ? 'links' in bag : nodes.some((node) => typeof asBag(node)?.['type'] === 'string');
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
