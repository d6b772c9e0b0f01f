/** The samplers that made a picture, first to last, and what each started from. */
import { presetSize } from './preset-size';
import { findPicture } from './find-picture';
import type { PromptNode } from './graph';
import { isSampler, LATENT, repaints } from './sampler-nodes';
import type { Found, Walk } from './walk';

/** How one pass enlarges what the one before it made. */
export interface Enlargement {
  factor?: number;
  width?: number;
  height?: number;
  /** A1111's word for the upscaler. */
  upscaler?: string;
}

export interface Pass {
  sampler: PromptNode;
  /** Size of the empty latent that it starts from. */
  size?: { width?: number; height?: number };
  /** It starts from a picture that was loaded. */
  isFromPicture: boolean;
  /** How what the pass before it made was enlarged. */
  enlargement: Enlargement;
  /** It goes over parts or tiles of a picture: no pass of hires fix. */
  isRepaint: boolean;
}

/** Empty where no sampler is found. */
export function findPasses(walk: Walk): Pass[] {
  const passes: Pass[] = [];
  const seen = new Set<string>();
  for (let sampler = findPicture(walk)?.sampler; sampler && !seen.has(sampler.id);) {
    seen.add(sampler.id);
    const pass: Pass = { sampler, isFromPicture: false, enlargement: {}, isRepaint: repaints(sampler) };
    passes.unshift(pass);
    sampler = readStart(walk, pass);
  }
  return passes;
}

/** Fills in where a pass starts; returns the sampler before it, where it starts from that. */
function readStart(walk: Walk, pass: Pass): PromptNode | undefined {
  const seen = new Set<PromptNode>([pass.sampler]);
  const first = walk.origin(pass.sampler, ...LATENT);
  if (!first) {
    pass.size = readSize(walk, pass.sampler);
    return undefined;
  }
  for (let at: Found | undefined = first; at && 'node' in at;) {
    const node: PromptNode = at.node;
    if (seen.has(node)) return undefined;
    seen.add(node);
    if (isSampler(walk, node)) return node;
    if (/^LoadImage|^Load Image|^easy loadImage|^ETN_LoadImage/i.test(node.type)) {
      pass.isFromPicture = true;
      return undefined;
    }
    // What InpaintModelConditioning makes of a picture is a latent to fill, at whatever strength.
    const before: Found | undefined = startsAnew(node) ? undefined : next(walk, at);
    if (!before) {
      pass.size = readSize(walk, node);
      return undefined;
    }
    if (!isPlain(node)) walk.passed.add(node.type);
    readEnlargement(walk, node, pass.enlargement);
    at = before;
  }
  return undefined;
}

function next(walk: Walk, at: Found): Found | undefined {
  if (!('node' in at)) return undefined;
  return walk.before(at, 'latent') ?? walk.before(at, 'image') ?? walk.origin(at.node, ...LATENT);
}

const startsAnew = ({ type }: PromptNode): boolean => /^Empty.*Latent|Empty Latent/i.test(type);

/** Size that an empty latent is made in, or that a loader makes one in. */
function readSize(walk: Walk, node: PromptNode): Pass['size'] {
  const width = walk.wanted(node, 'empty_latent_width', 'latent_width', 'width', 'width_override');
  const height = walk.wanted(node, 'empty_latent_height', 'latent_height', 'height', 'height_override');
  // Sides that come from elsewhere count more than a name that stands beside them.
  const preset = presetSize(walk.input(node, 'empty_latent_width', 'width')?.node ?? node);
  if (preset) return preset;
  const [w, h] = [width, height].map(Number);
  if (w > 0 && h > 0) return { width: w, height: h };
  const text = walk.text(
    node,
    ...['resolution', 'dimensions', 'size', 'ratio', 'aspect_ratio'].filter(
      (name) => walk.input(node, name) !== undefined,
    ),
  );
  const [, textWidth, textHeight] = /(\d{3,5})\s*[x×]\s*(\d{3,5})/i.exec(text ?? '') ?? [];
  if (textWidth !== undefined) return { width: Number(textWidth), height: Number(textHeight) };
  if (width === undefined && height === undefined && text !== undefined)
    walk.lost.set('size', `The size that the node "${node.type}" gives is not known here: it is left out.`);
  return {};
}

const PLAIN =
  /^(VAEEncode|VAEDecode)(Tiled)?$|^(Latent|Image)(Upscale|Scale)(By|WithModel)?$|^(InpaintModelConditioning|ImageScaleToTotalPixels)$/;

function isPlain({ type }: PromptNode): boolean {
  return PLAIN.test(type);
}

const LATENT_UPSCALERS: Readonly<Record<string, string>> = {
  'nearest-exact': 'Latent (nearest-exact)',
  bicubic: 'Latent (bicubic)',
};

function readEnlargement(walk: Walk, node: PromptNode, enlargement: Enlargement): void {
  const own = (...names: readonly string[]) => names.filter((name) => node.inputs.has(name));
  const factor = walk.number(node, ...own('scale_by', 'upscale_by', 'upscale_factor', 'scale_factor'));
  const [width, height] = [walk.number(node, ...own('width')), walk.number(node, ...own('height'))];
  if (factor !== undefined) enlargement.factor = (enlargement.factor ?? 1) * factor;
  else if (width !== undefined && height !== undefined && enlargement.width === undefined)
    Object.assign(enlargement, { width, height });
  if (node.inputs.has('upscale_model') || node.type === 'ImageUpscaleWithModel')
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
