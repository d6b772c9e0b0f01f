/** One level of a workflow as it is drawn: boxes with sockets and fields at their places, lines and frames. Pure. */
import {
  BYPASSED,
  INPUT_NODE,
  inputType,
  instanceValues,
  isWidgetInput,
  MUTED,
  nodeSpec,
  OUTPUT_NODE,
  packOf,
  type ComfyBoundary,
  type ComfyDocument,
  type ComfyGraph,
  type ComfyNode,
  type ComfySubgraph,
  type NodeId,
  type NodeSpec,
} from '../../../core/comfyui/workflows';
import { fieldsOf, isNote, type Field } from './fields';

export interface Socket {
  name: string;
  /** Type of what goes through it; `*` for any. */
  type: string;
  isJoined: boolean;
  /** Its place among the node's own. */
  slot: number;
}

export interface Box {
  id: string;
  node?: ComfyNode;
  title: string;
  /** The class, where the title says another. */
  subtitle: string;
  kind: 'node' | 'note' | 'subgraph' | 'edge';
  state: 'runs' | 'muted' | 'bypassed';
  /** Nobody here knows the class; `pack` is where it comes from, if that is known. */
  isUnknown: boolean;
  pack?: string;
  isCollapsed: boolean;
  inputs: readonly Socket[];
  outputs: readonly Socket[];
  fields: readonly Field[];
  /** Names of fields that a link fills. */
  filled: ReadonlySet<string>;
  /** Fields that a link could fill, with what they take. */
  open: readonly { field: number; name: string; type: string }[];
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Line {
  id: string;
  from: string;
  fromSlot: number;
  to: string;
  /** The place among the box's own sockets. */
  toSlot: number;
  type: string;
}

export interface Frame {
  id: string;
  title: string;
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Shape {
  boxes: readonly Box[];
  lines: readonly Line[];
  frames: readonly Frame[];
}

/** Height of a box's title in the editor's pixels; the style of GraphBox has the same. */
export const TITLE = 30;
export const ROW = 24;
export const FIELD = 30;
export const LINES = 92;
const PAD = 8;
const LEAST = 160;
const BOUNDARY = 140;

/** Where the person is: the document itself, or inside of instances of subgraphs, the outermost first. */
export interface Place {
  graph: ComfyGraph;
  definition?: ComfySubgraph;
  instance?: ComfyNode;
}

/** @returns undefined where an instance on the way is not there any more */
export function placeAt(document: ComfyDocument, path: readonly NodeId[]): Place | undefined {
  let place: Place = { graph: document.root };
  for (const id of path) {
    const instance = place.graph.nodes.find((node) => String(node.id) === String(id));
    const definition = instance && document.subgraphs.find((one) => one.id === instance.type);
    if (!instance || !definition) return undefined;
    place = { graph: definition, definition, instance };
  }
  return place;
}

export class Shaper {
  /** Boxes of nodes that did not change are the same: what is drawn of them stays. */
  readonly #boxes = new WeakMap<ComfyNode, { box: Box; filled: string }>();

