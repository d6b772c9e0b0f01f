/** The recipe that is read in a graph, and whether it is all that the graph is: then its workflow has the same keys. */
import { readComfyJson } from './read-comfy-recipe';
import type { ApiPrompt } from './workflows';
import { AppError } from '../errors';
import { requestProblems } from '../recipe/problems';
import { BASIC_IDS, FIELD_DEFAULTS, fieldOf, type FieldId, type GenerationRequest } from '../recipe/request';
import { nodeKey, workflowOf, type Workflow } from '../workflow';

export interface GraphRecipe {
  /** Sound, and the nearest that there is: what no sampler says is as in an empty form. */
  request: GenerationRequest;
  /** The graph is this recipe, and nothing more. */
  isWhole: boolean;
}

interface Painted {
  /** Id of the model that paints. */
  model: string;
  /** The size that is painted in place of what the graph says, in pixels. */
  fitSize?: (size: { width: number; height: number }) => { width: number; height: number };
}

/** @param workflow  what the prompt was compiled to */
export function graphRecipe(prompt: ApiPrompt, workflow: Workflow, { model, fitSize }: Painted): GraphRecipe {
  const read = readComfyJson({ prompt });
  const said = Object.entries(read?.recipe ?? {}).filter(([id]) => Object.hasOwn(FIELD_DEFAULTS, id));
  const usual = BASIC_IDS.map((id) => [id, fieldOf(id).kind === 'seed' ? 0 : FIELD_DEFAULTS[id]]);
  const request = { ...Object.fromEntries(usual), ...Object.fromEntries(said), model } as GenerationRequest;
  Object.assign(request, fitSize?.(request));
  const wrong = Object.keys(requestProblems(request));
  const isRead = read !== undefined && read.notes.length === 0 && wrong.length === 0;
  if (isRead && isSame(workflow, request)) return { request, isWhole: true };
  return { request: withoutWrong(request, wrong), isWhole: false };
}

function isSame(workflow: Workflow, request: GenerationRequest): boolean {
  try {
    return keptKeys(workflow).join() === keptKeys(workflowOf(request)).join();
  } catch (thrown) {
    if (thrown instanceof AppError) return false; // it names what only a library knows
    throw thrown;
  }
}

/** What its pictures depend on. */
function keptKeys({ nodes }: Workflow): string[] {
  const keys = new Map<string, string>();
  for (const node of nodes) keys.set(node.id, nodeKey(node, keys));
  return nodes.flatMap(({ id, operation }) => (operation === 'keep' ? [keys.get(id) ?? ''] : []));
}

function withoutWrong(request: GenerationRequest, wrong: readonly string[]): GenerationRequest {
  const rest = Object.fromEntries(Object.entries(request).filter(([id]) => !wrong.includes(id)));
  const defaults = Object.fromEntries(BASIC_IDS.map((id: FieldId) => [id, FIELD_DEFAULTS[id]]));
  return { ...defaults, seed: 0, ...rest } as unknown as GenerationRequest;
}
