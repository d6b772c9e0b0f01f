/** ComfyUI's workflow as the editor shows it: typed, and with all that is in the file besides. */
import type { Bag, Json } from './json';

export type NodeId = number | string;

/** Bits of `mode`: everything else runs. */
export const MUTED = 2;
export const BYPASSED = 4;

/** Where a subgraph's own inputs and outputs are joined to its nodes. */
export const INPUT_NODE = -10;
export const OUTPUT_NODE = -20;

/** Plain data, never changed in place: an edit makes a new one that shares what stayed. */
export interface ComfyDocument {
  root: ComfyGraph;
  /** Definitions of subgraphs, wherever they nest: a node whose `type` is the id of one is an instance of it. */
  subgraphs: readonly ComfySubgraph[];
  /** `frontendVersion`, `groupNodes`, `linearData` and others' things. */
  extra: Bag;
  /** The file's JSON; absent in a new document. */
  raw?: Bag;
}

export interface ComfyGraph {
  nodes: readonly ComfyNode[];
  links: readonly ComfyLink[];
  groups: readonly ComfyGroup[];
}

export interface ComfySubgraph extends ComfyGraph {
  id: string;
  name: string;
  inputs: readonly ComfyBoundary[];
  outputs: readonly ComfyBoundary[];
  raw?: Bag;
}

/** An input or output of a subgraph; instances are matched to it by `name`. */
export interface ComfyBoundary {
  id?: string;
  name: string;
  type: string;
  /** Links inside that are joined to it. */
  linkIds?: readonly number[];
  raw?: Bag;
}

export interface ComfyNode {
  id: NodeId;
  /** The class, as in NODES; the id of a subgraph; or what nobody here knows. */
  type: string;
  /** x and y of the upper left corner, in the editor's pixels. */
  pos: readonly [x: number, y: number];
  size: readonly [width: number, height: number];
  /** 0: runs; MUTED: is not there; BYPASSED: hands on what it gets; 1 and 3 are as 0. */
  mode: number;
  title?: string;
  color?: string;
  bgcolor?: string;
  isCollapsed: boolean;
  inputs: readonly ComfyInput[];
  outputs: readonly ComfyOutput[];
  /** Values by order, or by name in some packs: see `widgetsOf` for values by name. */
  widgets?: readonly Json[] | Bag;
  /** The same by name, in files of August 2026 and later. */
  named?: Bag;
  /** `cnr_id`, `aux_id`, `ver`, `models`, `proxyWidgets`, `Node name for S&R` … */
  properties: Bag;
  raw?: Bag;
}

export interface ComfyInput {
  name: string;
  /** Several with commas between them; `*` for any. */
  type: string;
  /** Id of its ComfyLink; null where nothing is joined. */
  link: number | null;
  /** The widget that this socket belongs to. */
  widget?: string;
  label?: string;
  raw?: Bag;
}

export interface ComfyOutput {
  name: string;
  type: string;
  links: readonly number[];
  label?: string;
  raw?: Bag;
}

export interface ComfyLink {
  id: number;
  from: NodeId;
  fromSlot: number;
  to: NodeId;
  toSlot: number;
  type: string;
  raw?: Json;
}

/** A frame; a node belongs to it by lying in it. */
export interface ComfyGroup {
  title: string;
  /** x, y, width, height. */
  bounding: readonly [number, number, number, number];
  color?: string;
  raw?: Bag;
}
