/** A prompt becomes a workflow of the engine's operations. */
import { WORKFLOW_VERSION, workflowProblems, type Workflow } from '../../../workflow';
import type { ApiPrompt } from '../convert/prompt';
import { nodeSpec } from '../nodes';
import { GraphWalk, Place, Stop, type Inventory, type KeptPicture } from './graph-walk';
import { keepJoined } from './runners/images';
import { RUNNERS } from './table';

export interface CompiledPrompt {
  /** Undefined where no output can be run. */
  workflow?: Workflow;
  /** Its pictures, in the order in which the engine gives them. */
  pictures: KeptPicture[];
  /** What stops an output: a sentence each, with its node where it is one node's. */
  problems: { node?: string; message: string }[];
  /** What is done in another way than ComfyUI does it: a sentence each. */
  notices: string[];
}

/** All that is named is here. */
const ANYTHING: Inventory = { find: (_, name) => name, sizeOf: () => ({ width: 512, height: 512 }) };

/**
 * @param outputs  that are right: see check/validate.ts
 * @param inventory  what the graph names; left out: as if all were here
 */
export function compilePrompt(
  prompt: ApiPrompt,
  outputs: readonly string[],
  inventory: Inventory = ANYTHING,
): CompiledPrompt {
  const walk = new GraphWalk(prompt, inventory, RUNNERS);
  const problems: CompiledPrompt['problems'] = [];
  for (const id of outputs) {
    try {
      if (nodeSpec(prompt[id].class_type)) walk.values(id);
      else keepJoined(new Place(walk, id, prompt[id]));
    } catch (thrown) {
      if (!(thrown instanceof Stop)) throw thrown;
      if (!problems.some(({ message }) => message === thrown.message))
        problems.push({ node: thrown.node, message: thrown.message });
    }
  }
  const { kept: pictures, notices } = walk;
  const common = { pictures, problems, notices: [...notices] };
  if (pictures.length === 0) {
    if (problems.length === 0 && outputs.length > 0) problems.push({ message: noPicture(prompt, outputs) });
    return common;
  }
  const workflow: Workflow = { version: WORKFLOW_VERSION, nodes: needed(walk) };
  const wrong = workflowProblems(workflow);
  if (wrong.length === 0) return { ...common, workflow };
  return { ...common, pictures: [], problems: [...problems, ...wrong.map((message) => ({ message }))] };
}

function noPicture(prompt: ApiPrompt, outputs: readonly string[]): string {
  const titles = outputs.map((id) => nodeSpec(prompt[id].class_type)?.title ?? prompt[id].class_type);
  return `No picture comes out of this workflow: it has only ${titles.join(', ')}.`;
}

/** Operations without those that only outputs need that were stopped on the way. */
function needed({ nodes }: GraphWalk): Workflow['nodes'] {
  const wanted = new Set<string>();
  for (const one of [...nodes].reverse())
    if (one.operation === 'keep' || wanted.has(one.id))
      for (const { node } of [{ node: one.id }, ...Object.values(one.inputs)]) wanted.add(node);
  return nodes.filter(({ id }) => wanted.has(id));
}
