/** The workflow or the prompt in whatever file holds one. */
import { AppError } from '../../../errors';
import { readPictureText } from '../../../image/metadata';
import { readDocument, readJson, type ComfyDocument, type Json } from '../document';
import { Found, graphsInText } from './find-graphs';
import type { ApiPrompt } from './prompt';
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
  const found = graphsInText(text);
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
  const entry = {};
  let problem: unknown;
  for (const text of [workflow, prompt]) {
    if (text === undefined) continue;
    try {
      found.lookInto(readJson(text), entry);
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
  found.lookInto(json);
  return toOpened(found);
}

function toOpened({ workflows, prompts, isForeign }: Found): OpenedComfy {
  const [workflow] = workflows;
  const prompt = prompts.find(({ entry }) => !workflow || entry === workflow.entry)?.graph;
  const others = Math.max(workflows.length, prompts.length) - 1;
  if (workflow) return { format: 'ui', document: readDocument(workflow.graph), ...(prompt && { prompt }), others };
  if (prompt) return { format: 'api', document: toWorkflow(prompt), prompt, others };
  const message = isForeign
    ? 'This is a graph of another program, such as InvokeAI or n8n: only workflows of ComfyUI are opened here.'
    : 'There is no workflow of ComfyUI in this file.';
  throw new AppError('bad-file', message);
}
