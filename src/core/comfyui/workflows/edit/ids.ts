/** Numbers for what is new: above all that are in the file, in whichever graph of it, so that none is used twice. */
import { asBag, asNumber, type Bag, type ComfyDocument } from '../document';

export interface Ids {
  node: () => number;
  link: () => number;
}

/** Each call gives the next. */
export function freshIds({ root, subgraphs, raw }: ComfyDocument): Ids {
  let [node, link] = [0, 0];
  const see = (bag: Bag | undefined, [nodeKey, linkKey]: readonly [string, string]) => {
    node = Math.max(node, asNumber(bag?.[nodeKey]) ?? 0);
    link = Math.max(link, asNumber(bag?.[linkKey]) ?? 0);
  };
  see(raw, ['last_node_id', 'last_link_id']);
  for (const bag of [raw, ...subgraphs.map((one) => one.raw)]) see(asBag(bag?.['state']), ['lastNodeId', 'lastLinkId']);
  for (const { nodes, links } of [root, ...subgraphs]) {
    for (const { id } of nodes) if (typeof id === 'number') node = Math.max(node, id);
    for (const { id } of links) link = Math.max(link, id);
  }
  return { node: () => ++node, link: () => ++link };
}
