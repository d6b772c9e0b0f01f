/**
 * Nodes on the clipboard as ComfyUI's editor has them: JSON of nodes and links, in its storage and, in base64, in an attribute of the
 * HTML that it copies. Early editors numbered the nodes of links by their place in the list.
 *
 * @see Comfy-Org/ComfyUI_frontend useCopy, usePaste, LGraphCanvas.copyToClipboard
 */
import { fromBase64, toBase64 } from '../../../bytes/base64';
import { AppError } from '../../../errors';
import { openComfyJson, openComfyText, type OpenedComfy } from '../convert/open-file';
import {
  asBag,
  asList,
  asNumber,
  asText,
  readDocument,
  readJson,
  writeDocument,
  writeJson,
  type Bag,
  type ComfyLink,
  type ComfyNode,
  type Json,
} from '../document';
import type { Copied } from './copy';

export interface Clip {
  html: string;
  text: string;
}

/** Writes both forms of a clip, which hold the same. */
export function writeClip(copied: Copied): Clip {
  const text = writeJson(clipJson(copied));
  const metadata = toBase64(new TextEncoder().encode(text));
  const html = `<meta charset="utf-8"><div><span data-metadata="${metadata}"></span></div><span style="white-space:pre-wrap;"></span>`;
  return { html, text };
}

/** Sockets are without links: those stand beside. */
function clipJson({ nodes, links, groups, subgraphs }: Copied): Bag {
  const bare = nodes.map((node): ComfyNode => ({
    ...node,
    inputs: node.inputs.map((input) => ({ ...input, link: null })),
    outputs: node.outputs.map((output) => ({ ...output, links: [] })),
  }));
  const written = writeDocument({ root: { nodes: bare, links: [], groups }, subgraphs, extra: {} });
  const ends = links.map(({ id, from, fromSlot, to, toSlot, type }): Bag => {
    return { id, origin_id: from, origin_slot: fromSlot, target_id: to, target_slot: toSlot, type };
  });
  return {
    nodes: written['nodes'],
    groups: written['groups'],
    reroutes: [],
    links: ends,
    subgraphs: asBag(written['definitions'])?.['subgraphs'] ?? [],
  };
}

/** Nodes out of what was pasted: ComfyUI's clipboard, or a workflow or prompt as text. Undefined where this is neither. */
export function readClip({ html, text }: Partial<Clip>): Copied | undefined {
  const metadata = /data-metadata="([A-Za-z0-9+/=]+)"/.exec(html ?? '')?.[1];
  for (const json of [metadata === undefined ? undefined : tryJson(textOf(metadata)), tryJson(text)]) {
    const copied = json === undefined ? undefined : (readClipJson(json) ?? readWorkflow(json));
    if (copied && hasBoxes(copied)) return copied;
  }
  const inWords = text !== undefined && /class_type|nodes/.test(text) ? tryOpen(() => openComfyText(text)) : undefined;
  return inWords && hasBoxes(inWords) ? inWords : undefined;
}

const hasBoxes = ({ nodes, groups }: Copied): boolean => nodes.length + groups.length > 0;

function textOf(base64: string): string | undefined {
  const bytes = fromBase64(base64);
  return bytes && new TextDecoder().decode(bytes);
}

function tryJson(text: string | undefined): Json | undefined {
  if (text === undefined || !/^\s*[{[]/.test(text)) return undefined;
  try {
    return readJson(text);
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}

const readWorkflow = (json: Json): Copied | undefined => tryOpen(() => openComfyJson(json));

function tryOpen(open: () => OpenedComfy): Copied | undefined {
  try {
    const { root, subgraphs } = open().document;
    return { ...root, subgraphs };
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}

/** A workflow is none: it says of which version it is, and has links at its sockets. */
function readClipJson(json: Json): Copied | undefined {
  const bag = asBag(json);
  const nodes = asList(bag?.['nodes']);
  if (!bag || nodes.length + asList(bag['groups']).length === 0 || 'version' in bag) return undefined;
  if (nodes.some((node) => asText(asBag(node)?.['type']) === undefined)) return undefined;
  const links = asList(bag['links']);
  const isByPlace = links.some((link) => Array.isArray(link) && link.length < 6);
  const numbered = nodes.map((node, i): Json => ({
    ...asBag(node),
    id: isByPlace ? i + 1 : (asBag(node)?.['id'] ?? i + 1),
  }));
  const read = readDocument({
    nodes: numbered,
    groups: asList(bag['groups']),
    links: isByPlace ? links.flatMap(linkByPlace) : links,
    definitions: { subgraphs: asList(bag['subgraphs']) },
  });
  return { ...rejoined(read.root), subgraphs: read.subgraphs };
}

/** `[place of the source, its slot, place of the target, its slot, …]`; a source that was not copied has no place. */
function linkByPlace(link: Json, i: number): Json[] {
  const [from, fromSlot, to, toSlot] = asList(link).map(asNumber);
  if (from === undefined || fromSlot === undefined || to === undefined || toSlot === undefined) return [];
  return [[i + 1, from + 1, fromSlot, to + 1, toSlot, '*']];
}

/** Sockets learn of their links from the list. */
function rejoined({ nodes, links, groups }: Omit<Copied, 'subgraphs'>): Omit<Copied, 'subgraphs'> {
  const at = (end: 'from' | 'to', node: ComfyNode) => links.filter((link) => String(link[end]) === String(node.id));
  const typed = new Map<number, ComfyLink>();
  const joined = nodes.map((node): ComfyNode => {
    const [to, from] = [at('to', node), at('from', node)];
    for (const link of from)
      typed.set(link.id, { ...link, type: link.type === '*' ? (node.outputs[link.fromSlot]?.type ?? '*') : link.type });
    return {
      ...node,
      inputs: node.inputs.map((input, slot) => ({
        ...input,
        link: to.find(({ toSlot }) => toSlot === slot)?.id ?? null,
      })),
      outputs: node.outputs.map((output, slot) => ({
        ...output,
        links: from.filter(({ fromSlot }) => fromSlot === slot).map(({ id }) => id),
      })),
    };
  });
  return { nodes: joined, links: links.map((link) => typed.get(link.id) ?? link), groups };
}
