/** ComfyUI's prompt: what runs. Nodes by id, inputs by name, no positions. */
import type { Json } from '../document';

/** Nodes by id: the text of a number, or a path such as `5:12` for what is inside a subgraph. */
export type ApiPrompt = Record<string, ApiNode>;

export interface ApiNode {
  class_type: string;
  /** A value, or a link: see `asApiLink`. A list that is no link is `{"__value__": [...]}`. */
  inputs: Record<string, Json>;
  _meta?: { title: string };
}

/** A node's id and the number of its output. */
export type ApiLink = [id: string, slot: number];

/** What an input comes from: a node that runs, or a value. */
export type Resolved = { link: ApiLink } | { value: Json };

/** Undefined for a value. Ids may be numbers in files of other programs. */
export function asApiLink(value: Json | undefined): ApiLink | undefined {
  if (!Array.isArray(value) || value.length !== 2) return undefined;
  const [id, slot] = value;
  const isId = typeof id === 'string' || Number.isFinite(id);
  return isId && Number.isSafeInteger(slot) ? [String(id), slot as number] : undefined;
}

/** So that no list is taken for a link. */
export function asApiValue(value: Json): Json {
  return Array.isArray(value) ? { __value__: value } : value;
}

/** The value itself, out of what keeps a list from being a link. */
export function plainValue(value: Json): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const inner = value['__value__'];
  return Array.isArray(inner) && Object.keys(value).length === 1 ? inner : value;
}
