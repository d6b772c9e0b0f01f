/** Nodes written down one after the other, with the numbers that they get. */
import type { ApiLink, ApiNode, ApiPrompt, Json } from '../workflows';

export class PromptMaker {
  readonly prompt: ApiPrompt = {};
  #last = 0;

  /** @returns its number, for links */
  add(type: string, inputs: Record<string, Json | ApiLink>, title?: string): string {
    const id = String(++this.#last);
    const node: ApiNode = { class_type: type, inputs };
    this.prompt[id] = title === undefined ? node : { ...node, _meta: { title } };
    return id;
  }
}
