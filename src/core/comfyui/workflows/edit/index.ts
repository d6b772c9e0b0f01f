/** Changes of workflows. */
export { readClip, writeClip, type Clip } from './clipboard';
export {
  connect,
  outputsFor,
  typeOfInput,
  typeOfOutput,
  whyNotConnect,
  type InputEnd,
  type OutputEnd,
} from './connect';
export { copyPart, cornerOf, insertPart, type Copied, type Inserted } from './copy';
export { findNodes, firstInput, firstOutput, type FoundNode, type NodeQuery } from './find-nodes';
export { addGroup, changeGroup, nodesIn, removeGroups } from './groups';
export { freshIds, type Ids } from './ids';
export { withLinks, withoutLinks } from './links';
export { newInstance, newNode } from './new-node';
export { changeNodes, removeNodes, renameNode, toggleCollapsed, toggleMode } from './node-changes';
