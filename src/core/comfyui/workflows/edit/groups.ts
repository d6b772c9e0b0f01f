/** Frames around nodes: a node belongs to one by lying in it. */
import { asNumber, type ComfyGraph, type ComfyGroup, type ComfyNode } from '../document';

/** Height of a title in the editor's pixels: a node's is above its place, and a frame has one too. */
const TITLE = 30;
const PAD = 10;
/** ComfyUI's first colour of a frame. */
const COLOUR = '#3f789e';

/** What lies in it with its middle. */
export function nodesIn({ nodes }: ComfyGraph, { bounding: [left, top, width, height] }: ComfyGroup): ComfyNode[] {
  return nodes.filter(({ pos: [x, y], size }) => {
    const [atX, atY] = [x + size[0] / 2, y + size[1] / 2];
    return atX >= left && atX <= left + width && atY >= top && atY <= top + height;
  });
}

/** Adds a frame around all of these; gives the same graph where there are none. */
export function addGroup<Graph extends ComfyGraph>(graph: Graph, ids: ReadonlySet<string>, title: string): Graph {
  const inside = graph.nodes.filter(({ id }) => ids.has(String(id)));
  if (inside.length === 0) return graph;
  const least = (of: (node: ComfyNode) => number) => inside.reduce((low, node) => Math.min(low, of(node)), Infinity);
  const [left, top] = [least(({ pos }) => pos[0]), least(({ pos }) => pos[1])];
  const [right, bottom] = [-least(({ pos, size }) => -pos[0] - size[0]), -least(({ pos, size }) => -pos[1] - size[1])];
  const [x, y] = [left - PAD, top - 2 * TITLE - PAD];
  const id = graph.groups.reduce((most, { raw }) => Math.max(most, asNumber(raw?.['id']) ?? 0), 0) + 1;
  const group: ComfyGroup = {
    ...{ title, bounding: [x, y, right + PAD - x, bottom + PAD - y], color: COLOUR },
    raw: { id, font_size: 24, flags: {} },
  };
  return { ...graph, groups: [...graph.groups, group] };
}

/** The frames alone: their nodes stay. @param places of the list */
export function removeGroups<Graph extends ComfyGraph>(graph: Graph, places: ReadonlySet<number>): Graph {
  const groups = graph.groups.filter((_, i) => !places.has(i));
  return groups.length === graph.groups.length ? graph : { ...graph, groups };
}

export function changeGroup<Graph extends ComfyGraph>(
  graph: Graph,
  place: number,
  change: Partial<Pick<ComfyGroup, 'title' | 'bounding'>>,
): Graph {
  return { ...graph, groups: graph.groups.map((group, i) => (i === place ? { ...group, ...change } : group)) };
}
