/** Adapters of every kind over all layers that a kind is for, of random numbers, as trainers call their parts. */
import type { TensorShapes } from '../../src/core/adapters';
import { gaussian } from '../../src/core/weights/testing/numbers';
import { tensorFile } from './made-model';

/** Size of a difference against the weight's own, ‖Δ‖ / ‖W‖: as large as those of strong LoRAs. */
const SIZE = 0.2;

interface Part {
  shape: readonly number[];
  /** Root of the mean square of its values. */
  size: number;
  /** Added to each value. */
  mean?: number;
}

/** Parts for a layer, by their names; undefined where the kind is for no such layer. */
export type PartsOf = (shape: readonly number[]) => Readonly<Record<string, Part>> | undefined;

const columnsOf = (shape: readonly number[]): number => shape.slice(1).reduce((all, n) => all * n, 1);

/** Values of a weight have the size 1/√columns. */
const weightSize = (shape: readonly number[]): number => 1 / Math.sqrt(columnsOf(shape));

const isMatrix = (shape: readonly number[]): boolean => shape.length === 2;
const hasColumns = (shape: readonly number[]): boolean => shape.length > 1;

/** A product over `rank` sums that many terms: each factor gets the square root of what is wanted. */
const pair = (down: string, up: string, rank: number, [out, inner, ...kernel]: readonly number[]) => {
  const size = Math.sqrt((SIZE * weightSize([out, inner, ...kernel])) / Math.sqrt(rank));
  return {
    [down]: { shape: [rank, inner, ...kernel], size },
    [up]: { shape: [out, rank, ...kernel.map(() => 1)], size },
  };
};

export const loraParts =
  (rank: number): PartsOf =>
  (shape) =>
    isMatrix(shape) ? pair('lora_down.weight', 'lora_up.weight', rank, shape) : undefined;

const loconParts =
  (rank: number): PartsOf =>
  (shape) =>
    hasColumns(shape) ? pair('lora_down.weight', 'lora_up.weight', rank, shape) : undefined;

const tuckerParts =
  (rank: number): PartsOf =>
  (shape) => {
    const [out, inner, ...kernel] = shape;
    if (kernel.length === 0 || kernel[0] === 1) return undefined;
    const size = (SIZE * weightSize(shape)) ** (1 / 3) / rank ** (1 / 3);
    return {
      'lora_down.weight': { shape: [rank, inner, 1, 1], size },
      'lora_mid.weight': { shape: [rank, rank, ...kernel], size },
      'lora_up.weight': { shape: [out, rank, 1, 1], size },
    };
  };

const lohaParts =
  (rank: number): PartsOf =>
  (shape) => {
    if (!hasColumns(shape)) return undefined;
    const size = ((SIZE * weightSize(shape)) / rank) ** 0.25;
    const half = (at: 1 | 2) => ({
      [`hada_w${at}_a`]: { shape: [shape[0], rank], size },
      [`hada_w${at}_b`]: { shape: [rank, columnsOf(shape)], size },
    });
    return { ...half(1), ...half(2) };
  };

const lokrParts =
  (rank: number | undefined): PartsOf =>
  (shape) => {
    const [out, inner, ...kernel] = shape;
    if (!hasColumns(shape) || out % 4 !== 0 || inner % 4 !== 0) return undefined;
    const whole = { lokr_w1: { shape: [4, 4], size: 1 } };
    const size = SIZE * weightSize(shape);
    if (rank === undefined) return { ...whole, lokr_w2: { shape: [out / 4, inner / 4, ...kernel], size } };
    const factor = Math.sqrt(size / Math.sqrt(rank));
    return {
      ...whole,
      lokr_w2_a: { shape: [out / 4, rank], size: factor },
      lokr_w2_b: { shape: [rank, columnsOf(shape) / 4], size: factor },
    };
  };

const doraParts =
  (rank: number, isOfRows: boolean): PartsOf =>
  (shape) => {
    const own = loconParts(rank)(shape);
    if (!own) return undefined;
    const [out, inner, ...kernel] = shape;
    const ones = kernel.map(() => 1);
    const length = isOfRows ? 1 : Math.sqrt(out / inner);
    const scale = { shape: isOfRows ? [out, 1, ...ones] : [1, inner, ...ones], size: SIZE * length, mean: length };
    return { ...own, dora_scale: scale };
  };

