/** Which node of a prompt an operation of its workflow belongs to. */
import type { ApiPrompt } from '../convert/prompt';

/** Operations are called by their node, and what more there is to say behind a space. @returns undefined where it is nobody's */
export function nodeOf(operation: string, prompt: ApiPrompt): string | undefined {
  for (let id = operation; id !== ''; id = id.slice(0, Math.max(0, id.lastIndexOf(' '))))
    if (Object.hasOwn(prompt, id)) return id;
  return undefined;
}
