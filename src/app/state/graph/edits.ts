/** What a person does to the level that is shown: each is one step of the editor's history. */
import {
  addGroup,
  BYPASSED,
  changeGroup,
  changeNodes,
  connect,
  copyPart,
  firstInput,
  firstOutput,
  freshIds,
  insertPart,
  MUTED,
  newInstance,
  newNode,
  nodesIn,
  removeGroups,
  removeNodes,
  renameNode,
  toggleCollapsed,
  toggleMode,
  typeOfInput,
  typeOfOutput,
  whyNotConnect,
  withoutLinks,
  type ComfyGraph,
  type Copied,
  type FileWidget,
  type InputEnd,
  type OutputEnd,
} from '../../../core/comfyui/workflows';
import type { Adding, GraphEditor } from './editor.svelte';
import { around, freePlace } from './free-place';
import { Shaper, TITLE } from './shape';

/** A copy stands this far from what it was copied of. */
const BESIDE = 40;

export type FileOf = (folder: FileWidget['folder']) => string | undefined;

const frameAt = (id: string): number | undefined => {
  const place = /^group (\d+)$/.exec(id)?.[1];
  return place === undefined ? undefined : Number(place);
};

/** Places of the frames that are chosen. */
function chosenFrames({ chosen }: GraphEditor): ReadonlySet<number> {
  return new Set([...chosen].map(frameAt).filter((place) => place !== undefined));
}

/** Ids of the nodes that are chosen and there. */
function chosenNodes({ chosen, graph }: GraphEditor): ReadonlySet<string> {
  return new Set(graph.nodes.map(({ id }) => String(id)).filter((id) => chosen.has(id)));
}

/** Adds a node of a class, or an instance of a subgraph by its id, and joins it to what it was asked for. */
export function addNode(editor: GraphEditor, type: string, { at, from, to }: Adding = {}, fileOf?: FileOf): void {
  const { document, graph } = editor;
  const ids = freshIds(document);
  const id = ids.node();
  const { x, y } = at ?? roomIn(graph);
  const place = { id, pos: [Math.round(x), Math.round(y) + TITLE] as const, ...(fileOf && { fileOf }) };
  const definition = document.subgraphs.find((one) => one.id === type);
  const fresh = definition ? newInstance(definition, place) : newNode(type, place);
  if (!fresh) return;
  // What a link dragged off an input comes from ends where it was dropped.
  const made = at && to ? { ...fresh, pos: [fresh.pos[0] - Math.round(fresh.size[0]), fresh.pos[1]] as const } : fresh;
  editor.change((before) => {
    const added = { ...before, nodes: [...before.nodes, made] };
    const link = ids.link();
    if (from) {
      const name = definition ? undefined : firstInput(type, typeOfOutput(added, from) ?? '*');
      const socket = made.inputs.findIndex((input) => input.name === name);
      if (name !== undefined)
        return { graph: connect(added, { from, to: { node: id, slot: socket < 0 ? name : socket }, id: link }) };
    }
    if (to) {
      const slot = definition ? undefined : firstOutput(type, typeOfInput(added, to) ?? '*');
      if (slot !== undefined) return { graph: connect(added, { from: { node: id, slot }, to, id: link }) };
    }
    return { graph: added };
  });
  editor.choose([String(id)]);
  editor.revealHere(String(id));
}

/** A free place to the right of everything. */
function roomIn({ nodes }: ComfyGraph): { x: number; y: number } {
  if (nodes.length === 0) return { x: 0, y: 0 };
  const right = nodes.reduce((most, { pos, size }) => Math.max(most, pos[0] + size[0]), -Infinity);
  const top = nodes.reduce((least, { pos }) => Math.min(least, pos[1]), Infinity);
  return { x: right + BESIDE, y: top - TITLE };
}

/** @returns why they cannot be joined */
export function join(editor: GraphEditor, from: OutputEnd, to: InputEnd): string | undefined {
  const why = whyNotConnect(editor.graph, from, to);
  if (why === undefined)
    editor.change((graph) => ({ graph: connect(graph, { from, to, id: freshIds(editor.document).link() }) }));
  return why;
}

export function removeLinks(editor: GraphEditor, ids: Iterable<number>): void {
  const known = [...ids].filter((id) => editor.graph.links.some((link) => link.id === id));
  if (known.length > 0) editor.change((graph) => ({ graph: withoutLinks(graph, known) }));
}

/** Nodes, frames and links that are chosen. */
export function removeChosen(editor: GraphEditor): void {
  const [nodes, frames, links] = [chosenNodes(editor), chosenFrames(editor), [...editor.chosenLinks]];
  editor.change((graph) => ({ graph: removeGroups(removeNodes(withoutLinks(graph, links), nodes), frames) }));
  editor.choose([]);
}

export const muteChosen = (editor: GraphEditor): void => toggle(editor, MUTED);
export const bypassChosen = (editor: GraphEditor): void => toggle(editor, BYPASSED);

