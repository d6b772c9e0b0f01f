/** Going up a graph from its output, without going in circles, and remembering what was not understood. */
import { MATH_NODES } from './arithmetic';
import { isLink, type Graph, type PromptNode, type Link, type Literal } from './graph';
import { isOfKind, PIPE, sideOf, type Kind } from './kinds';
import { Outlets, type Outlet } from './outlets';
import { presetSize } from './preset-size';
import { SWITCHES, type NodeView } from './switches';
import { changesTexts, isTextName, TEXT_NODES } from './text-nodes';
import { makesText, styleOf } from './text-sources';

/** Steps in all: a graph can be a ring, and a text can come over many nodes. */
const MOST_STEPS = 20_000;
/** Nodes that a value comes over: reading them nests. */
const MOST_DEPTH = 64;

/** Nodes that hand on a value that stands in them, whoever made them. */
const VALUE_NAMES = [
  'value',
  'Value',
  'int',
  'Int',
  'float',
  'number',
  'Number',
  'seed',
  'noise_seed',
  'text',
  'string',
  'Text',
  'prompt',
  'boolean',
];
/** They stand beside a value, and do nothing to it. */
const BESIDE_VALUE =
  /control_after_generate|control_before|last_seed|^mode$|title|^type$|number_type|^min$|^max$|^step$|randomize/i;

export type Found = Outlet | { literal: Literal };

export class Walk {
  readonly #graph: Graph;
  readonly #outlets: Outlets;
  /** Classes that were passed without being understood. */
  readonly passed = new Set<string>();
  /** Values that were wanted and are not in the graph, or only guessed: key and sentence. */
  readonly lost = new Map<string, string>();
  /** "positive" and "negative", where their texts are not sure. */
  readonly unsure = new Set<string>();
  /** Classes that changed the picture behind its last sampler. */
  after: readonly string[] = [];
  /** Nodes between the first sampler and the picture that take some out of a batch, last to first. */
  readonly picked: PromptNode[] = [];
  #steps = 0;
  #depth = 0;

  constructor(graph: Graph) {
    this.#graph = graph;
    this.#outlets = new Outlets(graph);
  }

