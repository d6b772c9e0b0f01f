/** Values that instances of subgraphs have of their own, wherever their file keeps them. */
import {
  asBag,
  asList,
  asText,
  INPUT_NODE,
  isSameJson,
  type ComfyInput,
  type ComfyNode,
  type ComfySubgraph,
  type Json,
} from '../document';
import { nodeSpec, widgetSpecs } from '../nodes';
import { withWidget } from './widget-slots';

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

/** The instance with another value of an input of its definition. */
export function withInstanceValue(
  instance: ComfyNode,
  definition: ComfySubgraph,
  name: string,
  value: Json,
): ComfyNode {
  const index = placeOf(instance, definition, name);
  if (index < 0 || !Array.isArray(instance.widgets)) return withWidget(instance, name, value);
  const list = [...(instance.widgets as readonly Json[])];
  list[index] = value;
  return { ...instance, widgets: list };
}

/** Where it stands in the list; −1 where it has a name. */
function placeOf(instance: ComfyNode, definition: ComfySubgraph, name: string): number {
  if (instance.named || !Array.isArray(instance.widgets)) return -1;
  const proxies = asList(instance.properties['proxyWidgets']);
  if (proxies.length === 0) return [...instanceValues(instance, definition).keys()].indexOf(name);
  return proxies.findIndex((proxy) => isSameJson(proxy, ['-1', name]) || isSameJson(proxy, [-1, name]));
}

/** Whether a socket belongs to a widget: it says so, or the class has one of that name. */
export function isWidgetInput({ type }: ComfyNode, { name, widget }: ComfyInput): boolean {
  if (widget !== undefined) return true;
  const spec = nodeSpec(type);
  return spec !== undefined && widgetSpecs(spec).some(([one]) => one === name);
}
