/** Whether a prompt can run, by the rules of ComfyUI's server: one sentence for each thing that stops it, with its node and input. */
import type { ApiNode, ApiPrompt } from '../convert';
import { asApiLink, plainValue } from '../convert';
import type { Json } from '../document';
import { fits, inputType, isVirtual, nodeSpec, type FileWidget, type InputSpec, type NodeSpec } from '../nodes';
import { nearestHint } from '../nodes/nearest-hint';
import { dependencyRing, sourcesOf } from './rings';
import { keptEnds, unknownEnds } from './unknown-ends';
import { valueProblem, type ValueProblem } from './values';

export type ProblemKind =
  | 'prompt_no_outputs'
  | 'unknown_node'
  | 'required_input_missing'
  | 'bad_linked_input'
  | 'return_type_mismatch'
  | 'dependency_cycle'
  | ValueProblem['kind'];

export interface WorkflowProblem {
  kind: ProblemKind;
  /** The prompt's id; absent where it is about the whole. */
  node?: string;
  input?: string;
  /** A sentence with the node's title. */
  message: string;
}

export interface Library {
  /** Names of the files that there are, by folder; a folder that is left out is not checked. */
  files?: Readonly<Partial<Record<FileWidget['folder'], readonly string[]>>>;
}

export interface Validation {
  problems: WorkflowProblem[];
  /** Nodes that run for their own sake, and can; unknown ones among them whose pictures are kept in their place. */
  outputs: string[];
}

/** Checks what an output needs and nothing else; outputs that cannot run are left out, the others run. */
export function validatePrompt(prompt: ApiPrompt, library: Library = {}): Validation {
  const standIns = keptEnds(prompt);
  const wanted = Object.keys(prompt).filter(
    (id) => nodeSpec(prompt[id].class_type)?.isOutput === true || standIns.includes(id),
  );
  if (wanted.length === 0) return { problems: [noOutputs(prompt)], outputs: [] };
  const needed = reachable(prompt, wanted);
  const problems = needed.flatMap((id) =>
    standIns.includes(id) ? [] : nodeProblems(id, prompt[id], { prompt, library }),
  );
  const ring = dependencyRing(prompt, wanted);
  if (ring) problems.unshift(ringProblem(prompt, ring));
  const bad = [...(ring ?? []), ...problems.map(({ node }) => node)].filter((id) => id !== undefined);
  const stopped = dependents(prompt, needed, bad);
  problems.push(...lostEnds(prompt, needed));
  return { problems, outputs: wanted.filter((id) => !stopped.has(id)) };
}

interface Context {
  prompt: ApiPrompt;
  library: Library;
}

/** Unknown outputs count: what saves in a pack is seen by that nothing hangs on it. */
function noOutputs(prompt: ApiPrompt): WorkflowProblem {
  const unknown = Object.entries(prompt).find(([, { class_type }]) => !nodeSpec(class_type));
  if (unknown) return unknownNode(unknown[0], unknown[1]);
  return {
    kind: 'prompt_no_outputs',
    message: 'Nothing is saved or shown: the workflow needs a node such as "Save Image".',
  };
}

/** What may save in a pack, and is handed no picture that could be kept. */
function lostEnds(prompt: ApiPrompt, needed: readonly string[]): WorkflowProblem[] {
  return unknownEnds(prompt)
    .filter((id) => !needed.includes(id))
    .map((id) => {
      const problem = unknownNode(id, prompt[id]);
      return { ...problem, message: problem.message.replace(/\.$/, ', so that nothing comes out of it.') };
    });
}

function unknownNode(id: string, node: ApiNode): WorkflowProblem {
  const nearest = nearestHint(node.class_type);
  return {
    kind: 'unknown_node',
    node: id,
    message: `${titleOf(node)}: Gesso does not know the node "${node.class_type}"${nearest === undefined ? '' : `: ${nearest.replace(/\.$/, '')}`}.`,
  };
}

/** Title of a node as the editor shows it, in quotes. */
export function titleOf({ class_type, _meta }: ApiNode): string {
  return `"${_meta?.title ?? nodeSpec(class_type)?.title ?? class_type}"`;
}

