/** A node as ComfyUI's editor makes it: sockets of the table, its defaults, and a size that they fit in. */
import { isWidgetInput } from '../convert/instance-values';
import { nodeSize } from '../convert/node-size';
import { INPUT_NODE, type Bag, type ComfyInput, type ComfyNode, type ComfySubgraph, type Json } from '../document';
import { isWidget, nodeSpec, widgetSpecs, type FileWidget, type NodeSpec, type Widget } from '../nodes';

export interface NewNode {
  id: number;
  pos: readonly [x: number, y: number];
  /** The first file of a folder: what a new loader says. */
  fileOf?: (folder: FileWidget['folder']) => string | undefined;
}

/** Undefined for classes that are not in the table: nobody knows their sockets. */
export function newNode(type: string, { id, pos, fileOf }: NewNode): ComfyNode | undefined {
  const spec = nodeSpec(type);
  if (!spec) return undefined;
  const { inputs, outputs } = socketsOf(type, spec);
  const { list, named } = valuesOf(spec, fileOf);
  return {
    ...{ id, type, pos, size: nodeSize(spec, { inputs, outputs, values: list.length }) },
    ...{ mode: 0, isCollapsed: false, inputs, outputs },
    ...(list.length > 0 && { widgets: list }),
    ...(list.length > 0 && !spec.isVirtual && { named }),
    properties: propertiesOf(type, spec),
  };
}

/** An instance of a subgraph; inputs that lead to widgets are left to those. */
export function newInstance(definition: ComfySubgraph, { id, pos }: NewNode): ComfyNode {
  const inner = new Map(definition.nodes.map((node) => [String(node.id), node]));
  const isOfWidget = (slot: number): boolean =>
    definition.links.some(({ from, fromSlot, to, toSlot }) => {
      const node = from === INPUT_NODE && fromSlot === slot ? inner.get(String(to)) : undefined;
      const input = node?.inputs[toSlot];
      return node !== undefined && input !== undefined && isWidgetInput(node, input);
    });
  const inputs = definition.inputs.flatMap(({ name, type }, slot): ComfyInput[] =>
    isOfWidget(slot) ? [] : [{ name, type, link: null }],
  );
  const outputs = definition.outputs.map(({ name, type }) => ({ name, type, links: [] }));
  return {
    ...{ id, type: definition.id, pos, size: nodeSize(undefined, { inputs, outputs, values: 0 }) },
    ...{ mode: 0, isCollapsed: false, inputs, outputs, properties: {} },
  };
}

function socketsOf(type: string, spec: NodeSpec): Pick<ComfyNode, 'inputs' | 'outputs'> {
  const outputs = spec.outputs.map(({ name, type: own }) => ({ name, type: own, links: [] }));
  if (type === 'Reroute') return { inputs: [{ name: '', type: '*', link: null }], outputs };
  const inputs = Object.entries(spec.inputs).flatMap(([name, input]): ComfyInput[] =>
    isWidget(input) ? [] : [{ name, type: input.type, link: null }],
  );
  return { inputs, outputs };
}

function valuesOf(spec: NodeSpec, fileOf: NewNode['fileOf']): { list: Json[]; named: Bag } {
  const list: Json[] = [];
  const named: Bag = {};
  for (const [name, widget] of widgetSpecs(spec)) {
    const value = firstValue(widget, fileOf);
    list.push(value);
    named[name] = value;
    if ('hasControl' in widget) list.push('randomize');
  }
  // ComfyUI puts the button after all of them.
  if (widgetSpecs(spec).some(([, widget]) => 'hasUpload' in widget)) list.push('image');
  return { list, named };
}

function firstValue(widget: Widget, fileOf: NewNode['fileOf']): Json {
  if (widget.kind === 'file') return fileOf?.(widget.folder) ?? '';
  return widget.default;
}

function propertiesOf(type: string, spec: NodeSpec): Bag {
  if (type === 'Reroute') return { showOutputText: false, horizontal: false };
  if (type === 'PrimitiveNode') return { 'Run widget replace on values': false };
  if (spec.isVirtual) return {};
  return { cnr_id: spec.pack ?? 'comfy-core', 'Node name for S&R': type };
}
