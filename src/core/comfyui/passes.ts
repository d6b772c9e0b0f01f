/** The samplers that made a picture, first to last, and what each started from. */
import { isLink, type GraphNode } from './graph';
import type { Walk } from './walk';

/** How one pass enlarges what the one before it made. */
export interface Enlargement {
  factor?: number;
  width?: number;
  height?: number;
  /** A1111's word for it. */
  upscaler?: string;
}

export interface Pass {
  sampler: GraphNode;
  /** Of the empty latent that it starts from. */
  size?: { width?: number; height?: number };
  /** It starts from a picture that was loaded. */
  isFromPicture: boolean;
  /** Of what the pass before it made. */
  enlargement: Enlargement;
}

const CUSTOM_SAMPLERS: ReadonlySet<string> = new Set(['SamplerCustom', 'SamplerCustomAdvanced']);

/** Makers of other nodes keep the names of ComfyUI's inputs. */
function isSampler({ type, inputs }: GraphNode): boolean {
  return CUSTOM_SAMPLERS.has(type) || (inputs.has('sampler_name') && inputs.has('steps') && inputs.has('cfg'));
}

const OUTPUT = /^(Save|Preview)(Image|Animated|WEBP)|Image\s?Save/i;

/** Empty where no sampler is found. */
export function findPasses(walk: Walk): Pass[] {
  const passes: Pass[] = [];
  const seen = new Set<string>();
  for (let sampler = findLastSampler(walk); sampler && !seen.has(sampler.id);) {
    seen.add(sampler.id);
    const pass: Pass = { sampler, isFromPicture: false, enlargement: {} };
    passes.unshift(pass);
    sampler = readStart(walk, pass);
  }
  return passes;
}

/** The nearest to an output, by the number of nodes between. */
function findLastSampler(walk: Walk): GraphNode | undefined {
  const outputs = walk.nodes.filter(({ type }) => OUTPUT.test(type));
  const queue = outputs.length > 0 ? outputs : walk.nodes.filter(isSampler).slice(-1);
  const seen = new Set(queue);
  for (const node of queue) {
    if (isSampler(node)) return node;
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

const LATENT = ['latent_image', 'latent', 'samples', 'image', 'images', 'pixels'];

/** Fills in where a pass starts; returns the sampler before it, where it starts from that. */
function readStart(walk: Walk, pass: Pass): GraphNode | undefined {
  for (let node = walk.source(pass.sampler, ...LATENT); node;) {
    if (isSampler(node)) return node;
    if (/^Empty.*Latent/i.test(node.type)) {
      pass.size = { width: walk.number(node, 'width'), height: walk.number(node, 'height') };
      return undefined;
    }
    if (/^LoadImage|^Load Image/.test(node.type)) {
      pass.isFromPicture = true;
      return undefined;
    }
    const next: GraphNode | undefined = isPlain(node) ? walk.source(node, ...LATENT) : walk.onward(node, ...LATENT);
    readEnlargement(walk, node, pass.enlargement);
    node = next;
  }
  return undefined;
}

const PLAIN = /^(VAEEncode|VAEDecode)(Tiled)?$|^(Latent|Image)(Upscale|Scale)(By|WithModel)?$/;

function isPlain({ type }: GraphNode): boolean {
  return PLAIN.test(type);
}

const LATENT_UPSCALERS: Readonly<Record<string, string>> = {
  'nearest-exact': 'Latent (nearest-exact)',
  bicubic: 'Latent (bicubic)',
};

function readEnlargement(walk: Walk, node: GraphNode, enlargement: Enlargement): void {
  const factor = walk.number(node, 'scale_by');
  const [width, height] = [walk.number(node, 'width'), walk.number(node, 'height')];
  if (factor !== undefined) enlargement.factor ??= factor;
  else if (width !== undefined && height !== undefined) Object.assign(enlargement, { width, height });
  if (node.type === 'ImageUpscaleWithModel')
    enlargement.upscaler = stem(walk.text(walk.source(node, 'upscale_model'), 'model_name') ?? 'model');
  else if (node.type.startsWith('LatentUpscale'))
    enlargement.upscaler ??= LATENT_UPSCALERS[walk.text(node, 'upscale_method') ?? ''] ?? 'Latent';
  else if (node.type.startsWith('ImageScale')) enlargement.upscaler ??= 'Lanczos';
}

/** The name of a file without folders and ending. */
export function stem(path: string): string {
  const name = path.split(/[\\/]/).pop() ?? path;
  return name.replace(/\.(safetensors|ckpt|pt|pth|bin|gguf|sft)$/i, '');
}
