/** ComfyUI's two forms of a graph, made one: nodes with inputs that are values or come from other nodes. */
import { WIDGETS } from './widgets';

export interface Link {
  node: string;
  slot: number;
}

export type Literal = string | number | boolean;

export interface GraphNode {
  id: string;
  type: string;
  inputs: ReadonlyMap<string, Literal | Link>;
}

export type Graph = ReadonlyMap<string, GraphNode>;

/** A damaged or hostile file has more. */
const MOST_NODES = 20_000;

export function isLink(value: Literal | Link | undefined): value is Link {
  return typeof value === 'object';
}

type Bag = Record<string, unknown>;

function asBag(value: unknown): Bag | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Bag) : undefined;
}

function asLiteral(value: unknown): Literal | undefined {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : undefined;
}

/** The chunk `prompt`: what ran. Undefined where it is none. */
export function readPromptGraph(json: unknown): Graph | undefined {
  const graph = new Map<string, GraphNode>();
  for (const [id, value] of Object.entries(asBag(json) ?? {}).slice(0, MOST_NODES)) {
    const node = asBag(value);
    const type = node?.['class_type'];
    if (typeof type !== 'string') continue;
    const inputs = new Map<string, Literal | Link>();
    for (const [name, input] of Object.entries(asBag(node?.['inputs']) ?? {})) {
      const read = asLiteral(input) ?? asPromptLink(input);
      if (read !== undefined) inputs.set(name, read);
    }
    graph.set(id, { id, type, inputs });
  }
  return graph.size > 0 ? graph : undefined;
}

function asPromptLink(value: unknown): Link | undefined {
  if (!Array.isArray(value) || value.length !== 2) return undefined;
  const [node, slot] = value as unknown[];
  const isLink = (typeof node === 'string' || typeof node === 'number') && typeof slot === 'number';
  return isLink ? { node: String(node), slot } : undefined;
}

const [MUTED, BYPASSED] = [2, 4];

/** The chunk `workflow`: what the editor shows. Its values have no names; those of nodes in WIDGETS get theirs. */
export function readWorkflowGraph(json: unknown): Graph | undefined {
  const workflow = asBag(json);
  const links = readLinks(workflow?.['links']);
  const nodes = Array.isArray(workflow?.['nodes']) ? (workflow['nodes'] as unknown[]).slice(0, MOST_NODES) : [];
  const graph = new Map<string, GraphNode>();
  for (const node of nodes.map(asBag)) {
    const type = node?.['type'];
    if (!node || typeof type !== 'string' || node['mode'] === MUTED) continue;
    const inputs = new Map<string, Literal | Link>(readWidgets(type, node['widgets_values']));
    for (const socket of Array.isArray(node['inputs']) ? (node['inputs'] as unknown[]).map(asBag) : []) {
      const link = links.get(socket?.['link']);
      if (link && typeof socket?.['name'] === 'string') inputs.set(socket['name'], link);
    }
    const id = String(node['id']);
    // What is bypassed hands on what it gets.
    graph.set(id, { id, type: node['mode'] === BYPASSED ? 'Reroute' : type, inputs });
  }
  return graph.size > 0 ? graph : undefined;
}

/** Lists of six in files of today, objects in newer ones. */
function readLinks(value: unknown): Map<unknown, Link> {
  const links = new Map<unknown, Link>();
  for (const link of Array.isArray(value) ? (value as unknown[]) : []) {
    const bag = asBag(link);
    const [id, node, slot] = Array.isArray(link)
      ? (link as unknown[])
      : [bag?.['id'], bag?.['origin_id'], bag?.['origin_slot']];
    if (typeof slot === 'number') links.set(id, { node: String(node), slot });
  }
  return links;
}

const CONTROL_WORDS: ReadonlySet<unknown> = new Set(['fixed', 'increment', 'decrement', 'randomize', true, false]);

function readWidgets(type: string, values: unknown): [string, Literal][] {
  const bag = asBag(values);
  if (bag) return Object.entries(bag).flatMap(([name, value]) => named(name, value));
  if (!Array.isArray(values)) return [];
  const list = [...(values as unknown[])];
  const names = Object.hasOwn(WIDGETS, type) ? WIDGETS[type] : [];
  if (names.length === 0 && list.length > 0) return named('value', list[0]);
  return names.flatMap((name) => {
    // What becomes of a seed after a run stands behind it, save in old files.
    if (name === 'control_after_generate' && !CONTROL_WORDS.has(list[0])) return [];
    return named(name, list.shift());
  });
}

function named(name: string, value: unknown): [string, Literal][] {
  const literal = asLiteral(value);
  return literal === undefined ? [] : [[name, literal]];
}
