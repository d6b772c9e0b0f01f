/** What becomes of seeds and other values once a prompt is in line: `control_after_generate`, as ComfyUI's editor does it. */
import { controlOf, withWidget, widgetSlots, widgetValues } from '../convert/widget-slots';
import type { ComfyDocument, ComfyGraph, ComfyNode, Json } from '../document';
import type { Widget } from '../nodes';

/** The editor's numbers stay below this, so that a step more is exact. */
const MOST = 2 ** 50;
const PRIMITIVE = 'PrimitiveNode';

type Change = (value: Json, mode: string, widget: Widget | undefined) => Json;

/**
 * The document for the next run; the same one where nothing changes.
 * @param random  0 ≤ x < 1
 * @param mode  in place of what the nodes say
 */
export function afterRun(document: ComfyDocument, random: () => number, mode?: string): ComfyDocument {
  const change: Change = (value, said, widget) => next(value, mode ?? said, { widget, random });
  const root = changeGraph(document.root, change);
  const subgraphs = document.subgraphs.map((one) => changeGraph(one, change));
  const isSame = root === document.root && subgraphs.every((one, i) => one === document.subgraphs[i]);
  return isSame ? document : { ...document, root, subgraphs };
}

function changeGraph<Graph extends ComfyGraph>(graph: Graph, change: Change): Graph {
  const nodes = graph.nodes.map((node) => changeNode(node, change));
  return nodes.every((node, i) => node === graph.nodes[i]) ? graph : { ...graph, nodes };
}

function changeNode(node: ComfyNode, change: Change): ComfyNode {
  if (node.type === PRIMITIVE) return changePrimitive(node, change);
  const mode = controlOf(node);
  const slots = widgetSlots(node);
  const at = slots.findIndex(({ kind }) => kind === 'control');
  const slot = slots[at - 1];
  const value = slot && widgetValues(node).get(slot.name);
  if (mode === undefined || value === undefined) return node;
  const changed = change(value, mode, slot?.widget);
  return slot === undefined || changed === value ? node : withWidget(node, slot.name, changed);
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
