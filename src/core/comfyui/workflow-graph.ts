/** The chunk `workflow`: what the editor shows. Its values have no names; those of nodes in WIDGETS, and of newer files, get theirs. */
import { asBag, asLiteral, MOST_NODES, type Bag, type Graph, type GraphNode, type Link, type Literal } from './graph';
import { WIDGETS } from './widgets';

const [MUTED, BYPASSED] = [2, 4];
/** Where a subgraph's own inputs and outputs are joined. */
const [INPUT_NODE, OUTPUT_NODE] = [-10, -20];
const MOST_DEPTH = 8;

interface Level {
  prefix: string;
  nodes: readonly Bag[];
  links: ReadonlyMap<unknown, EditorLink>;
  /** Of the subgraph that this is: what its inputs are joined to outside. */
  outside?: ReadonlyMap<number, Link | Literal>;
}

interface EditorLink {
  node: unknown;
  slot: number;
  type: unknown;
}

export function readWorkflowGraph(json: unknown): Graph | undefined {
  const workflow = asBag(json);
  if (!workflow || !Array.isArray(workflow['nodes'])) return undefined;
  const definitions = new Map(listOf(asBag(workflow['definitions'])?.['subgraphs']).map((bag) => [bag['id'], bag]));
  const editor = new Editor(definitions);
  editor.read({ prefix: '', nodes: listOf(workflow['nodes']), links: readLinks(workflow['links']) }, 0);
  return editor.graph.size > 0 ? editor.graph : undefined;
}

function listOf(value: unknown): Bag[] {
  return (Array.isArray(value) ? (value as unknown[]) : [])
    .slice(0, MOST_NODES)
    .map(asBag)
    .filter((bag) => bag !== undefined);
}

class Editor {
  readonly graph = new Map<string, GraphNode>();
  readonly #definitions: ReadonlyMap<unknown, Bag>;

  constructor(definitions: ReadonlyMap<unknown, Bag>) {
    this.#definitions = definitions;
  }

  read(level: Level, depth: number): void {
    const setters = readSetters(level);
    for (const node of level.nodes) {
      if (this.graph.size >= MOST_NODES) return;
      const definition = this.#definitions.get(node['type']);
      if (node['mode'] === MUTED || typeof node['type'] !== 'string') continue;
      const id = `${level.prefix}${String(node['id'])}`;
      const inputs = this.#readInputs(node, level);
      if (definition && depth < MOST_DEPTH) this.#readInstance({ id, node, definition, inputs }, depth);
      else this.graph.set(id, this.#toNode({ id, node, inputs }, setters));
    }
  }

  #toNode(
    { id, node, inputs }: { id: string; node: Bag; inputs: Map<string, Literal | Link> },
    setters: ReadonlyMap<string, Link>,
  ): GraphNode {
    const type = String(node['type']);
    const outputs = listOf(node['outputs']).map((output) => ({
      name: String(output['name']),
      type: String(output['type']),
    }));
    if (type === 'GetNode') {
      const source = setters.get(String(listed(node['widgets_values'])[0]));
      return { id, type: 'Reroute', inputs: new Map(source ? [['', source]] : []), outputs };
    }
    if (type === 'SetNode') return { id, type: 'Reroute', inputs, outputs };
    // What is bypassed hands on what it gets, of the same type.
    if (node['mode'] === BYPASSED) return { id, type: 'Reroute', inputs: bypassed(node, inputs), outputs };
    return { id, type, inputs, outputs };
  }

  /** Values by name, then links, which count more. */
  #readInputs(node: Bag, level: Level): Map<string, Literal | Link> {
    const inputs = new Map<string, Literal | Link>(readWidgets(node));
    for (const socket of listOf(node['inputs'])) {
      const link = level.links.get(socket['link']);
      const found = link && locate(link, level);
      if (found !== undefined && typeof socket['name'] === 'string') inputs.set(socket['name'], found);
    }
    return inputs;
  }

  /** An instance of a subgraph: its nodes, with what is joined to it from outside. */
  #readInstance(
    instance: { id: string; node: Bag; definition: Bag; inputs: ReadonlyMap<string, Literal | Link> },
    depth: number,
  ): void {
    const { id, node, definition, inputs } = instance;
    const names = listOf(definition['inputs']).map((input) => String(input['name']));
    const outside = new Map<number, Link | Literal>();
    const values = asBag(node['widgets_values_named']);
    names.forEach((name, slot) => {
      const value = inputs.get(name) ?? asLiteral(values?.[name]);
      if (value !== undefined) outside.set(slot, value);
    });
    const links = readLinks(definition['links']);
    const level: Level = { prefix: `${id}:`, nodes: listOf(definition['nodes']), links, outside };
    const inner = new Map<number, Link>();
    for (const [slot, link] of outputLinks(definition['links'])) {
      const found = locate(link, level);
      if (typeof found === 'object') inner.set(slot, found);
    }
    this.graph.set(id, { id, type: 'Subgraph', inputs: new Map(), inner });
    this.read(level, depth + 1);
  }
}