  shape(place: Place, subgraphs: readonly ComfySubgraph[]): Shape {
    const { graph, definition, instance } = place;
    const links = new Map(graph.links.map((link) => [link.id, link]));
    const given = definition && instance ? givenInputs(definition, instance) : new Set<number>();
    const isFilled = (link: number | null): boolean => {
      const found = link === null ? undefined : links.get(link);
      return found !== undefined && (found.from !== INPUT_NODE || given.has(found.fromSlot));
    };
    const boxes = graph.nodes.map((node) => this.#box(node, subgraphs, isFilled));
    const edges = definition ? boundaries(definition, boxes) : [];
    const byId = new Map([...boxes, ...edges].map((box) => [box.id, box]));
    const lines = graph.links.flatMap((link): Line[] => {
      const [from, to] = [byId.get(String(link.from)), byId.get(String(link.to))];
      const toSlot = to && slotOf(to, link.toSlot);
      if (!from || !to || toSlot === undefined || link.fromSlot >= from.outputs.length) return [];
      const type = link.type === '*' ? (from.outputs[link.fromSlot]?.type ?? '*') : link.type;
      return [{ id: String(link.id), from: from.id, fromSlot: link.fromSlot, to: to.id, toSlot, type }];
    });
    return { boxes: [...boxes, ...edges], lines, frames: graph.groups.map(frame) };
  }

  #box(node: ComfyNode, subgraphs: readonly ComfySubgraph[], isFilled: (link: number | null) => boolean): Box {
    const filled = node.inputs.filter(({ link }) => isFilled(link)).map(({ name, widget }) => widget ?? name);
    const key = JSON.stringify(filled);
    const before = this.#boxes.get(node);
    if (before?.filled === key) return before.box;
    const box = makeBox(node, subgraphs, new Set(filled));
    this.#boxes.set(node, { box, filled: key });
    return box;
  }
}

function makeBox(node: ComfyNode, subgraphs: readonly ComfySubgraph[], filled: ReadonlySet<string>): Box {
  const spec = nodeSpec(node.type);
  const definition = subgraphs.find(({ id }) => id === node.type);
  const name = definition?.name ?? spec?.title ?? node.type;
  const title = node.title ?? name;
  const isUnknown = !spec && !definition;
  const pack = isUnknown ? packOf(node) : undefined;
  const inputs = shownInputs(node).map((input) => ({
    ...{ name: input.label ?? input.name, type: input.type, slot: node.inputs.indexOf(input) },
    isJoined: input.link !== null,
  }));
  const outputs = node.outputs.map(({ name: own, label, type, links }, slot) => ({
    name: label ?? (own === '' ? type : own),
    ...{ type, slot },
    isJoined: links.length > 0,
  }));
  const fields = fieldsOf(node, definition);
  const tall = { inputs, outputs, fields, isCollapsed: node.isCollapsed, isUnknown };
  return {
    id: String(node.id),
    node,
    title,
    subtitle: title === name ? '' : name,
    kind: definition ? 'subgraph' : isNote(node) ? 'note' : 'node',
    state: node.mode === MUTED ? 'muted' : node.mode === BYPASSED ? 'bypassed' : 'runs',
    ...{ isUnknown, filled, open: spec ? openFields(spec, fields, filled) : [] },
    ...(pack !== undefined && { pack }),
    isCollapsed: node.isCollapsed,
    ...{ inputs, outputs, fields },
    ...{ x: node.pos[0], y: node.pos[1] - TITLE }, // of a node, the place is that of what is below its title
    width: Math.max(LEAST, node.size[0]),
    height: node.isCollapsed ? TITLE : Math.max(heightOf(tall), node.size[1] + TITLE),
  };
}

function openFields(spec: NodeSpec, fields: readonly Field[], filled: ReadonlySet<string>): Box['open'] {
  return fields.flatMap(({ name }, field) => {
    const type = filled.has(name) || spec.isVirtual ? undefined : inputType(spec, name);
    return type === undefined ? [] : [{ field, name, type }];
  });
}

/** Sockets of fields are drawn where something is joined to them. */
function shownInputs(node: ComfyNode): ComfyNode['inputs'] {
  return node.inputs.filter((input) => input.link !== null || !isWidgetInput(node, input));
}

function slotOf({ node, inputs }: Box, slot: number): number | undefined {
  if (!node) return slot < inputs.length ? slot : undefined;
  const input = node.inputs[slot];
  const at = input ? shownInputs(node).indexOf(input) : -1;
  return at < 0 ? undefined : at;
}

function heightOf({ inputs, outputs, fields, isUnknown }: Pick<Box, 'inputs' | 'outputs' | 'fields' | 'isUnknown'>) {
  const rows = Math.max(inputs.length, outputs.length) * ROW;
  const tall = fields.reduce((sum, { kind }) => sum + (kind === 'lines' ? LINES : FIELD), 0);
  return TITLE + rows + tall + (isUnknown ? ROW : 0) + PAD;
}

/** How far below a box's upper edge a socket's middle is. */
export function socketY({ isCollapsed, isUnknown }: Pick<Box, 'isCollapsed' | 'isUnknown'>, slot: number): number {
  return isCollapsed ? TITLE / 2 : TITLE + (isUnknown ? ROW : 0) + slot * ROW + ROW / 2;
}

/** The same of a field: fields of several lines share what a box is taller than it need be. */
export function fieldY(box: Box, field: number): number {
  const tall = box.fields.filter(({ kind }) => kind === 'lines').length;
  const more = tall === 0 ? 0 : Math.max(0, box.height - heightOf(box)) / tall;
  const above = box.fields
    .slice(0, field)
    .reduce((sum, { kind }) => sum + (kind === 'lines' ? LINES + more : FIELD), 0);
  return socketY(box, Math.max(box.inputs.length, box.outputs.length)) - ROW / 2 + above + FIELD / 2;
}

/** Inputs of a subgraph that this instance gives something to. */
function givenInputs(definition: ComfySubgraph, instance: ComfyNode): Set<number> {
  const values = instanceValues(instance, definition);
  const joined = new Set(instance.inputs.filter(({ link }) => link !== null).map(({ name }) => name));
  const slots = definition.inputs.map(({ name }, slot) => (values.has(name) || joined.has(name) ? slot : -1));
  return new Set(slots.filter((slot) => slot >= 0));
}

/** The two boxes that stand for a subgraph's own inputs and outputs, beside all others. */
function boundaries({ inputs, outputs, links }: ComfySubgraph, boxes: readonly Box[]): Box[] {
  const left = boxes.reduce((least, { x }) => Math.min(least, x), boxes[0]?.x ?? 0);
  const right = boxes.reduce((most, { x, width }) => Math.max(most, x + width), left);
  const top = boxes.reduce((least, { y }) => Math.min(least, y), boxes[0]?.y ?? 0);
  const socketsOf = (list: readonly ComfyBoundary[], isJoined: (slot: number) => boolean): Socket[] =>
    list.map(({ name, type }, slot) => ({ name, type, slot, isJoined: isJoined(slot) }));
  const made = (id: number, title: string, x: number, sockets: Partial<Pick<Box, 'inputs' | 'outputs'>>): Box => {
    const box = { inputs: [], outputs: [], fields: [], isUnknown: false, isCollapsed: false, ...sockets };
    return {
      ...box,
      ...{
        id: String(id),
        title,
        subtitle: '',
        kind: 'edge',
        state: 'runs',
        filled: new Set<string>(),
        open: [],
        x,
        y: top,
      },
      width: BOUNDARY,
      height: heightOf(box),
    };
  };
  const from = (slot: number) => links.some((link) => link.from === INPUT_NODE && link.fromSlot === slot);
  const to = (slot: number) => links.some((link) => link.to === OUTPUT_NODE && link.toSlot === slot);
  return [
    made(INPUT_NODE, 'Inputs', left - BOUNDARY - 80, { outputs: socketsOf(inputs, from) }),
    made(OUTPUT_NODE, 'Outputs', right + 80, { inputs: socketsOf(outputs, to) }),
  ];
}

function frame({ title, bounding: [x, y, width, height] }: ComfyGraph['groups'][number], i: number): Frame {
  return { id: `group ${i}`, title, x, y, width: Math.max(width, 20), height: Math.max(height, 20) };
}
