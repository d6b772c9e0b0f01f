/**
 * Group nodes of before there were subgraphs: `workflow>NAME` stands for the nodes of `extra.groupNodes[NAME]`, and becomes a subgraph of its own.
 *
 * @see Comfy-Org/ComfyUI_frontend groupNode.ts: inputs and outputs count on over the nodes inside, values too
 */
import {
  asBag,
  asList,
  INPUT_NODE,
  OUTPUT_NODE,
  readNode,
  type Bag,
  type ComfyBoundary,
  type ComfyLink,
  type ComfyNode,
  type ComfySubgraph,
  type Json,
} from '../document';
import type { WidgetSlot } from './widget-slot';
import { widgetSlots } from './widget-slots';

const TYPE = /^workflow[>/](.+)$/s;

/** Undefined where it is no group node, or nothing says what is in it. */
export function groupDefinition(instance: ComfyNode, groups: Bag | undefined): ComfySubgraph | undefined {
  const name = TYPE.exec(instance.type)?.[1];
  const group = name !== undefined && groups && Object.hasOwn(groups, name) ? asBag(groups[name]) : undefined;
  if (!group || name === undefined) return undefined;
  const stored = asList(group['nodes']).flatMap((json, index): ComfyNode[] => {
    const node = readNode({ ...asBag(json), id: index });
    return node ? [node] : [];
  });
  const inner = new Links(group, stored);
  const nodes = withValues(stored, instance);
  const { inputs, links: first } = inputsOf(nodes, instance, inner);
  const { outputs, links: last } = outputsOf(nodes, inner, [...inner.all, ...first].length);
  const links = [...inner.all, ...first, ...last];
  return {
    id: instance.type,
    name,
    nodes: nodes.map((node) => joined(node, links)),
    links,
    groups: [],
    inputs,
    outputs,
  };
}

type Place = readonly [node: number, slot: number];

/** `[from, slot, to, slot]` by the numbers of nodes; `external`: outputs that are joined outside too. */
class Links {
  readonly all: ComfyLink[];
  readonly #external: ReadonlySet<string>;

  constructor(group: Bag, nodes: readonly ComfyNode[]) {
    this.all = asList(group['links']).flatMap((json, id): ComfyLink[] => {
      const [from, fromSlot, to, toSlot] = asList(json);
      if (![from, fromSlot, to, toSlot].every(Number.isSafeInteger)) return [];
      const output = nodes[from as number]?.outputs[fromSlot as number];
      return [
        {
          ...{ id, from: from as number, fromSlot: fromSlot as number },
          ...{ to: to as number, toSlot: toSlot as number, type: output?.type ?? '*' },
        },
      ];
    });
    this.#external = new Set(asList(group['external']).map((json) => asList(json).slice(0, 2).join()));
  }

  hasTo([node, slot]: Place): boolean {
    return this.all.some(({ to, toSlot }) => to === node && toSlot === slot);
  }

  isShown([node, slot]: Place): boolean {
    const isUsed = this.all.some(({ from, fromSlot }) => from === node && fromSlot === slot);
    return !isUsed || this.#external.has([node, slot].join());
  }
}

/** The instance's values, shared out in order, where their number is right; else those inside stay. */
function withValues(nodes: readonly ComfyNode[], { widgets }: ComfyNode): ComfyNode[] {
  const slots = nodes.map((node) => {
    const converted = new Set(node.inputs.map(({ widget }) => widget));
    let isKept = true;
    return slotsOf(node).filter(({ name, kind }) => {
      if (kind === 'value') isKept = !converted.has(name);
      return kind !== 'button' && isKept;
    });
  });
  const values = Array.isArray(widgets) ? (widgets as readonly Json[]) : [];
  if (slots.flat().length !== values.length) return [...nodes];
  let at = 0;
  return nodes.map((node, i) => {
    const list: Json[] = Array.isArray(node.widgets) ? [...(node.widgets as readonly Json[])] : [];
    for (const { index } of slots[i] ?? []) list[index] = values[at++] ?? null;
    return { ...node, widgets: list };
  });
}

/** A group within a group has a value for each that is kept inside of it. */
function slotsOf(node: ComfyNode): Pick<WidgetSlot, 'name' | 'index' | 'kind'>[] {
  if (!TYPE.test(node.type) || !Array.isArray(node.widgets)) return widgetSlots(node);
  return (node.widgets as readonly Json[]).map((_, index) => ({ name: `${index}`, index, kind: 'value' }));
}

function inputsOf(nodes: readonly ComfyNode[], instance: ComfyNode, inner: Links) {
  const places = nodes.flatMap((node, n) =>
    node.inputs.flatMap(({ name, type }, slot) =>
      inner.hasTo([n, slot]) ? [] : [{ place: [n, slot] as Place, name, type }],
    ),
  );
  const inputs = places.map(({ name, type }, i): ComfyBoundary => ({ name: instance.inputs[i]?.name ?? name, type }));
  const links = places.map(({ place: [to, toSlot], type }, i): ComfyLink => ({
    ...{ id: inner.all.length + i, from: INPUT_NODE, fromSlot: i, to, toSlot, type },
  }));
  return { inputs, links };
}

function outputsOf(nodes: readonly ComfyNode[], inner: Links, firstId: number) {
  const places = nodes.flatMap((node, n) =>
    node.outputs.flatMap(({ name, type }, slot) =>
      inner.isShown([n, slot]) ? [{ place: [n, slot] as Place, name, type }] : [],
    ),
  );
  const outputs = places.map(({ name, type }): ComfyBoundary => ({ name, type }));
  const links = places.map(({ place: [from, fromSlot], type }, i): ComfyLink => ({
    ...{ id: firstId + i, from, fromSlot, to: OUTPUT_NODE, toSlot: i, type },
  }));
  return { outputs, links };
}

/** The node with the numbers that the links have here: those in the file are of the graph that the group was made of. */
function joined(node: ComfyNode, links: readonly ComfyLink[]): ComfyNode {
  return {
    ...node,
    raw: undefined,
    inputs: node.inputs.map((input, slot) => ({
      ...input,
      link: links.find(({ to, toSlot }) => to === node.id && toSlot === slot)?.id ?? null,
    })),
  };
}
