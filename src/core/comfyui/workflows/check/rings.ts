/** Nodes that wait for each other. */
import { asApiLink, type ApiPrompt } from '../convert';

/** The first ring that is met from these nodes; undefined where there is none. Without recursion: prompts can be long chains. */
export function dependencyRing(prompt: ApiPrompt, from: readonly string[]): string[] | undefined {
  const done = new Set<string>();
  for (const root of from) {
    const path: { id: string; sources: string[] }[] = [];
    const onPath = new Set<string>();
    const enter = (id: string) => {
      path.push({ id, sources: sourcesOf(prompt, id) });
      onPath.add(id);
    };
    if (!done.has(root)) enter(root);
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const next = top.sources.pop();
      if (next === undefined) {
        done.add(top.id);
        onPath.delete(top.id);
        path.pop();
      } else if (onPath.has(next)) {
        const ids = path.map(({ id }) => id);
        return ids.slice(ids.indexOf(next));
      } else if (!done.has(next)) enter(next);
    }
  }
  return undefined;
}

/** Ids that a node has links to; some may not be there. */
export function sourcesOf(prompt: ApiPrompt, id: string): string[] {
  const links = Object.values(prompt[id]?.inputs ?? {}).map(asApiLink);
  return links.filter((link) => link !== undefined).map(([source]) => source);
}
