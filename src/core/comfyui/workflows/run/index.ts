/** From a prompt to what the engine runs. */
export { afterRun } from './after-run';
export { comfyFileNames, comfyTexts, type ComfyTexts } from './chunks';
export { compilePrompt, type CompiledPrompt } from './compile-prompt';
export { sizeFitter } from './fit-size';
export type { Inventory, KeptPicture } from './graph-walk';
export { nodeOf } from './node-of';
