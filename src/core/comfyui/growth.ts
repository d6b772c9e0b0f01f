/** What a node between two samplers makes of a picture's size. Makers of other nodes keep the names of ComfyUI's inputs. */
import type { PromptNode } from './graph';
import type { Walk } from './walk';

export interface Size {
  width: number;
  height: number;
}

export type Growth =
  /** So many times as large. */
  | { by: number }
  /** As large as is said, whatever it was. */
  | { to: Size }
  /** A size made of the one before, or of its shape alone where `isSure` is false; `orElse` where neither is known. */
  | { of: (from: Size, isSure: boolean) => Size | undefined; orElse?: Size; why: string }
  /** Nothing says by how much: the sentence for it. */
  | { unsure: string; keepsShape: boolean };

/** Nodes that enlarge or resize, whoever made them. */
export const RESIZES = /upscal|(?<!gr[ae]y ?)scale|resize|constrain|megapixel/i;
const FACTORS = ['scale_by', 'upscale_by', 'upscale_factor', 'scale_factor', 'rescale_factor', 'resize_factor'];
/** What is a factor only in nodes that resize. */
const PLAIN_FACTORS = ['upscale', 'factor', 'scale', 'upscale_value', 'multiplier'];

/** Inputs that say how large a picture becomes. */
const SAYS_SIZE = /^(?!tile|upscale_(model|method)).*(width|height|factor|scale|size|side|pixel|percent|long|short)/i;

/** In the order in which they are done; none where a node does nothing to the size. */
export function growthsOf(walk: Walk, node: PromptNode, model: string | undefined): Growth[] {
  const byModel = model === undefined ? [] : [modelGrowth(model)];
  if (node.inputs.has('rescale_after_model')) return [...byModel, ...afterModel(walk, node)];
  if (node.type === 'ImageUpscaleWithModel') return byModel;
  const own = Object.hasOwn(NODES, node.type) ? NODES[node.type](walk, node) : anyGrowth(walk, node);
  if (own !== undefined) return own;
  if (model !== undefined && ![...node.inputs.keys()].some((name) => SAYS_SIZE.test(name))) return byModel;
  return RESIZES.test(node.type) ? [unknown(node)] : [];
}

const unsure = (name: string): string => `By how much ${name} enlarges is not in the graph: the factor is not sure.`;
const whyOf = ({ type }: PromptNode): string => unsure(`the node "${type}"`);
const unknown = (node: PromptNode): Growth => ({ unsure: whyOf(node), keepsShape: false });

/** Names of models say by how much, and no graph does. */
function modelGrowth(model: string): Growth {
  const [, before, behind] =
    /(?<![a-z0-9])([1-8])x(?![0-9])|(?<![a-z0-9])x([1-8])(?![0-9])/i.exec(model.replaceAll('_', ' ')) ?? [];
  const factor = Number(before ?? behind);
  return factor > 0 ? { by: factor } : { unsure: unsure(`the model "${model}"`), keepsShape: true };
}

interface SideNames {
  width: string;
  height: string;
}

type Read = (walk: Walk, node: PromptNode) => Growth[] | undefined;

/** @see ComfyUI nodes_post_processing.py, nodes_images.py ImageScaleToMaxDimension; rgthree-comfy image_resize.py */
const NODES: Readonly<Record<string, Read>> = {
  ImageScaleToTotalPixels: (walk, node) => total(walk, node, 'megapixels'),
  ImageScaleToMaxDimension: (walk, node) => bySide(walk, node, 'largest_size', Math.max),
  ResizeImageMaskNode: (walk, node) => {
    const name = (end: string): string => `resize_type.${end}`;
    switch (node.inputs.get('resize_type')) {
      case 'scale by multiplier':
        return by(walk.number(node, name('multiplier')));
      case 'scale total pixels':
        return total(walk, node, name('megapixels'));
      case 'scale longer dimension':
        return bySide(walk, node, name('longer_size'), Math.max);
      case 'scale shorter dimension':
        return bySide(walk, node, name('shorter_size'), Math.min);
      case 'scale dimensions':
      case 'scale width':
      case 'scale height':
        return toSides(walk, node, { width: name('width'), height: name('height') });
      default:
        return undefined;
    }
  },
  'Image Resize (rgthree)': (walk, node) => {
    if (node.inputs.get('measurement') !== 'percentage') return toSides(walk, node);
    const [width, height] = [walk.number(node, 'width'), walk.number(node, 'height')];
    return width === height || height === 0
      ? by(width && width / 100)
      : width === 0
        ? by(height && height / 100)
        : undefined;
  },
};