function locate({ node, slot }: EditorLink, { prefix, outside }: Level): Link | Literal | undefined {
  return node === INPUT_NODE ? outside?.get(slot) : { node: `${prefix}${String(node)}`, slot };
}

/** Lists of six in files of today, objects in subgraphs. */
function toLink(value: unknown): { id: unknown; link: EditorLink; target: unknown; targetSlot: unknown } | undefined {
  const bag = asBag(value);
  const [id, node, slot, target, targetSlot, type] = Array.isArray(value)
    ? (value as unknown[])
    : ['id', 'origin_id', 'origin_slot', 'target_id', 'target_slot', 'type'].map((key) => bag?.[key]);
  return typeof slot === 'number' ? { id, link: { node, slot, type }, target, targetSlot } : undefined;
}

function readLinks(value: unknown): Map<unknown, EditorLink> {
  const links = new Map<unknown, EditorLink>();
  for (const one of Array.isArray(value) ? (value as unknown[]) : []) {
    const found = toLink(one);
    if (found) links.set(found.id, found.link);
  }
  return links;
}

function outputLinks(value: unknown): [number, EditorLink][] {
  return (Array.isArray(value) ? (value as unknown[]) : []).flatMap((one): [number, EditorLink][] => {
    const found = toLink(one);
    return found?.target === OUTPUT_NODE && typeof found.targetSlot === 'number'
      ? [[found.targetSlot, found.link]]
      : [];
  });
}

/** KJNodes' links by name. */
function readSetters({ prefix, nodes, links }: Level): Map<string, Link> {
  const setters = new Map<string, Link>();
  for (const node of nodes.filter(({ type }) => type === 'SetNode')) {
    const link = listOf(node['inputs'])
      .map((input) => links.get(input['link']))
      .find((found) => found !== undefined);
    const [name] = listed(node['widgets_values']);
    if (link && typeof name === 'string') setters.set(name, { node: `${prefix}${String(link.node)}`, slot: link.slot });
  }
  return setters;
}

function bypassed(node: Bag, inputs: ReadonlyMap<string, Literal | Link>): Map<string, Literal | Link> {
  const [output] = listOf(node['outputs']);
  const same = listOf(node['inputs']).find(
    (input) => input['type'] === output?.['type'] && typeof inputs.get(String(input['name'])) === 'object',
  );
  const value = same && inputs.get(String(same['name']));
  return value === undefined ? new Map(inputs) : new Map([[String(same?.['name']), value]]);
}

function listed(values: unknown): unknown[] {
  return Array.isArray(values) ? (values as unknown[]) : Object.values(asBag(values) ?? {});
}

const CONTROL_WORDS: ReadonlySet<unknown> = new Set([
  'fixed',
  'increment',
  'decrement',
  'randomize',
  'increment-wrap',
  true,
  false,
]);

function readWidgets(node: Bag): [string, Literal][] {
  const named = asBag(node['widgets_values_named']) ?? asBag(node['widgets_values']);
  if (named) return Object.entries(named).flatMap(([name, value]) => toNamed(name, value));
  if (!Array.isArray(node['widgets_values'])) return [];
  const list = [...(node['widgets_values'] as unknown[])];
  const type = String(node['type']);
  const names = Object.hasOwn(WIDGETS, type) ? WIDGETS[type] : widgetNames(node, list);
  if (names.length === 0 && list.length > 0) return toNamed('value', list[0]);
  return names.flatMap((name) => {
    // What becomes of a seed after a run stands behind it, save in old files.
    if (name === 'control_after_generate' && !CONTROL_WORDS.has(list[0])) return [];
    return toNamed(name, list.shift());
  });
}

/** Newer files list the sockets of all widgets, in their order. */
function widgetNames(node: Bag, values: readonly unknown[]): string[] {
  const names = listOf(node['inputs']).flatMap((input) => {
    const name = asBag(input['widget'])?.['name'];
    return typeof name === 'string' ? [name] : [];
  });
  const withControl = names.flatMap((name) =>
    /^(noise_)?seed$/.test(name) ? [name, 'control_after_generate'] : [name],
  );
  if (withControl.length === values.length) return withControl;
  return names.length === values.length ? names : [];
}

function toNamed(name: string, value: unknown): [string, Literal][] {
  const literal = asLiteral(value);
  return literal === undefined ? [] : [[name, literal]];
}