const gloraParts =
  (rank: number): PartsOf =>
  (shape) => {
    if (!isMatrix(shape)) return undefined;
    const [out, inner] = shape;
    const own = Math.sqrt(SIZE / Math.sqrt(rank * inner));
    const { down, up } = pair('down', 'up', rank, shape);
    return {
      'a1.weight': { shape: [inner, rank], size: own },
      'a2.weight': { shape: [rank, inner], size: own },
      'b1.weight': { shape: [out, rank], size: up.size },
      'b2.weight': { shape: [rank, inner], size: down.size },
    };
  };

const ia3Parts: PartsOf = (shape) =>
  isMatrix(shape) ? { weight: { shape: [shape[0]], size: SIZE }, on_input: { shape: [], size: 0 } } : undefined;

const BLOCK = 4;
const oftParts = (stages?: number): PartsOf => {
  const before = stages === undefined ? [] : [stages];
  return (shape) =>
    hasColumns(shape) && shape[0] % 16 === 0
      ? { oft_blocks: { shape: [...before, shape[0] / BLOCK, BLOCK, BLOCK], size: SIZE / 4 } }
      : undefined;
};

/** Blocks of columns are turned, as PEFT and kohya's scripts have them. */
const oftColumnParts: PartsOf = (shape) =>
  hasColumns(shape) && columnsOf(shape) % BLOCK === 0
    ? { 'oft_R.weight': { shape: [columnsOf(shape) / BLOCK, (BLOCK * (BLOCK - 1)) / 2], size: SIZE / 4 } }
    : undefined;

const boftColumnParts: PartsOf = (shape) =>
  hasColumns(shape) && columnsOf(shape) % (2 * BLOCK) === 0
    ? {
        boft_R: { shape: [2, columnsOf(shape) / BLOCK, BLOCK, BLOCK], size: SIZE / 4 },
        boft_s: { shape: [shape[0], 1], size: SIZE / 4, mean: 1 },
      }
    : undefined;

const fullParts: PartsOf = (shape) =>
  hasColumns(shape) ? { diff: { shape, size: SIZE * weightSize(shape) } } : undefined;

const normParts: PartsOf = (shape) =>
  shape.length === 1 ? { w_norm: { shape, size: SIZE }, b_norm: { shape, size: SIZE } } : undefined;

/** By name; those with a rank have alpha = rank. */
export const ADAPTER_KINDS = {
  'LoRA, rank 16': loraParts(16),
  'LoRA, rank 128': loraParts(128),
  'LoCon, rank 16': loconParts(16),
  'LoCon, rank 128': loconParts(128),
  'LoCon, Tucker': tuckerParts(8),
  'LoHa, rank 4 (beside)': lohaParts(4),
  'LoHa, rank 16 (merged)': lohaParts(16),
  'LoKr, factored (beside)': lokrParts(2),
  'LoKr, whole (merged)': lokrParts(undefined),
  'DoRA of rows': doraParts(16, true),
  'DoRA of columns': doraParts(16, false),
  GLoRA: gloraParts(8),
  IA3: ia3Parts,
  OFT: oftParts(),
  BOFT: oftParts(2),
  'OFT of columns': oftColumnParts,
  'BOFT of columns': boftColumnParts,
  'full difference': fullParts,
  norms: normParts,
} as const satisfies Record<string, PartsOf>;

export type AdapterKindName = keyof typeof ADAPTER_KINDS;

/** The file of one over a network's layers. */
export function adapterFile(shapes: TensorShapes, partsOf: PartsOf): Uint8Array<ArrayBuffer> {
  const tensors = new Map<string, Float32Array<ArrayBuffer>>();
  const found = new Map<string, readonly number[]>();
  for (const [name, shape] of shapes) {
    if (!name.endsWith('.weight')) continue;
    for (const [part, { shape: own, size, mean = 0 }] of Object.entries(partsOf(shape) ?? {})) {
      const key = `lora_unet_${name.replace(/\.weight$/, '').replaceAll('.', '_')}.${part}`;
      const count = own.reduce((all, n) => all * n, 1);
      found.set(key, own);
      tensors.set(
        key,
        gaussian(count, 1000 + found.size).map((value) => value * size + mean),
      );
    }
  }
  return tensorFile(tensors, (key) => found.get(key) ?? []);
}
