/** What a workflow needs that is not here: nodes with the packs that have them, operations, models. */
import { toPrompt, type ApiPrompt } from '../convert';
import { asText, type ComfyDocument, type ComfyNode } from '../document';
import { nodeSpec, packByName } from '../nodes';
import { wantedModels, type WantedModel } from './models';
import { compilePrompt, type CompiledPrompt } from '../run';
import { validatePrompt, type Library, type WorkflowProblem } from './validate';

export interface UnknownNode {
  type: string;
  /** Ids of its nodes in the prompt. */
  nodes: string[];
  /** The pack's id in ComfyUI's registry, or owner/name at GitHub; "comfy-core" for ComfyUI's own. */
  pack?: string;
}

export interface Analysis {
  prompt: ApiPrompt;
  /** Nodes of the file itself, without those in subgraphs. */
  nodes: number;
  unknown: UnknownNode[];
  /** Classes that are known, of which nothing here computes what they do. */
  withoutOperation: string[];
  models: WantedModel[];
  problems: WorkflowProblem[];
  /** What is right by ComfyUI's rules, and stops an output here: a sentence each. */
  stops: CompiledPrompt['problems'];
  /** All that the outputs need is known, computed here, and right: it compiles. */
  runs: boolean;
}

/** @throws AppError 'bad-file' where the workflow cannot be unfolded */
export function analyse(document: ComfyDocument, library: Library = {}): Analysis {
  const prompt = toPrompt(document);
  const { problems, outputs } = validatePrompt(prompt, library);
  const types = Object.values(prompt).map(({ class_type }) => class_type);
  const withoutOperation = [...new Set(types)].filter((type) => {
    const spec = nodeSpec(type);
    return spec !== undefined && spec.operation === undefined;
  });
  const compiled = compilePrompt(prompt, outputs);
  return {
    prompt,
    nodes: document.root.nodes.length,
    unknown: unknownNodes(prompt, document),
    withoutOperation,
    models: wantedModels(prompt, document),
    problems,
    stops: compiled.problems,
    runs: problems.length === 0 && compiled.problems.length === 0 && compiled.workflow !== undefined,
  };
}

/** Unknown nodes by class, in the order of the prompt. */
export function unknownNodes(prompt: ApiPrompt, document?: ComfyDocument): UnknownNode[] {
  const packs = packsOf(document);
  const found = new Map<string, UnknownNode>();
  for (const [id, { class_type: type }] of Object.entries(prompt)) {
    if (nodeSpec(type)) continue;
    const pack = packs.get(type) ?? packByName(type);
    const unknown = found.get(type) ?? { type, nodes: [], ...(pack !== undefined && { pack }) };
    unknown.nodes.push(id);
    found.set(type, unknown);
  }
  return [...found.values()];
}

/** Packs of the nodes, as the file itself says them. */
function packsOf(document: ComfyDocument | undefined): Map<string, string> {
  const graphs = document ? [document.root, ...document.subgraphs] : [];
  const said = graphs
    .flatMap(({ nodes }) => nodes)
    .flatMap((node): [string, string][] => {
      const pack = packOf(node);
      return pack === undefined ? [] : [[node.type, pack]];
    });
  return new Map(said);
}

/** The pack that a node comes from; undefined where neither the file nor its name tells. */
export function packOf({ type, properties }: ComfyNode): string | undefined {
  return asText(properties['cnr_id']) ?? asText(properties['aux_id']) ?? nodeSpec(type)?.pack ?? packByName(type);
}
