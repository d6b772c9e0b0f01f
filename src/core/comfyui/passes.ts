/** The samplers that made a picture, first to last, and what each started from. */
import { presetSize } from './preset-size';
import { findPicture, picks } from './find-picture';
import type { PromptNode } from './graph';
import { growthsOf, RESIZES, type Growth } from './growth';
import { isSampler, LATENT, repaints } from './sampler-nodes';
import type { Found, Walk } from './walk';

export interface Pass {
  sampler: PromptNode;
  /** Size of the empty latent that it starts from. */
  size?: { width?: number; height?: number };
  /** How many pictures the empty latent is for. */
  batch?: number;
  /** It starts from a picture that was loaded. */
  isFromPicture: boolean;
  /** What the nodes behind the pass before it made of its size, in their order. */
  growths: readonly Growth[];
  /** A1111's word for the upscaler. */
  upscaler?: string;
  /** It goes over parts or tiles of a picture: no pass of hires fix. */
  isRepaint: boolean;
}

/** Empty where no sampler is found. */
export function findPasses(walk: Walk): Pass[] {
  const passes: Pass[] = [];
  const seen = new Set<string>();
  for (let sampler = findPicture(walk)?.sampler; sampler && !seen.has(sampler.id);) {
    seen.add(sampler.id);
    const pass: Pass = { sampler, isFromPicture: false, growths: [], isRepaint: repaints(sampler) };
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
    const earlier = earlierInPipe(walk, pass);
    if (!earlier) {
      pass.size = readSize(walk, pass.sampler);
      pass.batch = walk.number(pass.sampler, 'batch_size');
    }
    return earlier;
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
      pass.batch = walk.number(node, 'batch_size');
      return undefined;
    }
    if (!isPlain(node)) walk.passed.add(node.type);
    if (picks(node)) walk.picked.push(node);
    readEnlargement(walk, node, pass);
    at = before;
  }
  return undefined;
}

/** Samplers that are strung on one pipe: each hands its picture on. What lies between may enlarge it. */
function earlierInPipe(walk: Walk, pass: Pass): PromptNode | undefined {
  const between: PromptNode[] = [];
  const seen = new Set<PromptNode>([pass.sampler]);
  for (let node = walk.pipe(pass.sampler); node && !seen.has(node); node = walk.pipe(node)) {
    seen.add(node);
    if (isSampler(walk, node)) {
      for (const one of between) readEnlargement(walk, one, pass);
      return node;
    }
    if (node.inputs.has('rescale_after_model')) between.push(node);
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
  // Beside "rescale" they are what a sampler enlarges its picture to.
  const sides = (side: string) => (node.inputs.has('rescale') ? [] : [side, `${side}_override`]);
  const width = walk.wanted(node, 'empty_latent_width', 'latent_width', ...sides('width'));
  const height = walk.wanted(node, 'empty_latent_height', 'latent_height', ...sides('height'));
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
  if (width === undefined && height === undefined && !MODELS_OWN.test(node.type))
    walk.lost.set('size', `The size that the node "${node.type}" gives is not known here: it is left out.`);
  return {};
}

/** They make no latent: what stands before them is none. */
const MODELS_OWN = /Loader|^KSampler|^SamplerCustom|Sampler \(/i;

const PLAIN =
  /^(VAEEncode|VAEDecode)(Tiled)?$|^(Latent|Image)(Upscale|Scale)(By|WithModel)?$|^(InpaintModelConditioning|ImageScaleToTotalPixels)$/;

function isPlain({ type }: PromptNode): boolean {
  return PLAIN.test(type);
}

const LATENT_UPSCALERS: Readonly<Record<string, string>> = {
  'nearest-exact': 'Latent (nearest-exact)',
  bicubic: 'Latent (bicubic)',
};

/** Nodes are come to from the second sampler up: what each does is done before what was read. */
function readEnlargement(walk: Walk, node: PromptNode, pass: Pass): void {
  const own = (...names: readonly string[]) => names.filter((name) => node.inputs.has(name));
  const model = modelOf(walk, node);
  if (model !== undefined) pass.upscaler = model;
  else if (RESIZES.test(node.type))
    pass.upscaler ??= /image/i.test(node.type)
      ? 'Lanczos'
      : latentUpscaler(walk.text(node, ...own('upscale_method', 'mode')));
  pass.growths = [...growthsOf(walk, node, model), ...pass.growths];
}

export const latentUpscaler = (method: string | undefined): string => LATENT_UPSCALERS[method ?? ''] ?? 'Latent';

/** The file of the model that enlarges: at the other end of a link, or named in the node. */
function modelOf(walk: Walk, node: PromptNode): string | undefined {
  if (node.inputs.has('rescale_after_model')) return stem(walk.text(node, 'model_name') ?? 'model');
  if (!node.inputs.has('upscale_model') && node.type !== 'ImageUpscaleWithModel') return undefined;
  const name = walk.text(walk.source(node, 'upscale_model'), 'model_name') ?? walk.text(node, 'upscale_model');
  return stem(name ?? 'model');
}

/** The name of a file without folders and ending. */
export function stem(path: string): string {
  const name = path.split(/[\\/]/).pop() ?? path;
  return name.replace(/\.(safetensors|ckpt|pt|pth|bin|gguf|sft)$/i, '');
}