  get nodes(): readonly PromptNode[] {
    return [...this.#graph.values()];
  }

  /** The first of these inputs, where need be that of the node at the other end of a pipe. */
  input(
    node: PromptNode | undefined,
    ...names: readonly string[]
  ): { node: PromptNode; name: string; value: Literal | Link } | undefined {
    const seen = new Set<PromptNode>();
    const queue = node ? [node] : [];
    for (const at of queue) {
      if (seen.has(at) || !this.#step()) continue;
      seen.add(at);
      const name = names.find((one) => at.inputs.has(one));
      const value = name === undefined ? undefined : at.inputs.get(name);
      if (name !== undefined && value !== undefined) return { node: at, name, value };
      for (const [pipe, link] of at.inputs) {
        const next = PIPE.test(pipe) && isLink(link) ? this.follow(link) : undefined;
        if (next) queue.push(next);
      }
    }
    return undefined;
  }

  /** Where the first of these inputs comes from, over reroutes and switches. */
  origin(node: PromptNode | undefined, ...names: readonly string[]): Found | undefined {
    const found = this.input(node, ...names);
    if (!found) return undefined;
    return isLink(found.value) ? this.resolve(found.value, found.name) : { literal: found.value };
  }

  /** The node that an input comes from, over reroutes. */
  source(node: PromptNode | undefined, ...names: readonly string[]): PromptNode | undefined {
    for (const name of names) {
      const link = this.input(node, name)?.value;
      if (isLink(link)) return this.follow(link);
    }
    return undefined;
  }

  /** The node at the other end of the first pipe. */
  pipe(node: PromptNode): PromptNode | undefined {
    const [, link] =
      [...node.inputs].find(([name, value]) => PIPE.test(name) && name !== 'script' && isLink(value)) ?? [];
    return isLink(link) && this.#step() ? this.follow(link) : undefined;
  }

  follow(link: Link | undefined): PromptNode | undefined {
    const found = link && this.resolve(link, '');
    return found && 'node' in found ? found.node : undefined;
  }

  /** What a link comes from, over reroutes and switches. */
  resolve(link: Link, role: string): Found | undefined {
    let { slot } = link;
    let node = this.#graph.get(link.node);
    while (node && this.#step()) {
      const via = this.#through(node);
      if (via === undefined) return { node, slot, role };
      const value: Literal | Link | undefined = node.inputs.get(via);
      if (value !== undefined && !isLink(value)) return { literal: value };
      slot = value?.slot ?? 0;
      node = value && this.#graph.get(value.node);
    }
    return undefined;
  }

  /** The input that a node of the editor, or a switch, hands on as it is. */
  #through(node: PromptNode): string | undefined {
    if (node.type.startsWith('Reroute')) return [...node.inputs].find(([, value]) => isLink(value))?.[0] ?? '';
    if (!Object.hasOwn(SWITCHES, node.type)) return undefined;
    const chosen = this.#deeper(() => SWITCHES[node.type](this.#view(node)));
    if (chosen !== undefined && node.inputs.has(chosen)) return chosen;
    this.lost.set(node.type, `Which way the node "${node.type}" took is not in the graph.`);
    return undefined;
  }

  /** What stands behind an output: another node's, a literal; undefined where it is made here, or nothing decides. */
  before(outlet: Outlet, kind: Kind): Found | undefined {
    const name = this.#outlets.inputOf(outlet, kind);
    const found = name === undefined || name === '' ? undefined : this.input(outlet.node, name);
    if (!found) return undefined;
    const role = sideOf(found.name) ?? outlet.role;
    return isLink(found.value) ? this.resolve(found.value, role) : { literal: found.value };
  }

  /** Goes on to where a node's one way leads that carries what this node makes. */
  onward(node: PromptNode, ...names: readonly string[]): PromptNode | undefined {
    if (!this.#step()) return undefined;
    this.passed.add(node.type);
    return this.source(node, ...names) ?? this.#onlySource(node);
  }

  #onlySource(node: PromptNode): PromptNode | undefined {
    const [only, ...others] = [...node.inputs.values()].filter(isLink);
    return only !== undefined && others.length === 0 ? this.follow(only) : undefined;
  }

  /** A value, from wherever it comes. */
  value(node: PromptNode | undefined, ...names: readonly string[]): Literal | undefined {
    const found = this.input(node, ...names);
    if (!found) return undefined;
    if (!isLink(found.value)) return found.value;
    const kind = isTextName(found.name) ? 'text' : CHOICES.has(found.name) ? 'choice' : 'number';
    return this.valueOf(this.resolve(found.value, found.name), kind);
  }

  text(node: PromptNode | undefined, ...names: readonly string[]): string | undefined {
    const value = this.value(node, ...names);
    return typeof value === 'string' ? value : undefined;
  }

  /** Numbers may stand in texts: those of more digits than a double holds. */
  number(node: PromptNode | undefined, ...names: readonly string[]): number | undefined {
    const value = this.value(node, ...names);
    const number = typeof value === 'string' && /^-?\d{1,9}(\.\d+)?$/.test(value) ? Number(value) : value;
    return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
  }

  /** A number or a choice with a sentence where it hangs on a node that is not understood. */
  wanted(node: PromptNode | undefined, ...names: readonly string[]): Literal | undefined {
    const value = this.value(node, ...names);
    const found = value === undefined ? this.input(node, ...names) : undefined;
    const source = found && isLink(found.value) ? this.follow(found.value) : undefined;
    if (found && source)
      this.lost.set(
        found.name,
        `"${found.name}" hangs on the node "${source.type}", which is not understood here: it is left out.`,
      );
    else if (found && isLink(found.value))
      this.lost.set(
        found.name,
        `"${found.name}" comes from the node "${found.value.node}", which is not in the graph: it is left out.`,
      );
    return value;
  }

  /** What an output is worth. */
  valueOf(found: Found | undefined, kind: Kind): Literal | undefined {
    if (!found || 'literal' in found) return found?.literal;
    return this.#deeper(() => this.#valueOf(found, kind));
  }

  #valueOf(outlet: Outlet, kind: Kind): Literal | undefined {
    const { node } = outlet;
    if (Object.hasOwn(MATH_NODES, node.type)) return MATH_NODES[node.type](this.#view(node));
    if (Object.hasOwn(TEXT_NODES, node.type)) return this.#madeText(outlet);
    const side = kind === 'number' ? this.#presetSide(outlet) : undefined;
    if (side !== undefined) return side;
    if (kind === 'text') this.#noteStyle(node);
    // What hands on one of several texts is no such node.
    const isUnsure = kind === 'text' && (makesText(node) || changesTexts(node.type)) && !this.#outlets.isKnown(node);
    const before = isUnsure ? undefined : this.before(outlet, kind);
    if (before) return this.valueOf(before, kind);
    if (kind === 'text') return this.#anyText(outlet);
    const values = [...node.inputs].filter(([name]) => !BESIDE_VALUE.test(name));
    const [only] = values;
    const isOne =
      values.length === 1 && (VALUE_NAMES.includes(only[0]) || isLink(only[1]) || isOfKind(only[0], only[1], kind));
    if (!isOne) return undefined;
    return isLink(only[1]) ? this.valueOf(this.resolve(only[1], outlet.role), kind) : only[1];
  }

  #madeText({ node, role }: Outlet): string | undefined {
    const text = TEXT_NODES[node.type](this.#view(node));
    if (text === undefined) this.#loseText(node, role, `The text of the node "${node.type}" is not in the graph.`);
    return text;
  }

  /** A side of the size that a node chooses by its name. */
  #presetSide(outlet: Outlet): number | undefined {
    const size = presetSize(outlet.node);
    const name = size && (this.#outlets.inputOf(outlet, 'number') ?? outlet.role);
    if (!size || name === undefined) return undefined;
    return /width/i.test(name) ? size.width : /height/i.test(name) ? size.height : undefined;
  }

  #noteStyle(node: PromptNode): void {
    const style = styleOf(node);
    if (style !== undefined)
      this.lost.set(
        `style ${node.type}`,
        `The style "${style.slice(0, 80)}" of the node "${node.type}" is not carried over: it changes the text.`,
      );
  }

