/** From the workflow to what runs, as ComfyUI's editor does it when a prompt is queued. */
import { BYPASSED, MUTED, type ComfyDocument, type ComfyNode, type Json } from '../document';
import { isVirtual } from '../nodes';
import { sendEverywhere } from './everywhere';
import { rootLevel, type Level } from './level';
import { asApiLink, asApiValue, type ApiNode, type ApiPrompt } from './prompt';
import { resolveInput } from './resolve';
import { widgetValues } from './widget-slots';

export interface PromptOptions {
  /** What is done to texts before they run: see `texts.ts`. Left out: they stay as written. */
  prepare?: (value: Json, place: { type: string; name: string }) => Json;
}

/** @throws AppError 'bad-file' where subgraphs contain themselves or unfold without end */
export function toPrompt(document: ComfyDocument, { prepare }: PromptOptions = {}): ApiPrompt {
  const nodes = new Map<string, ApiNode>();
  const root = rootLevel(document);
  const levels = [root];
  for (let level = levels.pop(); level; level = levels.pop()) {
    for (const node of level.graph.nodes) {
      if (node.mode === MUTED || node.mode === BYPASSED || isVirtual(node.type)) continue;
      const child = level.child(node);
      if (child) levels.push(child);
      else nodes.set(level.idOf(node), toApiNode(level, node, prepare));
    }
  }
  for (const { inputs } of nodes.values())
    for (const [name, value] of Object.entries(inputs)) {
      const link = asApiLink(value);
      if (link && !nodes.has(link[0])) Reflect.deleteProperty(inputs, name);
    }
  const prompt = Object.fromEntries(nodes);
  sendEverywhere(prompt, root);
  return prompt;
}

function toApiNode(level: Level, node: ComfyNode, prepare: PromptOptions['prepare']): ApiNode {
  const inputs = new Map<string, Json>();
  const { type, title } = node;
  const put = (name: string, value: Json) =>
    inputs.set(name, asApiValue(prepare ? prepare(value, { type, name }) : value));
  for (const [name, value] of widgetValues(node)) put(name, value);
  for (const input of node.inputs) {
    const found = input.link === null ? undefined : resolveInput(level, node, input);
    if (!found) continue;
    if ('value' in found) put(input.widget ?? input.name, found.value);
    else inputs.set(input.name, found.link);
  }
  return {
    class_type: type,
    inputs: Object.fromEntries(inputs),
    ...(title !== undefined && { _meta: { title } }),
  };
}
