/** Nodes removed, and what a node is besides its values: whether it runs, how it is shown, what it is called. */
import type { ComfyGraph, ComfyNode } from '../document';
import { withoutLinks } from './links';

/** Removes nodes with their links. */
export function removeNodes<Graph extends ComfyGraph>(graph: Graph, ids: ReadonlySet<string>): Graph {
  const gone = graph.links.filter(({ from, to }) => ids.has(String(from)) || ids.has(String(to)));
  const nodes = graph.nodes.filter(({ id }) => !ids.has(String(id)));
  if (nodes.length === graph.nodes.length) return graph;
  return withoutLinks(
    { ...graph, nodes },
    gone.map(({ id }) => id),
  );
}

/** One after the other, only those of these ids. */
export function changeNodes<Graph extends ComfyGraph>(
  graph: Graph,
  ids: ReadonlySet<string>,
  change: (node: ComfyNode) => ComfyNode,
): Graph {
  const nodes = graph.nodes.map((node) => (ids.has(String(node.id)) ? change(node) : node));
  return nodes.every((node, i) => node === graph.nodes[i]) ? graph : { ...graph, nodes };
}

/** All get the mode, or lose it where all have it, as ComfyUI's keys do it. */
export function toggleMode<Graph extends ComfyGraph>(graph: Graph, ids: ReadonlySet<string>, mode: number): Graph {
  const chosen = graph.nodes.filter(({ id }) => ids.has(String(id)));
  const wanted = chosen.every((node) => node.mode === mode) ? 0 : mode;
  return changeNodes(graph, ids, (node) => (node.mode === wanted ? node : { ...node, mode: wanted }));
}

export function toggleCollapsed<Graph extends ComfyGraph>(graph: Graph, ids: ReadonlySet<string>): Graph {
  const chosen = graph.nodes.filter(({ id }) => ids.has(String(id)));
  const isCollapsed = !chosen.every((node) => node.isCollapsed);
  return changeNodes(graph, ids, (node) => (node.isCollapsed === isCollapsed ? node : { ...node, isCollapsed }));
}

/** Nothing typed: the name of its class again. */
export function renameNode<Graph extends ComfyGraph>(graph: Graph, id: string, typed: string): Graph {
  const title = typed.trim();
  return changeNodes(graph, new Set([id]), (node) => {
    if (title === (node.title ?? '')) return node;
    const named: ComfyNode = { ...node, title };
    if (title === '') delete named.title;
    return named;
  });
}
