/** The picture in the file is that of a node that saves; previews count only where nothing saves. */
import { isLink, type PromptNode } from './graph';
import { isSampler, LATENT } from './sampler-nodes';
import type { Found, Walk } from './walk';

const PICTURES = ['images', 'image', 'pixels', 'image_a', 'video', 'frames', 'samples'];
const SAVES = /save|websocket|videocombine|sendimage|image ?sender|output/i;
const SHOWS = /preview|compar|display|viewer|show/i;

/** Nodes that make another picture of one; those that only show, name or count it are none. */
const CHANGES =
  /upscal|imagescale|resize|crop|colou?r|sharpen|blur|filter|grain|rembg|background|restore|reactor|face ?swap|composite|blend|overlay|watermark|imagepad|flip|rotate|invert|levels|\blut\b|denoise|vignette|bloom|saturat|contrast|brightness|relight|frame ?interpolat|iterative/i;

/** Nodes that take some pictures out of a batch, and change none. */
const PICKS = /frombatch/i;

export const picks = ({ type }: PromptNode): boolean => PICKS.test(type);

export interface Picture {
  output: PromptNode;
  sampler: PromptNode;
  /** Classes between both that change a picture. */
  after: readonly string[];
  /** Nodes between both that take pictures out of a batch, last to first. */
  picked: readonly PromptNode[];
}

/** Among several that are saved, the one with the most sampling before it. */
export function findPicture(walk: Walk): Picture | undefined {
  const { nodes } = walk;
  const isOutput = (pattern: RegExp) => (node: PromptNode) =>
    pattern.test(node.type) && PICTURES.some((name) => isLink(node.inputs.get(name)));
  const saves = nodes.filter((node) => isOutput(SAVES)(node) || savesItself(node));
  const groups = [
    saves,
    nodes.filter(isOutput(SHOWS)),
    unused(walk),
    nodes.filter((node) => isSampler(walk, node)).slice(-1),
  ];
  for (const outputs of groups) {
    const found = outputs.flatMap((output): Picture[] => {
      const between = { after: [], picked: [] };
      const sampler = lastSampler(walk, output, between);
      return sampler ? [{ output, sampler, ...between }] : [];
    });
    if (found.length === 0) continue;
    const chosen = choose(walk, found);
    walk.after = chosen.after;
    walk.picked.push(...chosen.picked);
    return chosen;
  }
  return undefined;
}

/** Samplers of Easy-Use and tinyterraNodes save by themselves. */
function savesItself({ inputs }: PromptNode): boolean {
  return /save|sender/i.test(String(inputs.get('image_output') as string | undefined));
}

/** Nodes at the end that are joined to something. */
function unused(walk: Walk): PromptNode[] {
  const used = new Set(walk.nodes.flatMap(({ inputs }) => [...inputs.values()].filter(isLink).map(({ node }) => node)));
  return walk.nodes.filter(({ id, inputs }) => !used.has(id) && [...inputs.values()].some(isLink));
}

function choose(walk: Walk, found: readonly Picture[]): Picture {
  const counted = found.map((picture) => ({ picture, count: samplersBefore(walk, picture.sampler) }));
  const best = counted.reduce((a, b) => (b.count > a.count ? b : a));
  const others = new Set(found.map(({ sampler }) => sampler.id)).size - 1;
  if (others > 0)
    walk.lost.set(
      'pictures',
      `${others + 1} pictures leave this graph: this is the one of the node "${best.picture.output.type}" with the most sampling before it.`,
    );
  return best.picture;
}

function samplersBefore(walk: Walk, last: PromptNode): number {
  const seen = new Set<PromptNode>([last]);
  for (let node = nextSampler(walk, last); node && !seen.has(node); node = nextSampler(walk, node)) seen.add(node);
  return seen.size;
}

function nextSampler(walk: Walk, sampler: PromptNode): PromptNode | undefined {
  return nearest(
    walk,
    LATENT.map((name) => sampler.inputs.get(name))
      .filter(isLink)
      .map((link) => walk.follow(link))
      .filter((node) => node !== undefined),
  );
}

/** The last sampler before an output: over pictures and latents, and if that leads nowhere over everything. */
function lastSampler(
  walk: Walk,
  output: PromptNode,
  { after, picked }: { after: string[]; picked: PromptNode[] },
): PromptNode | undefined {
  const seen = new Set<PromptNode>();
  for (
    let at: Found | undefined = { node: output, slot: 0, role: 'images' };
    at && 'node' in at && !seen.has(at.node);
  ) {
    if (isSampler(walk, at.node)) return at.node;
    seen.add(at.node);
    if (CHANGES.test(at.node.type) && at.node !== output) after.unshift(at.node.type);
    if (picks(at.node)) picked.push(at.node);
    at = walk.before(at, 'image') ?? walk.before(at, 'latent') ?? walk.origin(at.node, ...PICTURES, ...LATENT);
  }
  return nearest(walk, [output]);
}

/** The nearest by the number of nodes between. */
function nearest(walk: Walk, from: readonly PromptNode[]): PromptNode | undefined {
  const queue = [...from];
  const seen = new Set(queue);
  for (const node of queue) {
    if (isSampler(walk, node)) return node;
    for (const input of node.inputs.values()) {
      const source = isLink(input) ? walk.follow(input) : undefined;
      if (source && !seen.has(source)) {
        seen.add(source);
        queue.push(source);
      }
    }
  }
  return undefined;
}
