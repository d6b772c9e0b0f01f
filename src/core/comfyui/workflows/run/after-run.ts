/** What becomes of seeds and other values once a prompt is in line: `control_after_generate`, as ComfyUI's editor does it. */
import { controlOf, withWidget, widgetSlots, widgetValues } from '../convert/widget-slots';
import { instanceValues, withInstanceValue } from '../convert/instance-values';
import {
  INPUT_NODE,
  type ComfyDocument,
  type ComfyGraph,
  type ComfyInput,
  type ComfyNode,
  type ComfySubgraph,
  type Json,
} from '../document';
import type { Widget } from '../nodes';

/** The editor's numbers stay below this, so that a step more is exact. */
const MOST = 2 ** 50;
const PRIMITIVE = 'PrimitiveNode';
/** Subgraphs within subgraphs: one that holds itself ends here. */
const MOST_DEPTH = 16;

type Change = (value: Json, mode: string, widget: Widget | undefined) => Json;

/**
 * The document for the next run; the same one where nothing changes.
 * @param random  0 ≤ x < 1
 * @param mode  in place of what the nodes say
 */
export function afterRun(document: ComfyDocument, random: () => number, mode?: string): ComfyDocument {
  const change: Change = (value, said, widget) => next(value, mode ?? said, { widget, random });
  const all: Definitions = new Map(document.subgraphs.map((one) => [one.id, one]));
  const root = changeGraph(document.root, change, all);
  const subgraphs = document.subgraphs.map((one) => changeGraph(one, change, all));
  const isSame = root === document.root && subgraphs.every((one, i) => one === document.subgraphs[i]);
  return isSame ? document : { ...document, root, subgraphs };
}

type Definitions = ReadonlyMap<string, ComfySubgraph>;

function changeGraph<Graph extends ComfyGraph>(graph: Graph, change: Change, all: Definitions): Graph {
  const inner = new Set(graph.links.filter(({ from }) => from === INPUT_NODE).map(({ id }) => id));
  /** By another node: what comes from outside of a subgraph may have no value there. */
  const isJoined = ({ link }: ComfyInput): boolean => link !== null && !inner.has(link);
  const nodes = graph.nodes.map((node) => {
    const definition = all.get(node.type);
    return definition ? changeInstance(node, definition, change, all) : changeNode(node, change, isJoined);
  });
  return nodes.every((node, i) => node === graph.nodes[i]) ? graph : { ...graph, nodes };
}

function changeNode(node: ComfyNode, change: Change, isJoined: (input: ComfyInput) => boolean): ComfyNode {
  if (node.type === PRIMITIVE) return changePrimitive(node, change);
  const found = controlledOf(node);
  const value = found && widgetValues(node).get(found.name);
  if (!found || value === undefined) return node;
  if (node.inputs.some((input) => (input.widget ?? input.name) === found.name && isJoined(input))) return node;
  const changed = change(value, found.mode, found.widget);
  return changed === value ? node : withWidget(node, found.name, changed);
}

interface Controlled {
  name: string;
  mode: string;
  widget: Widget | undefined;
}

/** The value before the node's control. */
function controlledOf(node: ComfyNode): Controlled | undefined {
  const mode = controlOf(node);
  const slots = widgetSlots(node);
  const slot = slots[slots.findIndex(({ kind }) => kind === 'control') - 1];
  return mode === undefined || slot === undefined ? undefined : { name: slot.name, mode, widget: slot.widget };
}

/** Its own values change by the controls that stand beside them inside. @see Comfy-Org/ComfyUI_frontend collectPromotedControlTargets */
function changeInstance(instance: ComfyNode, definition: ComfySubgraph, change: Change, all: Definitions): ComfyNode {
  let changed = instance;
  for (const [name, value] of instanceValues(instance, definition)) {
    if (instance.inputs.some((input) => input.name === name && input.link !== null)) continue;
    const control = controlBehind(definition, name, all);
    const next = control ? change(value, control.mode, control.widget) : value;
    if (next !== value) changed = withInstanceValue(changed, definition, name, next);
  }
  return changed;
}

/** The control of the first widget that an input of a subgraph leads to. */
function controlBehind(
  { inputs, links, nodes }: ComfySubgraph,
  name: string,
  all: Definitions,
  depth = 0,
): Controlled | undefined {
  if (depth > MOST_DEPTH) return undefined;
  const slot = inputs.findIndex((input) => input.name === name);
  for (const { from, fromSlot, to, toSlot } of links) {
    if (from !== INPUT_NODE || fromSlot !== slot) continue;
    const node = nodes.find(({ id }) => id === to);
    const input = node?.inputs[toSlot];
    if (!node || !input) continue;
    const inner = all.get(node.type);
    const found = inner ? controlBehind(inner, input.name, all, depth + 1) : controlledOf(node);
    if (found && (inner || found.name === (input.widget ?? input.name))) return found;
  }
  return undefined;
}

/** It has no names: a value, what becomes of it, and a filter. */
function changePrimitive(node: ComfyNode, change: Change): ComfyNode {
  if (!Array.isArray(node.widgets)) return node;
  const [value, mode, ...rest] = node.widgets as readonly Json[];
  if (typeof mode !== 'string' || (typeof value !== 'number' && typeof value !== 'bigint')) return node;
  const changed = change(value, mode, undefined);
  return changed === value ? node : { ...node, widgets: [changed, mode, ...rest] };
}

function next(
  value: Json,
  mode: string,
  { widget, random }: { widget: Widget | undefined; random: () => number },
): Json {
  if (widget?.kind === 'choice') return nextOption(value, mode, { options: widget.options, random });
  if (typeof value !== 'number' && typeof value !== 'bigint') return value;
  const { min = 0, max = MOST, step = 1 } = widget && 'min' in widget ? widget : {};
  const [least, most] = [Math.max(-MOST, Number(min)), Math.min(MOST, Number(max))];
  const by = widget?.kind === 'float' ? step : Math.max(1, Math.round(step));
  const now = Number(value);
  switch (mode) {
    case 'increment':
    case 'increment-wrap':
      return mode === 'increment-wrap' && now + by > most ? least : clamp(now + by, least, most);
    case 'decrement':
      return clamp(now - by, least, most);
    case 'randomize':
      return clamp(Math.floor((random() * (most - least)) / by) * by + least, least, most);
    default:
      return value;
  }
}

function nextOption(
  value: Json,
  mode: string,
  { options, random }: { options: readonly string[]; random: () => number },
): Json {
  const at = options.findIndex((one) => one === value);
  const last = options.length - 1;
  if (last < 0) return value;
  switch (mode) {
    case 'increment':
      return options[Math.min(at + 1, last)] ?? value;
    case 'increment-wrap':
      return options[at >= last ? 0 : at + 1] ?? value;
    case 'decrement':
      return options[Math.max(at - 1, 0)] ?? value;
    case 'randomize':
      return options[Math.min(last, Math.floor(random() * options.length))] ?? value;
    default:
      return value;
  }
}

const clamp = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, value));
