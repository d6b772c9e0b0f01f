export { readWorkflow, workflowProblems } from './check';
export type { NamedAdapter } from './adapter-nodes';
export { workflowOf } from './from-recipe';
export type { Parts } from './pass-nodes';
export { nodeKey } from './keys';
export { operationOf, OPERATIONS, type Operation, type OperationId, type WireType } from './operations';
export { settingsOf, type SettingsOf } from './settings';
export { WORKFLOW_VERSION, type Wire, type Workflow, type WorkflowNode } from './workflow';