const by = (factor: number | undefined): Growth[] | undefined =>
  factor === undefined || factor <= 0 ? undefined : [{ by: factor }];

const times = ({ width, height }: Size, ratio: number): Size => ({ width: width * ratio, height: height * ratio });

/** @see ComfyUI comfy_extras/nodes_post_processing.py, scale_to_total_pixels: a megapixel has 1024 × 1024 */
function total(walk: Walk, node: PromptNode, name: string): Growth[] | undefined {
  const pixels = (walk.number(node, name) ?? 0) * 1024 * 1024;
  const step = node.inputs.has('resolution_steps') ? (walk.number(node, 'resolution_steps') ?? 1) : 1;
  const whole = (side: number): number => (step > 1 ? Math.round(side / step) * step : side);
  const of = (from: Size): Size => {
    const { width, height } = times(from, Math.sqrt(pixels / (from.width * from.height)));
    return { width: whole(width), height: whole(height) };
  };
  return pixels > 0 ? [{ of, why: whyOf(node) }] : undefined;
}

function bySide(
  walk: Walk,
  node: PromptNode,
  name: string,
  which: (width: number, height: number) => number,
): Growth[] | undefined {
  const side = walk.number(node, name) ?? 0;
  const of = (from: Size): Size => times(from, side / which(from.width, from.height));
  return side > 0 ? [{ of, why: whyOf(node) }] : undefined;
}

/** Easy-Use's second pass is enlarged by a model, then to what is chosen. @see yolain/ComfyUI-Easy-Use py/nodes/fix.py */
function afterModel(walk: Walk, node: PromptNode): Growth[] {
  if (walk.value(node, 'rescale_after_model') !== true) return [];
  const how = walk.text(node, 'rescale') ?? '';
  if (how === 'by percentage') return [{ by: (walk.number(node, 'percent') ?? 100) / 100 }];
  if (how === 'None') return [];
  const made = how.startsWith('to longer side') ? bySide(walk, node, 'longer_side', Math.max) : toSides(walk, node);
  return made ?? [unknown(node)];
}

/** The word with which a node chooses among its ways; '' without one. */
function howOf({ inputs }: PromptNode): string {
  const words = [...inputs].filter(([name]) =>
    /^(mode|rescale|measurement|\w+_mode|(resize|scale)_(type|by))$/i.test(name),
  );
  return words.flatMap(([, value]) => (typeof value === 'string' ? value : [])).find((word) => HOW.test(word)) ?? '';
}

const BY_FACTOR = /rescale|scale by|by.?scale|by.?ratio|factor|multipl|percent/i;
const HOW = /scale|factor|multipl|by.?ratio|percent|size|dimension|width|height|pixel|long|short|side/i;
const TO_SIDES = /^(?!.*(pixel|long|short)).*(resize|size|dimension|width|height)/i;

/** A factor and sides may stand beside each other, one of them idle: the word beside them tells which. */
function anyGrowth(walk: Walk, node: PromptNode): Growth[] | undefined {
  const isResizer = RESIZES.test(node.type);
  const how = howOf(node);
  if (turnsToOther(node) || (how !== '' && !BY_FACTOR.test(how) && !TO_SIDES.test(how))) return undefined;
  const factors = [...FACTORS, ...(isResizer ? PLAIN_FACTORS : [])].filter((name) => node.inputs.has(name));
  const sides = sidesOf(node, isResizer);
  if (factors.length > 0 && sides && isResizer && how === '') return undefined;
  if (factors.length > 0 && (how === '' || BY_FACTOR.test(how))) return by(walk.number(node, ...factors));
  return sides && !BY_FACTOR.test(how) ? toSides(walk, node, sides) : undefined;
}

