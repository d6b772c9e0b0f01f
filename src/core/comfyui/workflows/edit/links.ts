/** Links put into a graph and taken out: in its list, at both nodes, and at the edges of a subgraph. */
import {
  INPUT_NODE,
  OUTPUT_NODE,
  type ComfyBoundary,
  type ComfyGraph,
  type ComfyLink,
  type ComfyNode,
  type ComfySubgraph,
} from '../document';

export interface LinkChanges {
  removed?: ReadonlySet<number>;
  added?: readonly ComfyLink[];
}

const NONE: ReadonlySet<number> = new Set();

/** What nothing of this touches stays the same object. Inputs that get a link must be there. */
export function withLinks<Graph extends ComfyGraph>(graph: Graph, { removed = NONE, added = [] }: LinkChanges): Graph {
  if (removed.size === 0 && added.length === 0) return graph;
  const touched = new Set(
    [...graph.links.filter(({ id }) => removed.has(id)), ...added].flatMap(({ from, to }) => [
      String(from),
      String(to),
    ]),
  );
  const nodes = graph.nodes.map((node) => (touched.has(String(node.id)) ? relinked(node, removed, added) : node));
  const links = [...graph.links.filter(({ id }) => !removed.has(id)), ...added];
  return { ...graph, nodes, links, ...edgesOf(graph, removed, added) };
}

function relinked(node: ComfyNode, removed: ReadonlySet<number>, added: readonly ComfyLink[]): ComfyNode {
  const [to, from] = [added.filter((link) => isAt(link.to, node)), added.filter((link) => isAt(link.from, node))];
  const inputs = node.inputs.map((input, slot) => {
    const kept = input.link !== null && removed.has(input.link) ? null : input.link;
    const link = to.find(({ toSlot }) => toSlot === slot)?.id ?? kept;
    return link === input.link ? input : { ...input, link };
  });
  const outputs = node.outputs.map((output, slot) => {
    const more = from.filter(({ fromSlot }) => fromSlot === slot).map(({ id }) => id);
    if (more.length === 0 && !output.links.some((id) => removed.has(id))) return output;
    return { ...output, links: [...output.links.filter((id) => !removed.has(id)), ...more] };
  });
  return { ...node, inputs, outputs };
}

const isAt = (id: ComfyNode['id'], node: ComfyNode): boolean => String(id) === String(node.id);

/** Inputs and outputs of a subgraph say which links are theirs. */
function edgesOf(graph: ComfyGraph, removed: ReadonlySet<number>, added: readonly ComfyLink[]): Partial<ComfySubgraph> {
  if (!('inputs' in graph)) return {};
  const { inputs, outputs } = graph as ComfySubgraph;
  const changed = (list: readonly ComfyBoundary[], mine: (link: ComfyLink) => number | undefined) =>
    list.map((one, slot): ComfyBoundary => {
      const before = one.linkIds ?? [];
      const more = added.filter((link) => mine(link) === slot).map(({ id }) => id);
      if (more.length === 0 && !before.some((id) => removed.has(id))) return one;
      return { ...one, linkIds: [...before.filter((id) => !removed.has(id)), ...more] };
    });
  return {
    inputs: changed(inputs, ({ from, fromSlot }) => (from === INPUT_NODE ? fromSlot : undefined)),
    outputs: changed(outputs, ({ to, toSlot }) => (to === OUTPUT_NODE ? toSlot : undefined)),
  };
}

export function withoutLinks<Graph extends ComfyGraph>(graph: Graph, ids: Iterable<number>): Graph {
  return withLinks(graph, { removed: new Set(ids) });
}
