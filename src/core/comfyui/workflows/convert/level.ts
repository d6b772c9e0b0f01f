/** A graph as resolving sees it: the root, or a subgraph with the instance that it stands for. */
import { AppError } from '../../../errors';
import {
  asBag,
  asList,
  asText,
  type Bag,
  INPUT_NODE,
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
import { nodeSpec, widgetSpecs } from '../nodes';
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
    const outlets = inside ? graph.links.filter(({ to }) => to === OUTPUT_NODE) : [];
    this.outlets = new Map(outlets.map((link) => [link.toSlot, link]));
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

/** Values that an instance has of its own, by the name of the definition's input; what is absent is inside. */
export function instanceValues(instance: ComfyNode, definition: ComfySubgraph): Map<string, Json> {
  if (instance.named) return namedValues(instance.named);
  if (instance.widgets !== undefined && !Array.isArray(instance.widgets))
    return namedValues(asBag(instance.widgets as Json) ?? {});
  const list = (instance.widgets ?? []) as readonly Json[];
  const proxies = asList(instance.properties['proxyWidgets']);
  if (proxies.length > 0) return proxyValues(proxies, list);
  const names = widgetInputs(definition);
  return names.length === list.length ? new Map(names.map((name, i) => [name, list[i] ?? null])) : new Map();
}

function namedValues(named: Readonly<Record<string, Json | undefined>>): Map<string, Json> {
  return new Map(Object.entries(named).filter((entry): entry is [string, Json] => entry[1] !== undefined));
}

/** `[inner node or "-1", widget]`: those of "-1" stand at that place of the list; null: what is inside. */
function proxyValues(proxies: readonly Json[], list: readonly Json[]): Map<string, Json> {
  const values = new Map<string, Json>();
  proxies.forEach((proxy, i) => {
    const [owner, name] = asList(proxy).map((one) => (typeof one === 'number' ? String(one) : asText(one)));
    const value = list[i];
    if (owner === '-1' && name !== undefined && value !== undefined && value !== null) values.set(name, value);
  });
  return values;
}

/** Inputs of a subgraph that lead to a widget, in their order. */
function widgetInputs(definition: ComfySubgraph): string[] {
  const byId = new Map(definition.nodes.map((node) => [String(node.id), node]));
  const slots = new Set<number>();
  for (const { from, fromSlot, to, toSlot } of definition.links) {
    const node = from === INPUT_NODE ? byId.get(String(to)) : undefined;
    const input = node?.inputs[toSlot];
    if (node && input && isWidgetInput(node, input)) slots.add(fromSlot);
  }
  return definition.inputs.filter((_, slot) => slots.has(slot)).map(({ name }) => name);
}

/** Whether a socket belongs to a widget: it says so, or the class has one of that name. */
export function isWidgetInput({ type }: ComfyNode, { name, widget }: ComfyInput): boolean {
  if (widget !== undefined) return true;
  const spec = nodeSpec(type);
  return spec !== undefined && widgetSpecs(spec).some(([one]) => one === name);
}

/** The first value of a node that sets or gets by name. */
export function nameOf(node: ComfyNode): Json | undefined {
  return widgetValues(node).get('name');
}
