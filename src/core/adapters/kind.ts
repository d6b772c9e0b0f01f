/** What a kind of adapter is: how it is told by the names and shapes of a layer's parts, and what it makes of a weight. */

/** A tensor of the file, read. */
export interface Part {
  shape: readonly number[];
  values: Float32Array;
}

export type Parts = Readonly<Record<string, Part>>;

/** Shapes of a layer's parts, by the parts' own names: "lora_down.weight". */
export type PartShapes = Readonly<Record<string, readonly number[]>>;

export interface KindInput {
  parts: Parts;
  /** Shape of the weight: [out, in], [out, in, k, k], or [n] for a norm. */
  target: readonly number[];
  /** What a low-rank product is multiplied by: alpha / rank, unless the file says otherwise. */
  scale: number;
  alpha: number | undefined;
  /** The untouched weight, where the kind reads it (`usesWeight`). */
  weight: Float32Array | undefined;
  /** What PEFT's settings say of how blocks are turned; absent where the file is no PEFT's. */
  peft?: { cayleyTerms: number | 'exact' } | undefined;
  /** May throw in the middle of long computations: see matrices.ts. */
  check?: (() => void) | undefined;
}

/** Δ = scale · up · down. */
export interface Factors {
  /** [rank, in·k·k], row-major; of a convolution [rank, in, k, k]. */
  down: Float32Array;
  /** Shape [out, rank]. */
  up: Float32Array;
  rank: number;
  scale: number;
}

export interface AdapterKind {
  /** Name for people, within a sentence: "a LoRA". */
  name: string;
  /** One of these lists of parts must be there whole for the layer to be of this kind. */
  signs: readonly (readonly string[])[];
  /** All parts that it reads, beside alpha, scale and what any kind may have (`dora_scale`, biases). */
  reads: readonly string[];
  /** Where names alone do not tell. */
  isIt?(shapes: PartShapes): boolean;
  /** @returns what is wrong with shapes, following the layer's name: "has ..."; undefined where they fit */
  misfit(shapes: PartShapes, target: readonly number[]): string | undefined;
  /** What alpha is divided by; undefined where there is no such thing. */
  rank?(shapes: PartShapes): number | undefined;
  usesWeight: boolean;
  /** Difference to the weight at strength 1, of its shape. */
  difference(input: KindInput): Float32Array;
  /** Whether it is low-rank, where not every layer with `factors` is. */
  isLowRank?(shapes: PartShapes, target: readonly number[]): boolean;
  /** Rank of `factors`, where that is not `rank`. */
  branchRank?(shapes: PartShapes, target: readonly number[]): number;
  /** Where it is low-rank: the same difference as a product. */
  factors?(input: KindInput): Factors | undefined;
}

export const outOf = (target: readonly number[]): number => target[0] ?? 1;

/** Columns of the weight as a matrix: in · k · k. */
export const columnsOf = (target: readonly number[]): number => product(target.slice(1));

/** Cells of a convolution's kernel; 1 of a linear layer. */
export const kernelOf = (target: readonly number[]): number => product(target.slice(2));

export const product = (shape: readonly number[]): number => shape.reduce((all, n) => all * n, 1);

/** A shape as a matrix: its first axis, and all others. */
export const asMatrix = (shape: readonly number[]): [rows: number, columns: number] => [
  shape[0] ?? 1,
  product(shape.slice(1)),
];

export const show = (shape: readonly number[]): string => `[${shape.join(', ')}]`;

/** @throws RangeError: a mistake of the caller, as the layer says that it `usesWeight` */
export function neededWeight({ weight, target }: KindInput): Float32Array {
  if (weight?.length !== product(target)) throw new RangeError(`this kind needs the layer's weight ${show(target)}`);
  return weight;
}
