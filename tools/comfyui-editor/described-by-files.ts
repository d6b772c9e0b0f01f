/** Classes that Gesso does not know, as the files that use them show them: enough for the editor to have their sockets and values. */
import { nodeSpec } from '../../src/core/comfyui/workflows/nodes';
import type { ComfyDocument, ComfyNode } from '../../src/core/comfyui/workflows';

type Inputs = Record<string, readonly [type: unknown, options: object]>;

/** By class, for `/object_info`. */
export function describedByFiles(documents: readonly ComfyDocument[]): Record<string, unknown> {
  const found = new Map<string, { inputs: Inputs; outputs: ComfyNode['outputs'] }>();
  for (const { root, subgraphs } of documents) {
    const instances = new Set(subgraphs.map(({ id }) => id));
    for (const node of [root, ...subgraphs].flatMap(({ nodes }) => nodes)) {
      if (nodeSpec(node.type) || instances.has(node.type) || node.type === 'Reroute') continue;
      const one = found.get(node.type) ?? { inputs: {}, outputs: [] };
      for (const { name, type, widget } of node.inputs.filter((input) => !input.type.startsWith('COMFY_')))
        one.inputs[widget ?? name] ??= [widget !== undefined && type === 'COMBO' ? [] : type, {}];
      if (node.outputs.length > one.outputs.length) one.outputs = node.outputs;
      found.set(node.type, one);
    }
  }
  return Object.fromEntries([...found].map(([name, { inputs, outputs }]) => [name, asClass(name, inputs, outputs)]));
}

const asClass = (name: string, inputs: Inputs, outputs: ComfyNode['outputs']) => ({
  input: { required: {}, optional: inputs },
  input_order: { required: [], optional: Object.keys(inputs) },
  output: outputs.map(({ type }) => type),
  output_is_list: outputs.map(() => false),
  output_name: outputs.map((one) => one.name),
  name,
  display_name: name,
  description: '',
  python_module: 'nodes',
  category: 'unknown',
  output_node: outputs.length === 0,
});
