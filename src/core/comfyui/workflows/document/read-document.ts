/** From the workflow's JSON to a document; whatever is damaged is left out of the lists, and stays in `raw`. */
import { AppError } from '../../../errors';
import type {
  ComfyBoundary,
  ComfyDocument,
  ComfyGraph,
  ComfyGroup,
  ComfyInput,
  ComfyLink,
  ComfyNode,
  ComfyOutput,
  ComfySubgraph,
  NodeId,
} from './document';
import { asBag, asList, asNumber, asText, type Bag, type Json } from './json';

/** The largest public one has 976. */
export const MOST_NODES = 50_000;

/** @throws AppError 'bad-file' where this is no workflow, or one too large */
export function readDocument(json: Json): ComfyDocument {
  const raw = asBag(json);
  if (!raw || !Array.isArray(raw['nodes']))
    throw new AppError('bad-file', 'This is no workflow of ComfyUI: it has no list of nodes.');
  const definitions = asList(asBag(raw['definitions'])?.['subgraphs']);
  const document: ComfyDocument = {
    root: readGraph(raw),
    subgraphs: readEach(definitions, readSubgraph),
    extra: asBag(raw['extra']) ?? {},
    raw,
  };
  const count = [document.root, ...document.subgraphs].reduce((sum, { nodes }) => sum + nodes.length, 0);
  if (count > MOST_NODES)
    throw new AppError('bad-file', `This workflow has ${count} nodes; ${MOST_NODES} are allowed.`);
  return document;
}

/** What can be read of a list, in its order. */
export function readEach<Value>(list: readonly Json[], read: (json: Json) => Value | undefined): Value[] {
  return list.map(read).filter((value) => value !== undefined);
}

export function readGraph(raw: Bag): ComfyGraph {
  return {
    nodes: readEach(asList(raw['nodes']), readNode),
    links: readEach(asList(raw['links']), readLink),
    groups: readEach(asList(raw['groups']), readGroup),
  };
}

export function readSubgraph(json: Json): ComfySubgraph | undefined {
  const raw = asBag(json);
  const id = asText(raw?.['id']);
  if (!raw || id === undefined) return undefined;
  return {
    id,
    name: asText(raw['name']) ?? 'Subgraph',
    inputs: readEach(asList(raw['inputs']), readBoundary),
    outputs: readEach(asList(raw['outputs']), readBoundary),
    ...readGraph(raw),
    raw,
  };
}

export function readBoundary(json: Json): ComfyBoundary | undefined {
  const raw = asBag(json);
  if (!raw) return undefined;
  const links = raw['linkIds'];
  return {
    ...optional('id', asText(raw['id'])),
    name: asText(raw['name']) ?? '',
    type: typeOf(raw['type']),
    ...optional('linkIds', Array.isArray(links) ? readEach(links, asNumber) : undefined),
    raw,
  };
}

/** @returns undefined without an id or a class */
export function readNode(json: Json): ComfyNode | undefined {
  const raw = asBag(json);
  const id = readId(raw?.['id']);
  const type = asText(raw?.['type']);
  if (!raw || id === undefined || type === undefined) return undefined;
  const widgets = raw['widgets_values'];
  return {
    id,
    type,
    pos: readPair(raw['pos'], [0, 0]),
    size: readPair(raw['size'], [210, 60]),
    mode: asNumber(raw['mode']) ?? 0,
    ...optional('title', asText(raw['title'])),
    ...optional('color', asText(raw['color'])),
    ...optional('bgcolor', asText(raw['bgcolor'])),
    isCollapsed: asBag(raw['flags'])?.['collapsed'] === true,
    inputs: readEach(asList(raw['inputs']), readInput),
    outputs: readEach(asList(raw['outputs']), readOutput),
    ...optional('widgets', Array.isArray(widgets) ? widgets : asBag(widgets)),
    ...optional('named', asBag(raw['widgets_values_named'])),
    properties: asBag(raw['properties']) ?? {},
    raw,
  };
}

/** What is no socket keeps its place: links count them. */
export function readInput(json: Json): ComfyInput {
  const raw = asBag(json) ?? {};
  return {
    name: asText(raw['name']) ?? '',
    type: typeOf(raw['type']),
    link: asNumber(raw['link']) ?? null,
    ...optional('widget', asText(asBag(raw['widget'])?.['name'])),
    ...optional('label', asText(raw['label'])),
    raw,
  };
}

export function readOutput(json: Json): ComfyOutput {
  const raw = asBag(json) ?? {};
  return {
    name: asText(raw['name']) ?? '',
    type: typeOf(raw['type']),
    links: readEach(asList(raw['links']), asNumber),
    ...optional('label', asText(raw['label'])),
    raw,
  };
}

const KEYS = ['id', 'origin_id', 'origin_slot', 'target_id', 'target_slot', 'type'] as const;

/** A list of six, or an object in subgraphs. */
export function readLink(json: Json): ComfyLink | undefined {
  const bag = asBag(json);
  const [id, from, fromSlot, to, toSlot, type] = Array.isArray(json) ? json : KEYS.map((key) => bag?.[key]);
  const [origin, target] = [readId(from), readId(to)];
  if (!isIndex(id) || !isIndex(fromSlot) || !isIndex(toSlot) || origin === undefined || target === undefined)
    return undefined;
  return { id, from: origin, fromSlot, to: target, toSlot, type: typeOf(type), raw: json };
}

export function readGroup(json: Json): ComfyGroup | undefined {
  const raw = asBag(json);
  if (!raw) return undefined;
  const [x = 0, y = 0, width = 140, height = 80] = numbersOf(raw['bounding']);
  return {
    title: asText(raw['title']) ?? '',
    bounding: [x, y, width, height],
    ...optional('color', asText(raw['color'])),
    raw,
  };
}

export function readId(value: Json | undefined): NodeId | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'bigint') return String(value);
  return Number.isFinite(value) ? (value as number) : undefined;
}

function isIndex(value: Json | undefined): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** `[x, y]`, `{"0": x, "1": y}`, or nothing that can be read. */
function readPair(value: Json | undefined, otherwise: readonly [number, number]): readonly [number, number] {
  const [x, y] = numbersOf(value);
  return x === undefined || y === undefined ? otherwise : [x, y];
}

function numbersOf(value: Json | undefined): (number | undefined)[] {
  const bag = asBag(value);
  const list = Array.isArray(value) ? value : bag ? ['0', '1', '2', '3'].map((key) => bag[key]) : [];
  return list.map(asNumber);
}

/** Texts; old files have lists of options, and numbers for events and anything. */
function typeOf(value: Json | undefined): string {
  if (typeof value === 'string') return value === '' ? '*' : value;
  return Array.isArray(value) ? 'COMBO' : '*';
}

function optional<Key extends string, Value>(key: Key, value: Value | undefined): Partial<Record<Key, Value>> {
  return value === undefined ? {} : ({ [key]: value } as Record<Key, Value>);
}
