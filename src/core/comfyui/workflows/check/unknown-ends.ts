/** Ends of a graph that nobody knows: what saves, shows or sends in a pack. */
import { asApiLink, type ApiPrompt } from '../convert';
import { nodeSpec } from '../nodes';
import { sourcesOf } from './rings';

/** Unknown nodes on which nothing hangs and to which something is joined. */
export function unknownEnds(prompt: ApiPrompt): string[] {
  const sources = new Set(Object.keys(prompt).flatMap((id) => sourcesOf(prompt, id)));
  return Object.keys(prompt).filter(
    (id) => !nodeSpec(prompt[id].class_type) && !sources.has(id) && sourcesOf(prompt, id).length > 0,
  );
}

/** Those that are handed pictures which no known node saves or shows: these are kept in their place. */
export function keptEnds(prompt: ApiPrompt): string[] {
  const kept = new Set(
    Object.values(prompt)
      .filter(({ class_type }) => nodeSpec(class_type)?.isOutput)
      .flatMap(({ inputs }) => Object.values(inputs).map(String)),
  );
  return unknownEnds(prompt).filter((id) =>
    pictureInputs(prompt, id).some((name) => !kept.has(String(prompt[id].inputs[name]))),
  );
}

/** Names of a node's inputs that pictures come to, from nodes that are known. */
export function pictureInputs(prompt: ApiPrompt, id: string): string[] {
  return Object.entries(prompt[id].inputs).flatMap(([name, value]) => {
    const link = asApiLink(value);
    const source = link && Object.hasOwn(prompt, link[0]) ? nodeSpec(prompt[link[0]].class_type) : undefined;
    return link && source?.outputs[link[1]]?.type === 'IMAGE' ? [name] : [];
  });
}
