/** Lays a file's keys against a model's layers: which layer each is of, which kind, and what is of none. */
import type { TensorEntry } from '../formats';
import { doraMisfit, magnitudeOf } from './dora';
import { product, show, type PartShapes } from './kind';
import type { Layer, LayerIndex } from './layer-index';
import { ALPHA, BIASES, currentKeys, partName, SCALE } from './part-names';
import { isWhole } from './read-parts';
import { adapterKindIds, adapterKindOf, type AdapterKindId } from './table';

export type Tensors = ReadonlyMap<string, TensorEntry>;

export interface UnusedKey {
  key: string;
  /** "fits no layer of this model", within a sentence. */
  reason: string;
}

export interface MatchedLayer {
  layer: Layer;
  /** Keys of the file by the part that each is. */
  keys: ReadonlyMap<string, string>;
  shapes: PartShapes;
  /** What changes the weight; absent where only the bias is changed. */
  kind?: AdapterKindId;
  /** What the kind is laid against: with fewer channels than the layer where that reads a picture beside the latent. */
  target: readonly number[];
  /** The part that changes the bias. */
  bias?: string;
}

export interface Match {
  layers: MatchedLayer[];
  unused: UnusedKey[];
  /** How many keys fit: by this the family is told. */
  fitting: number;
}

const NO_LAYER = 'fits no layer of this model';
export const NO_PART = 'is no part of a known kind';
const WHOLE_NUMBERS = 'has whole numbers, without the scale that they need';

export function matchLayers(tensors: Tensors, index: LayerIndex): Match {
  const unused: UnusedKey[] = [];
  const found = new Map<Layer, Map<string, string>>();
  for (const [key, { dtype, shape }] of tensors) {
    const place = isWhole(dtype) && product(shape) > 1 ? WHOLE_NUMBERS : placeOf(key, index);
    if (typeof place === 'string') {
      unused.push({ key, reason: place });
      continue;
    }
    const parts = found.get(place.layer) ?? new Map<string, string>();
    found.set(place.layer, parts);
    if (parts.has(place.part)) unused.push({ key, reason: `is the same part as "${parts.get(place.part)}"` });
    else parts.set(place.part, key);
  }
  const layers = [...found].flatMap(([layer, parts]) => matchLayer({ layer, parts, tensors }, unused));
  return { layers, unused, fitting: layers.reduce((sum, { keys }) => sum + keys.size, 0) };
}

interface Place {
  layer: Layer;
  part: string;
}

/** The longest name of a layer that the key begins with. */
function placeOf(key: string, index: LayerIndex): Place | string {
  let isLayer = false;
  for (const current of currentKeys(key))
    for (let dot = current.lastIndexOf('.'); dot > 0; dot = current.lastIndexOf('.', dot - 1)) {
      const layer = index.get(current.slice(0, dot));
      if (!layer) continue;
      isLayer = true;
      const part = partName(current.slice(dot + 1));
      if (part !== undefined) return { layer, part };
    }
  return isLayer ? NO_PART : NO_LAYER;
}

interface Found {
  layer: Layer;
  parts: ReadonlyMap<string, string>;
  tensors: Tensors;
}

function matchLayer({ layer, parts, tensors }: Found, unused: UnusedKey[]): MatchedLayer[] {
  const shapes: PartShapes = Object.fromEntries(
    [...parts].map(([part, key]) => [part, tensors.get(key)?.shape ?? []] as const),
  );
  const bias = BIASES.find((part) => shapes[part]);
  const kind = kindOf(shapes);
  const targets = [layer.shape, ...withoutPicture(layer.shape)];
  const target = targets.find((tried) => kind && misfitOf(kind, shapes, tried) === undefined) ?? layer.shape;
  const misfit = kind && misfitOf(kind, shapes, target);
  const biasMisfit = bias === undefined ? undefined : misfitOfBias(shapes[bias], layer);
  const kept = new Map<string, string>();
  for (const [part, key] of parts) {
    const reason = reasonAgainst(part, { kind, misfit, bias, biasMisfit });
    if (reason === undefined) kept.set(part, key);
    else unused.push({ key, reason });
  }
  const isWeight = kind !== undefined && misfit === undefined;
  const isBias = bias !== undefined && biasMisfit === undefined;
  if (!isWeight && !isBias) return [];
  return [{ layer, keys: kept, shapes, target, ...(isWeight && { kind }), ...(isBias && { bias }) }];
}

function kindOf(shapes: PartShapes): AdapterKindId | undefined {
  return adapterKindIds().find((id) => {
    const { signs, isIt } = adapterKindOf(id);
    return signs.some((sign) => sign.every((part) => shapes[part])) && (isIt?.(shapes) ?? true);
  });
}

function misfitOf(kind: AdapterKindId, shapes: PartShapes, target: readonly number[]): string | undefined {
  const magnitude = magnitudeOf(shapes, target);
  const alpha = [ALPHA, SCALE].find((part) => shapes[part] && product(shapes[part]) !== 1);
  if (alpha !== undefined) return `has ${alpha} of shape ${show(shapes[alpha])}; it must be one number`;
  return adapterKindOf(kind).misfit(shapes, target) ?? (magnitude && doraMisfit(magnitude, target));
}

function misfitOfBias(shape: readonly number[], { biasShape, id }: Layer): string | undefined {
  if (!biasShape) return `changes a bias, and ${id} has none`;
  return product(shape) === product(biasShape)
    ? undefined
    : `has ${product(shape)} numbers for a bias; that of ${id} has ${product(biasShape)}`;
}

interface Verdict {
  kind: AdapterKindId | undefined;
  misfit: string | undefined;
  bias: string | undefined;
  biasMisfit: string | undefined;
}

function reasonAgainst(part: string, { kind, misfit, bias, biasMisfit }: Verdict): string | undefined {
  if (part === bias) return biasMisfit;
  if (kind === undefined && bias !== undefined && biasMisfit === undefined && isShared(part)) return undefined;
  if (kind === undefined) return part === 'weight' ? WHOLE_WEIGHT : HALF;
  if (misfit !== undefined) return misfit;
  return isShared(part) || adapterKindOf(kind).reads.includes(part)
    ? undefined
    : 'is of a second kind on the same layer';
}

/** What is said of a whole weight, as checkpoints have them; IA3 has a part of that name, and another beside it. */
export const WHOLE_WEIGHT = 'is a whole weight, as models have it';
const HALF = 'is one part of several, and the others are missing';

/** Whether a part is not of one kind alone. */
const isShared = (part: string): boolean =>
  !(BIASES as readonly string[]).includes(part) &&
  !adapterKindIds().some((id) => adapterKindOf(id).reads.includes(part));

/** The first convolution of models that read a picture has 4 or 5 channels more than the one a LoRA was made for. @see A1111 */
function withoutPicture(shape: readonly number[]): number[][] {
  const [out, input, ...kernel] = shape;
  return kernel.length === 2 && (input === 8 || input === 9) ? [[out, 4, ...kernel]] : [];
}