function toggle(editor: GraphEditor, mode: number): void {
  editor.change((graph) => ({ graph: toggleMode(graph, chosenNodes(editor), mode) }));
}

export function collapseChosen(editor: GraphEditor): void {
  editor.change((graph) => ({ graph: toggleCollapsed(graph, chosenNodes(editor)) }));
}

export function rename(editor: GraphEditor, id: string, title: string): void {
  editor.change((graph) => ({ graph: renameNode(graph, id, title) }));
}

/** The frame is chosen with what it is laid around: its name comes next. */
export function frameChosen(editor: GraphEditor): void {
  const place = editor.graph.groups.length;
  editor.change((graph) => ({ graph: addGroup(graph, chosenNodes(editor), 'Group') }));
  if (editor.graph.groups.length > place) editor.choose([...editor.chosen, `group ${place}`]);
}

export function renameFrame(editor: GraphEditor, id: string, title: string): void {
  const place = frameAt(id);
  if (place !== undefined && editor.graph.groups[place]?.title !== title)
    editor.change((graph) => ({ graph: changeGroup(graph, place, { title }) }));
}

/** A frame that is chosen takes along what lies in it. */
export function insideFrame({ graph }: GraphEditor, id: string): string[] {
  const group = graph.groups[frameAt(id) ?? -1];
  return group ? nodesIn(graph, group).map((node) => String(node.id)) : [];
}

/** The one frame among what is chosen, where all else lies in it. */
export function onlyFrame(editor: GraphEditor, chosen: readonly string[]): string | undefined {
  const [frame, ...others] = chosen.filter((id) => frameAt(id) !== undefined);
  if (frame === undefined || others.length > 0) return undefined;
  const inside = new Set(insideFrame(editor, frame));
  return chosen.every((id) => id === frame || inside.has(id)) ? frame : undefined;
}

export function chooseAll(editor: GraphEditor): void {
  const { nodes, groups } = editor.graph;
  editor.choose([...nodes.map(({ id }) => String(id)), ...groups.map((_, i) => `group ${i}`)]);
}

/** Boxes and frames that were dragged, by their ids; x and y of their upper left corners. */
export function moveAll(editor: GraphEditor, places: ReadonlyMap<string, readonly [x: number, y: number]>): void {
  editor.change((graph) => {
    const moved = changeNodes(graph, new Set(places.keys()), (node) => {
      const [x, y] = places.get(String(node.id)) ?? node.pos;
      return x === node.pos[0] && y + TITLE === node.pos[1] ? node : { ...node, pos: [x, y + TITLE] };
    });
    const groups = graph.groups.map((group, i) => {
      const [x, y] = places.get(`group ${i}`) ?? group.bounding;
      const [oldX, oldY, width, height] = group.bounding;
      return x === oldX && y === oldY ? group : { ...group, bounding: [x, y, width, height] as const };
    });
    return { graph: groups.every((group, i) => group === graph.groups[i]) ? moved : { ...moved, groups } };
  });
}

/** Undefined where nothing is chosen. */
export function copyChosen(editor: GraphEditor): Copied | undefined {
  const chosen = { nodes: chosenNodes(editor), groups: chosenFrames(editor) };
  if (chosen.nodes.size + chosen.groups.size === 0) return undefined;
  return copyPart(editor.document, editor.graph, chosen);
}

/** Puts it where nothing is, as near as can be to `at`, else to the right of everything; it is chosen, and comes in sight. @throws AppError where it cannot be there */
export function insert(editor: GraphEditor, copied: Copied, at?: { x: number; y: number }): void {
  const { boxes, frames } = editor.shape;
  const part = partWithin(editor, copied, [0, 0]);
  const extent = around(part.drawn);
  if (!extent) return;
  const to = freePlace([...boxes, ...frames], extent, at ?? roomIn(editor.graph));
  put(editor, copied, [Math.round(to.x - extent.x), Math.round(to.y - extent.y)]);
}

export function duplicateChosen(editor: GraphEditor): void {
  const copied = copyChosen(editor);
  if (copied) put(editor, copied, [BESIDE, BESIDE]);
}

function put(editor: GraphEditor, copied: Copied, by: readonly [x: number, y: number]): void {
  const { inserted, drawn } = partWithin(editor, copied, by);
  const ids = drawn.map(({ id }) => id);
  editor.change(() => inserted);
  editor.choose(ids);
  editor.revealHere(...ids);
}

/** The level with what is put in, and that as it would be drawn. @param by  how far from where it was */
function partWithin({ document, graph, definition }: GraphEditor, copied: Copied, by: readonly [x: number, y: number]) {
  const inside = definition && { inside: definition.id };
  const inserted = insertPart(document, graph, copied, { by, newId: () => crypto.randomUUID(), ...inside });
  const { boxes, frames } = new Shaper().shape({ graph: inserted.graph }, inserted.subgraphs ?? document.subgraphs);
  const ids = new Set(inserted.ids);
  return { inserted, drawn: [...boxes.filter(({ id }) => ids.has(id)), ...frames.slice(graph.groups.length)] };
}
