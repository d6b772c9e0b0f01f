/** A graph as resolving sees it: the root, or a subgraph with the instance that it stands for. */
import { AppError } from '../../../errors';
import {
  asBag,
  type Bag,
  MOST_NODES,
  MUTED,
  OUTPUT_NODE,
  type ComfyDocument,
  type ComfyGraph,
  type ComfyInput,
  type ComfyLink,
  type ComfyNode,
  type ComfySubgraph,
  type Json,
} from '../document';
import { groupDefinition } from './group-nodes';
import type { Resolved } from './prompt';
import { widgetValues } from './widget-slots';

export class Level {
  /** Prefix of the ids of what is inside: `5:` in the instance 5. */
  readonly prefix: string;
  readonly graph: ComfyGraph;
  readonly inside: Inside | undefined;
  readonly nodes: ReadonlyMap<string, ComfyNode>;
  readonly links: ReadonlyMap<number, ComfyLink>;
  /** What is joined to each output of this subgraph, by the output's number. */
  readonly outlets: ReadonlyMap<number, ComfyLink>;
  #setters: ReadonlyMap<Json | undefined, ComfyNode> | undefined;
  readonly #known = new Map<ComfyInput, Map<string, { found: Resolved | undefined }>>();
  readonly #children = new Map<string, Level>();
  readonly #all: Definitions;

  constructor(graph: ComfyGraph, all: Definitions, inside?: Inside) {
    this.graph = graph;
    this.inside = inside;
    this.#all = all;
    this.prefix = inside ? `${inside.parent.prefix}${String(inside.instance.id)}:` : '';
    this.nodes = new Map(graph.nodes.map((node) => [String(node.id), node]));
    this.links = new Map(graph.links.map((link) => [link.id, link]));
    this.outlets = inside ? outletsOf(inside.definition) : new Map();
  }

  idOf(node: ComfyNode): string {
    return `${this.prefix}${String(node.id)}`;
  }

  /** What an input was found to come from before, for a wanted type. */
  known(input: ComfyInput, wanted: string): { found: Resolved | undefined } | undefined {
    return this.#known.get(input)?.get(wanted);
  }

  learn(input: ComfyInput, wanted: string, found: Resolved | undefined): void {
    const byType = this.#known.get(input) ?? new Map<string, { found: Resolved | undefined }>();
    this.#known.set(input, byType.set(wanted, { found }));
  }

  /** KJNodes' SetNode of a name. */
  setterOf(name: Json | undefined): ComfyNode | undefined {
    this.#setters ??= new Map(
      this.graph.nodes.flatMap((node): [Json | undefined, ComfyNode][] =>
        node.type === 'SetNode' && node.mode !== MUTED ? [[nameOf(node), node]] : [],
      ),
    );
    return this.#setters.get(name);
  }

  definitionOf(node: ComfyNode): ComfySubgraph | undefined {
    return this.#all.byId.get(node.type) ?? groupDefinition(node, this.#all.groups);
  }

  /** What is inside an instance of a subgraph. @throws AppError 'bad-file' where that holds itself, or is endless */
  child(instance: ComfyNode): Level | undefined {
    const key = String(instance.id);
    const before = this.#children.get(key);
    if (before) return before;
    const definition = this.definitionOf(instance);
    if (!definition) return undefined;
    for (let at = this.inside; at; at = at.parent.inside)
      if (at.definition.id === definition.id)
        throw new AppError('bad-file', `The subgraph "${definition.name}" contains itself.`);
    this.#all.count += definition.nodes.length;
    if (this.#all.count > MOST_NODES)
      throw new AppError('bad-file', `With its subgraphs unfolded this workflow has more than ${MOST_NODES} nodes.`);
    const level = new Level(definition, this.#all, { parent: this, instance, definition });
    this.#children.set(key, level);
    return level;
  }
}

/** The last link that an output itself lists counts where it has several, as in ComfyUI's editor. */
function outletsOf({ links, outputs }: ComfySubgraph): Map<number, ComfyLink> {
  const all = links.filter(({ to }) => to === OUTPUT_NODE);
  const place = (link: ComfyLink): number => outputs[link.toSlot]?.linkIds?.lastIndexOf(link.id) ?? -1;
  const outlets = new Map<number, ComfyLink>();
  for (const link of all) {
    const before = outlets.get(link.toSlot);
    if (!before || place(link) >= place(before)) outlets.set(link.toSlot, link);
  }
  return outlets;
}

export interface Inside {
  parent: Level;
  instance: ComfyNode;
  definition: ComfySubgraph;
}

interface Definitions {
  byId: ReadonlyMap<string, ComfySubgraph>;
  /** Group nodes, by their names. */
  groups: Bag | undefined;
  /** Nodes that were unfolded so far. */
  count: number;
}

export function rootLevel({ root, subgraphs, extra }: ComfyDocument): Level {
  const byId = new Map(subgraphs.map((one) => [one.id, one]));
  return new Level(root, { byId, groups: asBag(extra['groupNodes']), count: root.nodes.length });
}

/** The first value of a node that sets or gets by name. */
export function nameOf(node: ComfyNode): Json | undefined {
  return widgetValues(node).get('name');
}