  /** Text of a node that is not known: all that is called a text, what comes from other nodes first. */
  #anyText({ node, role }: Outlet): string | undefined {
    if (makesText(node)) {
      this.#loseText(node, role, `The text of the node "${node.type}" was made as it ran: it is not in the graph.`);
      return undefined;
    }
    const side = sideOf(role);
    const names = [...node.inputs].filter(([name, value]) => isOfKind(name, value, 'text'));
    const sided = names.filter(([name]) => side !== undefined && sideOf(name) === side);
    const own = sided.length > 0 ? sided : names.filter(([name]) => sideOf(name) === undefined || side === undefined);
    const ordered = [...own.filter(([, value]) => isLink(value)), ...own.filter(([, value]) => !isLink(value))];
    const texts = ordered.map(([name, value]) =>
      isLink(value) ? this.valueOf(this.resolve(value, role), 'text') : this.value(node, name),
    );
    const found = texts.filter((text): text is string => typeof text === 'string' && text.trim() !== '');
    const isPlain = ordered.length === 1 && !changesTexts(node.type);
    if (found.length === 0) this.#loseText(node, role, `The text of the node "${node.type}" is not in the graph.`);
    else if (!isPlain)
      this.#loseText(
        node,
        role,
        `The text of the node "${node.type}" is pieced together from what stands in it: it is not known here.`,
      );
    if (found.length === 0 && isPlain) return '';
    return found.length === 0 ? undefined : found.join(', ');
  }

  /** A text that was wanted and is not there, unless more is known of it. */
  loseText(node: PromptNode, role: string): void {
    if (!this.lost.has(`text ${node.type}`))
      this.#loseText(node, role, `The text of the node "${node.type}" is not in the graph.`);
  }

  #loseText({ type }: PromptNode, role: string, sentence: string): void {
    this.lost.set(`text ${type}`, sentence);
    const side = sideOf(role);
    for (const one of side === undefined ? ['positive', 'negative'] : [side]) this.unsure.add(one);
  }

  /** What a table of nodes sees of one. */
  #view(node: PromptNode): NodeView {
    return { get: (name) => this.#deeper(() => this.value(node, name)), names: [...node.inputs.keys()] };
  }

  #deeper<Value>(read: () => Value | undefined): Value | undefined {
    if (this.#depth >= MOST_DEPTH || !this.#step()) return undefined;
    this.#depth++;
    try {
      return read();
    } finally {
      this.#depth--;
    }
  }

  /** False where the walk has gone on for too long. */
  #step(): boolean {
    return this.#steps++ < MOST_STEPS;
  }
}

const CHOICES: ReadonlySet<string> = new Set([
  'sampler_name',
  'scheduler',
  'sampler',
  'ckpt_name',
  'unet_name',
  'lora_name',
  'vae_name',
  'model_name',
  'upscale_method',
]);
