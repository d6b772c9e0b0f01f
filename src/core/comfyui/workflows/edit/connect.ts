/** Joining an output to an input: which fit, what it does to both nodes, and what it replaces. */
import {
  asBag,
  INPUT_NODE,
  OUTPUT_NODE,
  type ComfyGraph,
  type ComfyNode,
  type ComfySubgraph,
  type Json,
  type NodeId,
} from '../document';
import { fits, inputType, nodeSpec } from '../nodes';
import { widgetValues } from '../convert/widget-slots';
import { withLinks } from './links';

export interface OutputEnd {
  node: NodeId;
  slot: number;
}
/** `slot`: its place among the node's inputs, or the name of a widget, which may have no socket yet. */
export interface InputEnd {
  node: NodeId;
  slot: number | string;
}

const nodeOf = ({ nodes }: ComfyGraph, id: NodeId): ComfyNode | undefined =>
  nodes.find((node) => String(node.id) === String(id));
const edges = (graph: ComfyGraph): Partial<ComfySubgraph> => graph;
const isReroute = ({ type }: ComfyNode): boolean => type.startsWith('Reroute');

/** What comes out: that of a reroute is what goes into it. Undefined where there is no such output. */
export function typeOfOutput(graph: ComfyGraph, { node: id, slot }: OutputEnd): string | undefined {
  let at: OutputEnd = { node: id, slot };
  for (let steps = 0; steps <= graph.links.length; steps++) {
    if (at.node === INPUT_NODE) return edges(graph).inputs?.[at.slot]?.type;
    const node = nodeOf(graph, at.node);
    if (!node || !isReroute(node)) return node?.outputs[at.slot]?.type;
    const link = graph.links.find((one) => one.id === node.inputs[0]?.link);
    if (!link) return '*';
    at = { node: link.from, slot: link.fromSlot };
  }
  return '*';
}

/** What goes in. Undefined where there is no such input. */
export function typeOfInput(graph: ComfyGraph, { node: id, slot }: InputEnd): string | undefined {
  if (id === OUTPUT_NODE) return typeof slot === 'number' ? edges(graph).outputs?.[slot]?.type : undefined;
  const node = nodeOf(graph, id);
  if (!node) return undefined;
  if (isReroute(node)) return wantedBehind(graph, node);
  const input = typeof slot === 'number' ? node.inputs[slot] : node.inputs.find((one) => widgetOf(one) === slot);
  if (input) return input.type;
  const spec = nodeSpec(node.type);
  return spec && typeof slot === 'string' ? inputType(spec, slot) : undefined;
}

const widgetOf = ({ name, widget }: ComfyNode['inputs'][number]): string => widget ?? name;

/** A reroute takes what those behind it take. */
function wantedBehind(graph: ComfyGraph, reroute: ComfyNode): string {
  const seen = new Set<ComfyNode>([reroute]);
  const queue = [reroute];
  for (const at of queue)
    for (const link of graph.links.filter(({ from }) => String(from) === String(at.id))) {
      const next = nodeOf(graph, link.to);
      if (!next || !isReroute(next)) return typeOfInput(graph, { node: link.to, slot: link.toSlot }) ?? '*';
      if (!seen.has(next)) queue.push(next);
      seen.add(next);
    }
  return '*';
}

/** Why these two cannot be joined, in a sentence. */
export function whyNotConnect(graph: ComfyGraph, from: OutputEnd, to: InputEnd): string | undefined {
  const [given, wanted] = [typeOfOutput(graph, from), typeOfInput(graph, to)];
  if (given === undefined || wanted === undefined) return 'There is no such socket.';
  if (!fits(given, wanted)) return `This gives ${given}, and that takes ${wanted}.`;
  return behindOf(graph, to.node).has(String(from.node))
    ? 'This would make a ring: what comes out would go in again.'
    : undefined;
}

/** What was joined to the input is not any more. The same graph where they do not fit. */
export function connect<Graph extends ComfyGraph>(
  graph: Graph,
  { from, to, id }: { from: OutputEnd; to: InputEnd; id: number },
): Graph {
  if (whyNotConnect(graph, from, to) !== undefined) return graph;
  const opened = typeof to.slot === 'string' ? withSocket(graph, to.node, to.slot) : graph;
  const toSlot =
    typeof to.slot === 'number'
      ? to.slot
      : (nodeOf(opened, to.node)?.inputs.findIndex((one) => widgetOf(one) === to.slot) ?? -1);
  const removed = opened.links.filter((link) => String(link.to) === String(to.node) && link.toSlot === toSlot);
  if (removed.some((link) => String(link.from) === String(from.node) && link.fromSlot === from.slot)) return graph;
  const [given, wanted] = [typeOfOutput(opened, from) ?? '*', typeOfInput(opened, { ...to, slot: toSlot }) ?? '*'];
  const type = given === '*' ? wanted : given;
  const link = { id, from: from.node, fromSlot: from.slot, to: to.node, toSlot, type };
  const joined = withLinks(opened, { removed: new Set(removed.map((one) => one.id)), added: [link] });
  return withPrimitive(withRerouteTypes(joined, to.node), link);
}

