/** What stops a workflow. */
export { analyse, packOf, unknownNodes, type Analysis, type UnknownNode } from './analyse';
export { bareName, baseName, wantedModels, type WantedModel } from './models';
export { dependencyRing } from './rings';
export {
  reachable,
  titleOf,
  validatePrompt,
  type Library,
  type ProblemKind,
  type Validation,
  type WorkflowProblem,
} from './validate';
export { toFloat, toInt, valueProblem } from './values';
