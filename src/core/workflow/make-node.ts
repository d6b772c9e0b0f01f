/** Nodes as recipes make them. */
import { operationOf, type OperationId } from './operations';
import { saidSettings } from './settings';
import type { Wire, WorkflowNode } from './workflow';

export const wire = (node: string, output: string): Wire => ({ node, output });

/** Only what is not the default is said. @param values  of which the operation's are taken */
export function node(
  id: string,
  operation: OperationId,
  values: object = {},
  inputs: WorkflowNode['inputs'] = {},
): WorkflowNode {
  const known = Object.keys(operationOf(operation).inputs);
  if (!Object.keys(inputs).every((name) => known.includes(name))) throw new RangeError(`${operation}: no such input`);
  return { id, operation, settings: saidSettings(operation, values as Record<string, unknown>), inputs };
}