/** These nodes and all that they need. */
export function reachable(prompt: ApiPrompt, ids: readonly string[]): string[] {
  const seen = new Set(ids);
  for (const one of seen)
    for (const source of sourcesOf(prompt, one)) if (Object.hasOwn(prompt, source)) seen.add(source);
  return [...seen];
}

/** Nodes that wait for one of these, and they themselves. */
function dependents(prompt: ApiPrompt, among: readonly string[], of: readonly string[]): Set<string> {
  const targets = new Map<string, string[]>();
  for (const id of among)
    for (const source of sourcesOf(prompt, id)) {
      const list = targets.get(source);
      if (list) list.push(id);
      else targets.set(source, [id]);
    }
  const seen = new Set(of);
  for (const one of seen) for (const target of targets.get(one) ?? []) seen.add(target);
  return seen;
}

function nodeProblems(id: string, node: ApiNode, context: Context): WorkflowProblem[] {
  const spec = nodeSpec(node.class_type);
  if (!spec || isVirtual(node.class_type)) return [unknownNode(id, node)];
  const names = new Set([...Object.keys(spec.inputs), ...Object.keys(node.inputs)]);
  return [...names].flatMap((name) => {
    const problem = inputProblem({ node, spec, name }, context);
    if (!problem) return [];
    return [{ kind: problem.kind, node: id, input: name, message: `${titleOf(node)}, ${name}: ${problem.message}` }];
  });
}

interface Place {
  node: ApiNode;
  spec: NodeSpec;
  name: string;
}

type Found = Pick<WorkflowProblem, 'kind' | 'message'> | undefined;

/** Inputs that the node does not declare are let be. */
function inputProblem({ node, spec, name }: Place, { prompt, library }: Context): Found {
  const input = Object.hasOwn(spec.inputs, name) ? spec.inputs[name] : undefined;
  const type = inputType(spec, name);
  const value = Object.hasOwn(node.inputs, name) ? node.inputs[name] : undefined;
  if (type === undefined) return undefined;
  if (value === undefined) return missing(input);
  const link = asApiLink(value);
  if (link) return linkProblem(prompt, link, type);
  if (input?.kind !== 'socket') return input && valueProblem(input, plainValue(value), library.files);
  return Array.isArray(value)
    ? { kind: 'bad_linked_input', message: `${show(value)} is no link to a node.` }
    : undefined;
}

function missing(input: InputSpec | undefined): Found {
  if (!input || input.optional) return undefined;
  const message = input.kind === 'socket' ? `nothing is joined to it; it needs ${input.type}.` : 'it has no value.';
  return { kind: 'required_input_missing', message };
}

function linkProblem(prompt: ApiPrompt, [id, slot]: [string, number], wanted: string): Found {
  const source = Object.hasOwn(prompt, id) ? prompt[id] : undefined;
  if (!source) return { kind: 'bad_linked_input', message: `it is joined to a node ${show(id)}, which is not there.` };
  const spec = nodeSpec(source.class_type);
  if (!spec) return undefined; // The node itself is a problem already.
  const output = spec.outputs[slot];
  if (!output)
    return {
      kind: 'bad_linked_input',
      message: `${titleOf(source)} has no output ${slot}; it has ${spec.outputs.length}.`,
    };
  if (fits(output.type, wanted)) return undefined;
  return { kind: 'return_type_mismatch', message: `it takes ${wanted}, and ${titleOf(source)} gives ${output.type}.` };
}

function ringProblem(prompt: ApiPrompt, ring: readonly string[]): WorkflowProblem {
  const titles = ring.slice(0, 4).map((id) => prompt[id] && titleOf(prompt[id]));
  const more = ring.length > titles.length ? ' …' : '';
  return {
    kind: 'dependency_cycle',
    ...(ring[0] !== undefined && { node: ring[0] }),
    message: `These nodes wait for each other in a ring: ${titles.join(', ')}${more}.`,
  };
}

function show(value: Json): string {
  return JSON.stringify(value, (_, one: unknown) => (typeof one === 'bigint' ? String(one) : one)).slice(0, 80);
}
