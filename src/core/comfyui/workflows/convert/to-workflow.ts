/** From a prompt to a workflow that can be shown: nodes with sockets, values and places. Turned back it is the same prompt. */
import type { ComfyDocument, ComfyInput, ComfyLink, ComfyNode, ComfyOutput, Json, NodeId } from '../document';
import { inputType, nodeSpec, revealed, widgetSpecs, type NodeSpec } from '../nodes';
import { layout } from './layout';
import { nodeSize } from './node-size';
import { asApiLink, plainValue, type ApiLink, type ApiNode, type ApiPrompt } from './prompt';

/** Links to nodes that are not there are dropped, as ComfyUI does. */
export function toWorkflow(prompt: ApiPrompt): ComfyDocument {
  const links: ComfyLink[] = [];
  const drafts = Object.entries(prompt).map(([id, node]) => draftOf(id, node, prompt));
  const used = usedOutputs(drafts);
  const byId = new Map(drafts.map((draft) => [draft.id, draft]));
  for (const draft of drafts) {
    draft.outputs = outputsOf(draft, used.get(draft.id) ?? new Map());
    draft.inputs.forEach((input, toSlot) => {
      const link = draft.links.get(input.name);
      const source = link && byId.get(link[0]);
      if (!link || !source) return;
      const id = links.length + 1;
      const type = typeOfLink(source, link[1], input.type);
      links.push({ id, from: source.nodeId, fromSlot: link[1], to: draft.nodeId, toSlot, type });
      draft.inputs[toSlot] = { ...input, link: id };
    });
  }
  return { root: { nodes: toNodes(drafts, links), links, groups: [] }, subgraphs: [], extra: {} };
}

/** A node that is being made. */
interface Draft {
  id: string;
  nodeId: NodeId;
  node: ApiNode;
  spec: NodeSpec | undefined;
  inputs: ComfyInput[];
  outputs: ComfyOutput[];
  links: ReadonlyMap<string, ApiLink>;
  values: ReadonlyMap<string, Json>;
}

function draftOf(id: string, node: ApiNode, prompt: ApiPrompt): Draft {
  const spec = nodeSpec(node.class_type);
  const links = new Map<string, ApiLink>();
  const values = new Map<string, Json>();
  for (const [name, value] of Object.entries(node.inputs)) {
    const link = asApiLink(value);
    if (link && Object.hasOwn(prompt, link[0])) links.set(name, link);
    else if (!link) values.set(name, plainValue(value));
  }
  return { id, nodeId: toNodeId(id), node, spec, inputs: inputsOf(spec, links), outputs: [], links, values };
}

/** Numbers are numbers, as ComfyUI writes them. */
function toNodeId(id: string): NodeId {
  return /^(0|[1-9]\d{0,14})$/.test(id) ? Number(id) : id;
}

/** Sockets first, those of known nodes in their order; then widgets that are joined to something. */
function inputsOf(spec: NodeSpec | undefined, links: ReadonlyMap<string, ApiLink>): ComfyInput[] {
  const widgets = new Set(spec ? widgetSpecs(spec).map(([name]) => name) : []);
  const declared = Object.keys(spec?.inputs ?? {}).filter((name) => !widgets.has(name));
  const names = new Set([...declared, ...links.keys()]);
  const input = (name: string): ComfyInput => ({
    name,
    type: (spec && inputType(spec, name)) ?? '*',
    link: null,
    ...(widgets.has(name) && { widget: name }),
  });
  const all = [...names].map(input);
  return [...all.filter(({ widget }) => widget === undefined), ...all.filter(({ widget }) => widget !== undefined)];
}

/** Outputs that are used, by node, with a type that something at the other end wants. */
function usedOutputs(drafts: readonly Draft[]): Map<string, Map<number, string>> {
  const used = new Map<string, Map<number, string>>();
  for (const { links, inputs } of drafts)
    for (const [name, [id, slot]] of links) {
      const slots = used.get(id) ?? new Map<number, string>();
      used.set(id, slots);
      const type = inputs.find((input) => input.name === name)?.type ?? '*';
      if (!slots.has(slot) || slots.get(slot) === '*') slots.set(slot, type);
    }
  return used;
}

/** More outputs than this no node has; a damaged prompt may ask for the billionth. */
const MOST_OUTPUTS = 256;

function outputsOf({ spec }: Draft, used: ReadonlyMap<number, string>): ComfyOutput[] {
  const declared = spec?.outputs ?? [];
  const most = [...used.keys()].reduce(
    (most, slot) => Math.max(most, Math.min(slot + 1, MOST_OUTPUTS)),
    declared.length,
  );
  return Array.from({ length: most }, (_, slot) => {
    const type = declared[slot]?.type ?? used.get(slot) ?? '*';
    return { name: declared[slot]?.name ?? type, type, links: [] };
  });
}

function typeOfLink(source: Draft, slot: number, wanted: string): string {
  const type = source.spec?.outputs[slot]?.type ?? wanted;
  return type === '*' ? wanted : type;
}

function toNodes(drafts: readonly Draft[], links: readonly ComfyLink[]): ComfyNode[] {
  const sizes = new Map(
    drafts.map((draft) => [draft.id, nodeSize(draft.spec, { ...draft, values: draft.values.size })]),
  );
  const places = layout(
    drafts.map(({ id, links }) => {
      const [width, height] = sizes.get(id) ?? [0, 0];
      return { id, width, height, sources: [...links.values()].map(([source]) => source) };
    }),
  );
  const leaving = new Map<string, number[]>();
  for (const { id, from, fromSlot } of links) {
    const key = `${String(from)} ${fromSlot}`;
    leaving.set(key, [...(leaving.get(key) ?? []), id]);
  }
  return drafts.map((draft): ComfyNode => {
    const title = draft.node._meta?.title;
    return {
      id: draft.nodeId,
      type: draft.node.class_type,
      pos: places.get(draft.id) ?? [0, 0],
      size: sizes.get(draft.id) ?? [0, 0],
      mode: 0,
      ...(title !== undefined && { title }),
      isCollapsed: false,
      inputs: draft.inputs,
      outputs: draft.outputs.map((output, slot) => ({
        ...output,
        links: leaving.get(`${String(draft.nodeId)} ${slot}`) ?? [],
      })),
      ...valuesOf(draft),
    };
  });
}

/** Values by order for those who read no names, and by name; names that the prompt does not have are noted, so that they stay out of it. */
function valuesOf({ node, spec, values, links }: Draft): Pick<ComfyNode, 'widgets' | 'named' | 'properties'> {
  const list: Json[] = [];
  const absent: string[] = [];
  const widgets = (spec ? widgetSpecs(spec) : []).flatMap(([name, widget]) => [
    [name, widget] as const,
    ...revealed(name, widget, values.get(name)),
  ]);
  for (const [name, widget] of widgets) {
    const value = values.get(name);
    if (value === undefined && !links.has(name)) absent.push(name);
    list.push(value === undefined ? ('default' in widget ? (widget.default as Json) : null) : value);
    if ('hasControl' in widget) list.push('fixed');
  }
  // ComfyUI puts the button after all of them.
  if (widgets.some(([, widget]) => 'hasUpload' in widget)) list.push('image');
  const more = spec?.more && new RegExp(`^(?:${spec.more.pattern})$`);
  const isNameless = list.length === 0;
  for (const [name, value] of values) if (isNameless || more?.test(name)) list.push(value);
  const properties = {
    'Node name for S&R': node.class_type,
    ...(absent.length > 0 && { gesso: { absent } }),
  };
  return { properties, named: Object.fromEntries(values), widgets: list };
}
