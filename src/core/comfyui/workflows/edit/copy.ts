/** A part of a graph taken out, and put in elsewhere under new numbers. */
import { AppError } from '../../../errors';
import {
  isSameJson,
  type ComfyDocument,
  type ComfyGraph,
  type ComfyGroup,
  type ComfyLink,
  type ComfyNode,
  type ComfySubgraph,
  type Json,
  type NodeId,
} from '../document';
import { freshIds } from './ids';

/** Links are those within; subgraphs all that its instances need. */
export interface Copied extends ComfyGraph {
  subgraphs: readonly ComfySubgraph[];
}

export function copyPart(
  { subgraphs }: ComfyDocument,
  graph: ComfyGraph,
  chosen: { nodes: ReadonlySet<string>; groups?: ReadonlySet<number> },
): Copied {
  const nodes = graph.nodes.filter(({ id }) => chosen.nodes.has(String(id)));
  const links = graph.links.filter(({ from, to }) => chosen.nodes.has(String(from)) && chosen.nodes.has(String(to)));
  const groups = graph.groups.filter((_, i) => chosen.groups?.has(i));
  return { nodes, links, groups, subgraphs: neededBy(nodes, subgraphs) };
}

/** Those of these nodes, and those inside of them. */
function neededBy(nodes: readonly ComfyNode[], all: readonly ComfySubgraph[]): ComfySubgraph[] {
  const byId = new Map(all.map((one) => [one.id, one]));
  const found = new Set<ComfySubgraph>();
  const look = (list: readonly ComfyNode[]) => {
    for (const { type } of list) {
      const definition = byId.get(type);
      if (definition) found.add(definition);
    }
  };
  look(nodes);
  for (const { nodes: inner } of found) look(inner);
  return [...found];
}

export interface Inserted {
  graph: ComfyGraph;
  subgraphs: readonly ComfySubgraph[];
  /** Ids of the new nodes. */
  ids: readonly string[];
}

export interface InsertAt {
  /** How far from where it was taken. */
  by: readonly [dx: number, dy: number];
  /** Ids of definitions that are called as another one here. */
  newId: () => string;
  /** Id of the subgraph that it goes into. */
  inside?: string;
}

/** @throws AppError 'bad-request' where a subgraph would come to hold itself */
export function insertPart(
  document: ComfyDocument,
  graph: ComfyGraph,
  copied: Copied,
  { by, newId, inside }: InsertAt,
): Inserted {
  const { types, added } = newDefinitions(document, copied, newId);
  if (inside !== undefined && [...types.values()].includes(inside))
    throw new AppError('bad-request', 'A subgraph cannot hold itself.');
  const ids = freshIds(document);
  const newIds = new Map<string, NodeId>(copied.nodes.map(({ id }) => [String(id), ids.node()]));
  const links = copied.links.flatMap((link): { old: number; link: ComfyLink }[] => {
    const [from, to] = [newIds.get(String(link.from)), newIds.get(String(link.to))];
    const { fromSlot, toSlot, type } = link;
    return from === undefined || to === undefined
      ? []
      : [{ old: link.id, link: { id: ids.link(), from, fromSlot, to, toSlot, type } }];
  });
  const byOld = new Map(links.map(({ old, link }) => [old, link.id]));
  const nodes = copied.nodes.map((node) => moved(node, { by, newIds, byOld, types }));
  const groups = copied.groups.map((group) => movedGroup(group, by));
  return {
    graph: {
      ...graph,
      nodes: [...graph.nodes, ...nodes],
      links: [...graph.links, ...links.map(({ link }) => link)],
      groups: [...graph.groups, ...groups],
    },
    subgraphs: [...document.subgraphs, ...added],
    ids: nodes.map(({ id }) => String(id)),
  };
}

interface Renaming {
  by: InsertAt['by'];
  newIds: ReadonlyMap<string, NodeId>;
  byOld: ReadonlyMap<number, number>;
  types: ReadonlyMap<string, string>;
}

function moved(node: ComfyNode, { by: [dx, dy], newIds, byOld, types }: Renaming): ComfyNode {
  return {
    ...node,
    id: newIds.get(String(node.id)) ?? node.id,
    type: types.get(node.type) ?? node.type,
    pos: [node.pos[0] + dx, node.pos[1] + dy],
    inputs: node.inputs.map((input) => ({
      ...input,
      link: input.link === null ? null : (byOld.get(input.link) ?? null),
    })),
    outputs: node.outputs.map((output) => ({
      ...output,
      links: output.links.flatMap((link) => byOld.get(link) ?? []),
    })),
  };
}

function movedGroup(group: ComfyGroup, [dx, dy]: InsertAt['by']): ComfyGroup {
  const [x, y, width, height] = group.bounding;
  return { ...group, bounding: [x + dx, y + dy, width, height] };
}

/** What is here under the same id and is the same is used; what is another gets an id of its own. */
function newDefinitions(
  { subgraphs }: ComfyDocument,
  copied: Copied,
  newId: () => string,
): { types: ReadonlyMap<string, string>; added: ComfySubgraph[] } {
  const types = new Map<string, string>();
  const fresh: ComfySubgraph[] = [];
  for (const one of copied.subgraphs) {
    const here = subgraphs.find(({ id }) => id === one.id);
    const isSame = here !== undefined && (here === one || isSameJson(here as unknown as Json, one as unknown as Json));
    types.set(one.id, here && !isSame ? newId() : one.id);
    if (!isSame) fresh.push(one);
  }
  const added = fresh.map((one) => ({
    ...one,
    id: types.get(one.id) ?? one.id,
    nodes: one.nodes.map((node) => {
      const type = types.get(node.type) ?? node.type;
      return type === node.type ? node : { ...node, type };
    }),
  }));
  return { types, added };
}

/** The upper left corner of what was copied. */
export function cornerOf({ nodes, groups }: Pick<ComfyGraph, 'nodes' | 'groups'>): [x: number, y: number] {
  const places = [...nodes.map(({ pos }) => pos), ...groups.map(({ bounding }) => bounding)];
  if (places.length === 0) return [0, 0];
  return [0, 1].map((i) => places.reduce((least, place) => Math.min(least, place[i] ?? 0), Infinity)) as [
    number,
    number,
  ];
}
