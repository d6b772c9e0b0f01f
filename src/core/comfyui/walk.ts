/** Going up a graph from its output, without going in circles, and remembering what was not understood. */
import { isLink, type Graph, type GraphNode, type Link, type Literal } from './graph';

/** Steps in all: a graph can be a ring, and a text can come over many nodes. */
const MOST_STEPS = 20_000;
/** Nodes that a value comes over: reading them nests. */
const MOST_DEPTH = 64;

/** Nodes that hand on a value that stands in them, whoever made them. */
const VALUE_NAMES = ['value', 'Value', 'int', 'float', 'number', 'seed', 'text', 'string', 'Text', 'prompt'];

export class Walk {
  readonly #graph: Graph;
  /** Classes that were passed without being understood. */
  readonly passed = new Set<string>();
  #steps = 0;

  constructor(graph: Graph) {
    this.#graph = graph;
  }

  get nodes(): readonly GraphNode[] {
    return [...this.#graph.values()];
  }

  /** The node that an input comes from, over reroutes. */
  source(node: GraphNode | undefined, ...names: readonly string[]): GraphNode | undefined {
    return this.follow(names.map((name) => node?.inputs.get(name)).find(isLink));
  }

  follow(link: Link | undefined): GraphNode | undefined {
    let node = link && this.#graph.get(link.node);
    while (node?.type.startsWith('Reroute') && this.#step()) node = this.#onlySource(node);
    return node;
  }

  /** Goes on to where a node's one way leads that carries what this node makes. */
  onward(node: GraphNode, ...names: readonly string[]): GraphNode | undefined {
    if (!this.#step()) return undefined;
    this.passed.add(node.type);
    return this.source(node, ...names) ?? this.#onlySource(node);
  }

  #onlySource(node: GraphNode): GraphNode | undefined {
    const links = [...node.inputs.values()].filter(isLink);
    return links.length > 0 ? this.#graph.get(links[0].node) : undefined;
  }

  /** A value, from wherever it comes. */
  value(node: GraphNode | undefined, ...names: readonly string[]): Literal | undefined {
    return this.#value(node, names, MOST_DEPTH);
  }

  #value(node: GraphNode | undefined, names: readonly string[], depth: number): Literal | undefined {
    const found = names.map((name) => node?.inputs.get(name)).find((value) => value !== undefined);
    return isLink(found) ? this.#valueOf(this.follow(found), depth - 1) : found;
  }

  text(node: GraphNode | undefined, ...names: readonly string[]): string | undefined {
    const value = this.value(node, ...names);
    return typeof value === 'string' ? value : undefined;
  }

  /** Numbers may stand in texts: those of more digits than a double holds. */
  number(node: GraphNode | undefined, ...names: readonly string[]): number | undefined {
    const value = this.value(node, ...names);
    return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
  }

  #valueOf(node: GraphNode | undefined, depth: number): Literal | undefined {
    if (!node || depth === 0 || !this.#step()) return undefined;
    if (node.type === 'StringConcatenate') {
      const part = (name: string) => this.#value(node, [name], depth) ?? '';
      return [part('string_a'), part('string_b')].join(String(part('delimiter')));
    }
    const known = VALUE_NAMES.find((name) => node.inputs.has(name));
    const name = known ?? [...node.inputs].find(([, value]) => !isLink(value))?.[0];
    return name === undefined ? this.#valueOf(this.#onlySource(node), depth - 1) : this.#value(node, [name], depth);
  }

  /** False where the walk has gone on for too long. */
  #step(): boolean {
    return this.#steps++ < MOST_STEPS;
  }
}
