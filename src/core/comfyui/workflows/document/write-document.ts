/** From a document to JSON: what was not changed is written as it was read, to the letter. */
import type { ComfyDocument, ComfyGraph, ComfyLink, ComfyNode, ComfySubgraph } from './document';
import { asBag, asList, asNumber, isSameJson, type Bag, type Json } from './json';
import { readBoundary, readGroup, readInput, readLink, readNode, readOutput, readSubgraph } from './read-document';

/** The version of the workflow's format that ComfyUI writes. */
const VERSION = 0.4;

export function writeDocument(document: ComfyDocument): Bag {
  const { root, subgraphs, extra, raw } = document;
  const out: Bag = raw ? { ...raw } : { revision: 0 };
  writeGraph(out, root, { isRoot: true });
  const definitions = asBag(raw?.['definitions']);
  const before = asList(definitions?.['subgraphs']);
  if (subgraphs.length > 0 || before.length > 0)
    out['definitions'] = { ...definitions, subgraphs: writeList(before, subgraphs, readSubgraph, writeSubgraph) };
  if (!isSameJson(asBag(raw?.['extra']) ?? {}, extra) || !raw) out['extra'] = extra;
  if (!raw) out['version'] = VERSION;
  return out;
}

/** Lists that are as they were stay untouched, missing ones included. */
function writeGraph(out: Bag, graph: ComfyGraph, { isRoot }: { isRoot: boolean }): void {
  const isNew = out['nodes'] === undefined;
  const oldLinks = asList(out['links']);
  const asLists = oldLinks.length > 0 ? Array.isArray(oldLinks[0]) : isRoot;
  const lists = {
    nodes: writeList(asList(out['nodes']), graph.nodes, readNode, writeNode),
    links: writeList(oldLinks, graph.links, readLink, asLists ? linkAsList : linkAsObject),
    groups: writeList(asList(out['groups']), graph.groups, readGroup, writeGroup),
  };
  const changed = Object.entries(lists).filter(([key, list]) => isNew || isOther(asList(out[key]), list));
  for (const [key, list] of changed) out[key] = list;
  if (changed.length > 0) putCounts(out, graph);
}

function isOther(before: readonly Json[], after: readonly Json[]): boolean {
  return before.length !== after.length || before.some((one, i) => one !== after[i]);
}

/** Writes the last ids, never smaller than they were: ids are not used again. */
function putCounts(out: Bag, { nodes, links }: ComfyGraph): void {
  const state = asBag(out['state']);
  const holder = state ? { ...state } : out;
  const [node, link] = state ? ['lastNodeId', 'lastLinkId'] : ['last_node_id', 'last_link_id'];
  const raise = (key: string, ids: readonly number[]) => {
    const before = asNumber(holder[key]) ?? 0;
    holder[key] = ids.reduce((most, id) => Math.max(most, id), before);
  };
  raise(
    node,
    nodes.map(({ id }) => id).filter((id) => typeof id === 'number'),
  );
  raise(
    link,
    links.map(({ id }) => id),
  );
  if (state) out['state'] = holder;
}

/** What could not be read of a list stays where it was. */
function writeList<Value extends { raw?: Json }>(
  before: readonly Json[],
  values: readonly Value[],
  read: (json: Json) => Value | undefined,
  write: (value: Value) => Json,
): Json[] {
  const out = values.map((value) => {
    const old = value.raw === undefined ? undefined : read(value.raw);
    return old !== undefined && value.raw !== undefined && isSame(old, value) ? value.raw : write(value);
  });
  before.forEach((json, i) => {
    if (read(json) === undefined) out.splice(Math.min(i, out.length), 0, json);
  });
  return out;
}

const isSame = (a: object, b: object): boolean => isSameJson(a as Bag, b as Bag);

function writeSubgraph({ id, name, inputs, outputs, raw, ...graph }: ComfySubgraph): Bag {
  const out: Bag = { ...(raw ?? { version: 1, revision: 0, config: {}, state: {} }), id, name };
  out['inputs'] = writeList(
    asList(raw?.['inputs']),
    inputs,
    readBoundary,
    writeFields(['id', 'name', 'type', 'linkIds']),
  );
  out['outputs'] = writeList(
    asList(raw?.['outputs']),
    outputs,
    readBoundary,
    writeFields(['id', 'name', 'type', 'linkIds']),
  );
  writeGraph(out, graph, { isRoot: false });
  return out;
}

/** The fields that changed, over what else is in the file. */
function writeNode(node: ComfyNode): Bag {
  const { raw } = node;
  const old = raw && readNode(raw);
  const out: Bag = { ...raw };
  const put = (key: string, field: keyof ComfyNode, value: Json | undefined) => {
    if (!old || !isSameJson(old[field] as Json, node[field] as Json)) out[key] = value;
  };
  put('id', 'id', node.id);
  put('type', 'type', node.type);
  put('pos', 'pos', [...node.pos]);
  put('size', 'size', [...node.size]);
  put('flags', 'isCollapsed', { ...asBag(raw?.['flags']), collapsed: node.isCollapsed ? true : undefined });
  if (!raw) out['order'] = 0;
  put('mode', 'mode', node.mode);
  put('title', 'title', node.title);
  put('color', 'color', node.color);
  put('bgcolor', 'bgcolor', node.bgcolor);
  put('inputs', 'inputs', writeEach(node.inputs, readInput, writeInput));
  put('outputs', 'outputs', writeEach(node.outputs, readOutput, writeFields(['name', 'type', 'links', 'label'])));
  put('properties', 'properties', node.properties);
  put('widgets_values', 'widgets', node.widgets as Json | undefined);
  put('widgets_values_named', 'named', node.named);
  return out;
}

const writeEach = <Value extends { raw?: Bag }>(
  values: readonly Value[],
  read: (json: Json) => Value | undefined,
  write: (value: Value) => Json,
): Json[] => writeList([], values, read, write);

function writeInput({ raw, name, type, link, widget, label }: ComfyNode['inputs'][number]): Bag {
  const shown = raw && readInput(raw).type === type ? raw['type'] : type;
  const named: Bag | undefined = widget === undefined ? undefined : { ...asBag(raw?.['widget']), name: widget };
  return { ...raw, name, type: shown, link, label, widget: named };
}

/** Fields that are called in the file as they are here. */
function writeFields<Value extends { raw?: Json }>(keys: readonly (keyof Value & string)[]): (value: Value) => Json {
  return (value) => {
    const fields = keys.map((key) => [key, value[key] as Json] as const);
    return { ...asBag(value.raw), ...Object.fromEntries(fields) };
  };
}

const writeGroup = writeFields<ComfyGraph['groups'][number]>(['title', 'bounding', 'color']);

function linkAsList({ id, from, fromSlot, to, toSlot, type }: ComfyLink): Json {
  return [id, from, fromSlot, to, toSlot, type];
}

function linkAsObject({ id, from, fromSlot, to, toSlot, type, raw }: ComfyLink): Json {
  const own = { id, origin_id: from, origin_slot: fromSlot, target_id: to, target_slot: toSlot, type };
  return { ...asBag(raw), ...own };
}
