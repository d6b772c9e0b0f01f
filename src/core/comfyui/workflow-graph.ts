/** The chunk `workflow`: what the editor shows, as what would run of it. */
import { AppError } from '../errors';
import { readPromptGraph, type Graph, type PromptNode } from './graph';
import { withNumberedLinks } from './numbered-links';
import {
  BYPASSED,
  isVirtual,
  MUTED,
  readDocument,
  toPrompt,
  type ComfyDocument,
  type ComfyNode,
  type Json,
} from './workflows';

/** Undefined where this is none, or one that cannot be unfolded. */
export function readWorkflowGraph(json: unknown): Graph | undefined {
  try {
    const document = readDocument(withNumberedLinks(json) as Json);
    const graph = readPromptGraph(toPrompt(document));
    return graph && withEditorsWords(graph, document);
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}

/** The names of outputs, and the first value of nodes whose values have no names. */
function withEditorsWords(graph: Graph, document: ComfyDocument): Graph {
  const shown = new Map<string, ComfyNode>();
  const definitions = new Map(document.subgraphs.map((one) => [one.id, one]));
  collect(document.root.nodes, '');
  /** Collects nodes as toPrompt unfolds them, which has found by now that they end: what does not run may be endless. */
  function collect(nodes: readonly ComfyNode[], prefix: string): void {
    for (const node of nodes) {
      if (node.mode === MUTED || node.mode === BYPASSED || isVirtual(node.type)) continue;
      const definition = definitions.get(node.type);
      const id = `${prefix}${String(node.id)}`;
      if (definition) collect(definition.nodes, `${id}:`);
      else shown.set(id, node);
    }
  }
  return new Map(
    [...graph].map(([id, node]) => {
      const editors = shown.get(id);
      return [id, editors ? withWords(node, editors) : node];
    }),
  );
}

function withWords(node: PromptNode, { outputs, widgets, inputs }: ComfyNode): PromptNode {
  const [first] = Array.isArray(widgets) ? (widgets as readonly Json[]) : [];
  const linked = new Set(inputs.filter(({ link }) => link !== null).map(({ name }) => name));
  const isNameless = [...node.inputs.keys()].every((name) => linked.has(name)) && !node.objects;
  const isValue = typeof first === 'string' || typeof first === 'number' || typeof first === 'boolean';
  return {
    ...node,
    outputs: outputs.map(({ name, type }) => ({ name, type })),
    ...(isNameless && isValue && { inputs: new Map([...node.inputs, ['value', first]]) }),
  };
}