/** A switch to one side of the picture leaves its factor idle. */
const turnsToOther = ({ inputs }: PromptNode): boolean =>
  [...inputs].some(([name, value]) => value === true && /long|short/i.test(name));

/** One side alone counts only where a node resizes: elsewhere it may be that of a frame. */
function sidesOf({ inputs }: PromptNode, isResizer: boolean): SideNames | undefined {
  const all = ['', ...(isResizer ? ['target_', 'resize_', 'new_'] : [])].map((prefix) => ({
    width: `${prefix}width`,
    height: `${prefix}height`,
  }));
  return all.find(({ width, height }) =>
    isResizer ? inputs.has(width) || inputs.has(height) : inputs.has(width) && inputs.has(height),
  );
}

/** Sides that are said, one of which may be 0 or left out: it follows the other. */
function toSides(
  walk: Walk,
  node: PromptNode,
  names: SideNames = { width: 'width', height: 'height' },
): Growth[] | undefined {
  const read = (name: string): number | undefined => (node.inputs.has(name) ? walk.number(node, name) : 0);
  const [width, height] = [read(names.width), read(names.height)];
  if (width === undefined || height === undefined) return undefined;
  if (width <= 0 && height <= 0) return [];
  const step = stepOf(walk, node);
  const up = (side: number): number => (step > 1 ? Math.ceil(Math.trunc(side) / step) * step : side);
  const isKept = keepsShape(node) || width <= 0 || height <= 0;
  const condition = node.inputs.has('condition') ? (walk.text(node, 'condition') ?? 'always') : 'always';
  const said = { width: up(width), height: up(height) };
  if (!isKept && condition === 'always') return [{ to: said }];
  const of = (from: Size, isSure: boolean): Size | undefined => {
    if (!isSure && condition !== 'always') return undefined;
    const ratios = [width / from.width, height / from.height].filter((ratio) => ratio > 0);
    const kept = times(from, Math.min(...ratios));
    const made = isKept ? { width: up(kept.width), height: up(kept.height) } : said;
    return meets(condition, from, made) ? made : from;
  };
  return [{ of, why: whyOf(node), ...(width > 0 && height > 0 && condition === 'always' && { orElse: said }) }];
}

/** Sides become multiples of it, upwards. @see WASasquatch/was-node-suite-comfyui WAS_Image_Rescale; Comfyroll's CR_UpscaleImage */
function stepOf(walk: Walk, node: PromptNode): number {
  if (node.inputs.has('rounding_modulus')) return walk.number(node, 'rounding_modulus') ?? 1;
  return node.type === 'Image Resize' ? 8 : 1;
}

/** @see cubiq/ComfyUI_essentials image.py ImageResize; kijai/ComfyUI-KJNodes image_nodes.py ImageResizeKJ, ImageResizeKJv2 */
function keepsShape({ inputs }: PromptNode): boolean {
  const said = ['keep_proportion', 'method', 'fit'].map((name) => inputs.get(name));
  return said.some(
    (value) => value === true || ['resize', 'keep proportion', 'contain'].includes(String(value as string)),
  );
}

/** @see cubiq/ComfyUI_essentials image.py ImageResize */
function meets(condition: string, from: Size, to: Size): boolean {
  const [own, wanted] = [from.width * from.height, to.width * to.height];
  if (condition === 'downscale if bigger') return from.width > to.width || from.height > to.height;
  if (condition === 'upscale if smaller') return from.width < to.width || from.height < to.height;
  if (/bigger area/.test(condition)) return own > wanted;
  return !/smaller area/.test(condition) || own < wanted;
}
