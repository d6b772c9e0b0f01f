/** Workflows of other tools have texts where the editor has numbers: ids of links, and of nodes that links name. */
import { asBag, type Bag } from './graph';

const isDigits = (value: unknown): value is string => typeof value === 'string' && /^\d{1,9}$/.test(value);

/** As the editor writes them; the workflow itself where nothing is to be changed. */
export function withNumberedLinks(json: unknown): unknown {
  const bag = asBag(json);
  const nodes = Array.isArray(bag?.['nodes']) ? (bag['nodes'] as unknown[]) : undefined;
  const links = Array.isArray(bag?.['links']) ? (bag['links'] as unknown[]) : undefined;
  const ids = [...(nodes ?? []).flatMap((node) => [idOf(node), ...linksInto(node)]), ...(links ?? []).map(idOf)];
  if (!bag || !nodes || !links || !ids.some((id) => typeof id === 'string')) return json;
  const numbers = new Map<string, number>();
  /** Words that are no numbers get one that no other has. */
  const linkId = (id: unknown): unknown => {
    if (typeof id !== 'string') return id;
    const number = isDigits(id) ? Number(id) : (numbers.get(id) ?? FIRST_FREE + numbers.size);
    if (!isDigits(id)) numbers.set(id, number);
    return number;
  };
  return {
    ...bag,
    nodes: nodes.map((node) => withNode(node, linkId)),
    links: links.map((link) => withLink(link, linkId)),
  };
}

/** Beyond what an editor counts to. */
const FIRST_FREE = 1_000_000_000;

const idOf = (one: unknown): unknown => (Array.isArray(one) ? (one as unknown[])[0] : asBag(one)?.['id']);
/** The links that end at a node. */
function linksInto(json: unknown): unknown[] {
  const inputs: unknown = asBag(json)?.['inputs'];
  return Array.isArray(inputs) ? inputs.map((slot) => asBag(slot)?.['link']) : [];
}

const nodeId = (id: unknown): unknown => (isDigits(id) ? Number(id) : id);

type Renumber = (id: unknown) => unknown;

function withNode(json: unknown, linkId: Renumber): unknown {
  const node = asBag(json);
  if (!node) return json;
  const each = (key: string, change: (slot: Bag) => Bag) => {
    const list: unknown = node[key];
    if (!Array.isArray(list)) return {};
    return { [key]: list.map((one: unknown) => change(asBag(one) ?? {})) };
  };
  return {
    ...node,
    id: nodeId(node['id']),
    ...each('inputs', (slot) => ({ ...slot, link: linkId(slot['link']) })),
    ...each('outputs', (slot) => ({
      ...slot,
      links: Array.isArray(slot['links']) ? (slot['links'] as unknown[]).map(linkId) : slot['links'],
    })),
  };
}

function withLink(json: unknown, linkId: Renumber): unknown {
  if (Array.isArray(json)) {
    const [id, from, fromSlot, to, toSlot, ...rest] = json as unknown[];
    return [linkId(id), nodeId(from), nodeId(fromSlot), nodeId(to), nodeId(toSlot), ...rest];
  }
  const link = asBag(json);
  if (!link) return json;
  const ends = Object.fromEntries(
    ['origin_id', 'origin_slot', 'target_id', 'target_slot'].map((key) => [key, nodeId(link[key])]),
  );
  return { ...link, ...ends, id: linkId(link['id']) };
}
