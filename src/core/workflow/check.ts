/** Whether something is a workflow that can be run: one sentence for each way in which it is not. */
import { AppError } from '../errors';
import { fieldProblem } from '../recipe/problems';
import type { FieldId } from '../recipe/request';
import { operationOf, OPERATIONS, type OperationId, type OwnSetting, type WireType } from './operations';
import { ownSettings } from './settings';
import { WORKFLOW_VERSION, type Wire, type Workflow, type WorkflowNode } from './workflow';

/** A recipe makes a handful; graphs of others a few hundred. */
const MOST_NODES = 10_000;

/** The model that paints narrows it. */
const ANY_SIZE = { min: 1, max: 16_384, step: 1 } as const;

/** @throws AppError 'bad-request' naming the node that is wrong */
export function readWorkflow(value: unknown): Workflow {
  const [problem] = workflowProblems(value);
  if (problem !== undefined) throw new AppError('bad-request', problem);
  return value as Workflow;
}

/** Every problem, the first in the order of the nodes first; empty where it can be run. */
export function workflowProblems(value: unknown): string[] {
  if (!isRecord(value) || !Array.isArray(value['nodes'])) return ['A workflow is a version and a list of nodes.'];
  const { version } = value;
  if (version !== WORKFLOW_VERSION)
    return [`The workflow is of version ${show(version)}; this program reads ${WORKFLOW_VERSION}.`];
  const nodes = value['nodes'] as unknown[];
  if (nodes.length > MOST_NODES) return [`The workflow has ${nodes.length} nodes; ${MOST_NODES} are allowed.`];
  const known = new Map<string, OperationId>();
  const problems = nodes.flatMap((node, i) => nodeProblems(node, i, known));
  if (problems.length === 0 && ![...known.values()].includes('keep'))
    problems.push('The workflow keeps nothing: it needs a node of the operation "keep".');
  return problems;
}

/** @param known  operations of the nodes before, to which this one is added */
function nodeProblems(value: unknown, index: number, known: Map<string, OperationId>): string[] {
  if (!isRecord(value) || typeof value['id'] !== 'string' || value['id'] === '')
    return [`Node ${index + 1} of the workflow has no id.`];
  const node = value as unknown as WorkflowNode;
  const { id, operation } = node;
  const of = `Node "${id}"`;
  if (known.has(id)) return [`${of} is there twice.`];
  if (!Object.hasOwn(OPERATIONS, operation)) return [`${of}: there is no operation ${show(operation)} here.`];
  const settings: unknown = node.settings;
  const inputs: unknown = node.inputs;
  if (!isRecord(settings) || !isRecord(inputs)) return [`${of} needs settings and inputs, which may be empty.`];
  const problems = [...settingProblems(node), ...inputProblems(node, known)].map((problem) => `${of}: ${problem}`);
  known.set(id, operation);
  return problems;
}

function settingProblems({ operation, settings }: WorkflowNode): string[] {
  const own = ownSettings(operation);
  const fields = operationOf(operation).settings;
  return Object.entries(settings).flatMap(([name, value]) => {
    if (value === undefined) return [];
    if (Object.hasOwn(own, name)) return ownProblem(name, own[name], value);
    if (fields.includes(name as FieldId)) return fieldProblem(name as FieldId, value, ANY_SIZE) ?? [];
    return `${operation} has no setting "${name}".`;
  });
}

function ownProblem(name: string, setting: OwnSetting, value: unknown): string[] {
  const { kind } = setting;
  if (kind === 'choice') {
    const { choices } = setting;
    return choices.some((choice) => choice === value) ? [] : [`${name} must be one of ${choices.join(', ')}.`];
  }
  if (kind === 'number') return Number.isFinite(value) ? [] : [`${name} must be a number.`];
  if (kind === 'count') return Number.isInteger(value) && Number(value) >= 0 ? [] : [`${name} must be a whole number.`];
  const type = kind === 'text' ? 'string' : 'boolean';
  return typeof value === type ? [] : [`${name} must be ${kind === 'text' ? 'text' : 'on or off'}.`];
}

function inputProblems({ operation, inputs }: WorkflowNode, known: ReadonlyMap<string, OperationId>): string[] {
  const wanted = operationOf(operation).inputs;
  const strange = Object.keys(inputs).filter((name) => !Object.hasOwn(wanted, name));
  const problems = strange.map((name) => `${operation} has no input "${name}".`);
  for (const [name, type] of Object.entries(wanted)) {
    const wire = Object.hasOwn(inputs, name) ? inputs[name] : undefined;
    const problem = wire === undefined ? missing(name, type) : wireProblem(name, { type, wire, known });
    if (problem !== undefined) problems.push(problem);
  }
  return problems;
}

const missing = (name: string, type: string): string | undefined =>
  type.endsWith('?') ? undefined : `its input "${name}" is not wired.`;

function wireProblem(
  name: string,
  { type, wire, known }: { type: string; wire: Wire; known: ReadonlyMap<string, OperationId> },
): string | undefined {
  const from: unknown = wire.node;
  const operation = typeof from === 'string' ? known.get(from) : undefined;
  if (operation === undefined) return `its input "${name}" is wired to ${show(from)}, which is no node before it.`;
  const { outputs } = operationOf(operation);
  const given: WireType | undefined = Object.hasOwn(outputs, wire.output) ? outputs[wire.output] : undefined;
  if (given === undefined)
    return `its input "${name}" is wired to an output "${wire.output}", which ${operation} has not.`;
  const wanted = type.replace('?', '');
  return given === wanted ? undefined : `its input "${name}" takes a ${wanted}, not a ${given}.`;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const show = (value: unknown): string => JSON.stringify(value) ?? String(value);
