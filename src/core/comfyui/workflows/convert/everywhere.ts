/** Use Everywhere: what is joined to its nodes goes to every input of that type that nothing is joined to. @see github.com/chrisgoringe/cg-use-everywhere */
import { BYPASSED, MUTED } from '../document';
import { nodeSpec } from '../nodes';
import type { Level } from './level';
import type { ApiLink, ApiPrompt } from './prompt';
import { resolveInput } from './resolve';

const SENDERS = /^(Anything Everywhere3?|Prompts Everywhere)$/;

interface Sent {
  type: string;
  link: ApiLink;
  /** Inputs that it goes to; undefined: all of its type. */
  names: RegExp | undefined;
}

/** Changes the prompt in place: inputs that must be joined and are not get the first that fits. Only what stands in the graph itself sends. */
export function sendEverywhere(prompt: ApiPrompt, level: Level): void {
  const sent = sentBy(level);
  if (sent.length === 0) return;
  for (const { class_type, inputs } of Object.values(prompt))
    for (const [name, input] of Object.entries(nodeSpec(class_type)?.inputs ?? {})) {
      if (input.kind !== 'socket' || input.optional || Object.hasOwn(inputs, name)) continue;
      const fitting = sent.find(({ type, names }) => type === input.type && (names?.test(name) ?? true));
      if (fitting) inputs[name] = [...fitting.link];
    }
}

function sentBy(level: Level): Sent[] {
  const senders = level.graph.nodes.filter(
    ({ type, mode }) => SENDERS.test(type) && mode !== MUTED && mode !== BYPASSED,
  );
  return senders.flatMap((node) =>
    node.inputs.flatMap((input, i): Sent[] => {
      const found = input.link === null ? undefined : resolveInput(level, node, input);
      if (!found || !('link' in found)) return [];
      const type = level.links.get(input.link ?? -1)?.type ?? input.type;
      const names = node.type === 'Prompts Everywhere' ? [/^pos/i, /^neg/i][i] : undefined;
      return [{ type, link: found.link, names }];
    }),
  );
}
