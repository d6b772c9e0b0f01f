/** A graph of a test as the workflow that the engine runs. */
import { compilePrompt, validatePrompt, type ApiPrompt } from '../../src/core/comfyui/workflows';
import type { Workflow } from '../../src/core/workflow';

/** @param inventory  what finds files by their names, as in compilePrompt @throws Error that lists all that stops it */
export function compiled(prompt: ApiPrompt, inventory?: Parameters<typeof compilePrompt>[2]): Workflow {
  const { problems, outputs } = validatePrompt(prompt);
  const { workflow, problems: stops } = compilePrompt(prompt, outputs, inventory);
  const all = [...problems, ...stops];
  if (!workflow || all.length > 0) throw new Error(`the graph does not compile: ${JSON.stringify(all)}`);
  return workflow;
}
