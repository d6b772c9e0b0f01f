/** From a prompt to what the engine runs. */
export { compilePrompt, type CompiledPrompt } from './compile-prompt';
export type { Inventory, KeptPicture } from './graph-walk';
