/** A graph as text, one line a node with shapes: what tests snapshot and people read. */
import type { BuiltGraph, Value } from './graph';

/** Lines `output = Op(inputs, attributes)`, with the shapes of the inputs and outputs of the whole. */
export function printGraph(graph: BuiltGraph): string {
  const show = (value: Value): string => `${value.name} ${value.type} [${value.dims.join(', ')}]`;
  return [
    `graph ${graph.name}`,
    ...graph.inputs.map((value) => `input ${show(value)}`),
    ...graph.nodes.map((node) => {
      const attributes = Object.entries(node.attributes).map(([k, v]) => `${k}=${JSON.stringify(v)}`);
      const op = node.domain === '' ? node.op : `${node.domain}.${node.op}`;
      return `${node.outputs.join(', ')} = ${op}(${[...node.inputs, ...attributes].join(', ')})`;
    }),
    ...graph.outputs.map((value) => `output ${show(value)}`),
  ].join('\n');
}
