/** The table of nodes. */
export { fits, inputType, isVirtual, NODES, nodeSpec, revealed, widgetSpecs } from './nodes';
export { STACKED_CONTROLS } from './control-packs';
export { packByName } from './pack-names';
export {
  isWidget,
  type FileWidget,
  type InputSpec,
  type ModelFolder,
  type NodeSpec,
  type NodeTable,
  type OutputSpec,
  type Socket,
  type Widget,
} from './spec';
