/** The two ends of links, between the sockets that are drawn and those of the document; what an input can come from, in words. */
import { INPUT_NODE, outputsFor, type InputEnd, type NodeId, type OutputEnd } from '../../../core/comfyui/workflows';
import type { GraphEditor } from './editor.svelte';
import type { Box } from './shape';

/** The output behind a box's socket in the flow: `o2` is its third output, `i0` its first input as drawn, `w steps` the field of that name. */
export function outputEnd(box: Box, handle: string | null | undefined): OutputEnd | undefined {
  const output = box.outputs[Number(/^o(\d+)$/.exec(handle ?? '')?.[1] ?? -1)];
  return output && { node: nodeId(box), slot: output.slot };
}

export function inputEnd(box: Box, handle: string | null | undefined): InputEnd | undefined {
  const field = /^w (.*)$/.exec(handle ?? '')?.[1];
  if (field !== undefined) return { node: nodeId(box), slot: field };
  const input = box.inputs[Number(/^i(\d+)$/.exec(handle ?? '')?.[1] ?? -1)];
  return input && { node: nodeId(box), slot: input.slot };
}

export const nodeId = ({ id, node }: Box): NodeId => node?.id ?? Number(id);

/** An input as a chooser has it. */
export interface Ending {
  label: string;
  to: InputEnd;
  /** Id of the link that is joined to it. */
  link?: number;
  /** Key of the output that it comes from: see `choices`. */
  value: string;
}

/** Sockets, then fields that a link could fill. */
export function endings({ graph }: GraphEditor, box: Box): { sockets: Ending[]; fields: Ending[] } {
  const node = nodeId(box);
  const sockets = box.inputs.map(({ name, slot }): Ending => {
    const link = graph.links.find((one) => String(one.to) === box.id && one.toSlot === slot);
    const label = name === '' ? 'input' : name;
    return {
      label,
      to: { node, slot },
      value: link ? valueOf(link.from, link.fromSlot) : '',
      ...(link && { link: link.id }),
    };
  });
  const fields = box.open.map(({ field, name }): Ending => {
    return { label: box.fields[field]?.label ?? name, to: { node, slot: name }, value: '' };
  });
  return { sockets, fields };
}

export interface Choice {
  value: string;
  label: string;
  from: OutputEnd;
}

const valueOf = (node: NodeId, slot: number): string => `${String(node)} ${slot}`;

/** What an input can come from: "Load Checkpoint · VAE", with its number where several are called the same. */
export function choices({ graph, shape }: GraphEditor, to: InputEnd): Choice[] {
  const boxes = new Map(shape.boxes.map((box) => [box.id, box]));
  const count = new Map<string, number>();
  const named = outputsFor(graph, to).map((from) => {
    const box = boxes.get(String(from.node));
    const label = `${box?.title ?? String(from.node)} · ${box?.outputs[from.slot]?.name ?? ''}`;
    count.set(label, (count.get(label) ?? 0) + 1);
    return { from, label, value: valueOf(from.node, from.slot) };
  });
  const isEdge = ({ node }: OutputEnd): boolean => node === INPUT_NODE;
  return named.map((one) =>
    (count.get(one.label) ?? 0) > 1 && !isEdge(one.from)
      ? { ...one, label: `${one.label} (node ${String(one.from.node)})` }
      : one,
  );
}

/** The links that go out of a box, and what each goes to. */
export function goings({ graph, shape }: GraphEditor, box: Box): { id: number; label: string; to: string }[] {
  const boxes = new Map(shape.boxes.map((one) => [one.id, one]));
  return graph.links
    .filter(({ from }) => String(from) === box.id)
    .map(({ id, fromSlot, to, toSlot }) => {
      const other = boxes.get(String(to));
      const end = other?.inputs.find(({ slot }) => slot === toSlot)?.name ?? '';
      return { id, label: `${box.outputs[fromSlot]?.name ?? ''} → ${other?.title ?? ''} · ${end}`, to: String(to) };
    });
}