/** A widget's own socket is written where something is joined to it. */
function withSocket<Graph extends ComfyGraph>(graph: Graph, id: NodeId, name: string): Graph {
  const nodes = graph.nodes.map((node) => {
    if (String(node.id) !== String(id) || node.inputs.some((input) => widgetOf(input) === name)) return node;
    const spec = nodeSpec(node.type);
    const type = (spec && inputType(spec, name)) ?? '*';
    return { ...node, inputs: [...node.inputs, { name, type, link: null, widget: name }] };
  });
  return { ...graph, nodes };
}

/** Reroutes say at their output what they hand on, also those behind them. */
function withRerouteTypes<Graph extends ComfyGraph>(graph: Graph, first: NodeId): Graph {
  let out = graph;
  const queue = [String(first)];
  for (const id of queue) {
    const node = nodeOf(out, id);
    if (!node || !isReroute(node) || queue.indexOf(id) !== queue.lastIndexOf(id)) continue;
    const type = typeOfOutput(out, { node: node.id, slot: 0 }) ?? '*';
    const named = type === '*' ? '' : type;
    const outputs = node.outputs.map((output, i) => (i === 0 ? { ...output, name: named, type } : output));
    out = { ...out, nodes: out.nodes.map((one) => (one === node ? { ...one, outputs } : one)) };
    queue.push(...out.links.filter(({ from }) => String(from) === id).map(({ to }) => String(to)));
  }
  return out;
}

/** A primitive takes the kind and the value of the first widget that it is joined to. */
function withPrimitive<Graph extends ComfyGraph>(
  graph: Graph,
  link: { from: NodeId; to: NodeId; toSlot: number },
): Graph {
  const [source, target] = [nodeOf(graph, link.from), nodeOf(graph, link.to)];
  const input = target?.inputs[link.toSlot];
  if (source?.type !== 'PrimitiveNode' || !target || !input || source.outputs[0]?.type !== '*') return graph;
  const name = widgetOf(input);
  const value: Json = widgetValues(target).get(name) ?? null;
  const isCounted = input.type === 'INT' || input.type === 'COMBO';
  const outputs = source.outputs.map((output, i) =>
    i === 0
      ? { ...output, name: input.type, type: input.type, raw: { ...asBag(output.raw), widget: { name } } }
      : output,
  );
  const primitive = { ...source, outputs, widgets: isCounted ? [value, 'fixed'] : [value] };
  return { ...graph, nodes: graph.nodes.map((node) => (node === source ? primitive : node)) };
}

/** All that an input could come from, in the order of the nodes: what fits and closes no ring. */
export function outputsFor(graph: ComfyGraph, to: InputEnd): OutputEnd[] {
  const wanted = typeOfInput(graph, to);
  if (wanted === undefined) return [];
  const behind = behindOf(graph, to.node);
  const ends = graph.nodes.flatMap((node) => {
    if (behind.has(String(node.id))) return [];
    return node.outputs.flatMap((output, slot): OutputEnd[] => {
      const type = isReroute(node) ? (typeOfOutput(graph, { node: node.id, slot }) ?? '*') : output.type;
      return fits(type, wanted) ? [{ node: node.id, slot }] : [];
    });
  });
  const given = (edges(graph).inputs ?? []).flatMap(({ type }, slot): OutputEnd[] =>
    to.node !== OUTPUT_NODE && fits(type, wanted) ? [{ node: INPUT_NODE, slot }] : [],
  );
  return [...given, ...ends];
}

/** A node and all that needs it. */
function behindOf({ links }: ComfyGraph, id: NodeId): ReadonlySet<string> {
  const targets = new Map<string, string[]>();
  for (const { from, to } of links) {
    const list = targets.get(String(from));
    if (list) list.push(String(to));
    else targets.set(String(from), [String(to)]);
  }
  const seen = new Set([String(id)]);
  for (const at of seen) for (const target of targets.get(at) ?? []) seen.add(target);
  return seen;
}
