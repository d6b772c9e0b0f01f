/** A picture's making as plain data: operations in the order in which they run, wired by name. */
import type { OperationId } from './operations';

export const WORKFLOW_VERSION = 1;

/** An output of an earlier node. */
export interface Wire {
  node: string;
  output: string;
}

export interface WorkflowNode {
  /** Id of the node, of any kind; no other node of the workflow has it. */
  id: string;
  operation: OperationId;
  /** What is left out has its default. */
  settings: Readonly<Record<string, unknown>>;
  inputs: Readonly<Record<string, Wire>>;
}

/** A wire leads back only: rings cannot be written down. JSON keeps all of it. */
export interface Workflow {
  version: typeof WORKFLOW_VERSION;
  nodes: readonly WorkflowNode[];
}
