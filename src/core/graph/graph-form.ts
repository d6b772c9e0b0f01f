/** In which form a graph is built: for which provider, computing in what, over weights stored how. */
import type { WeightExpr } from './weight-expr';

/**
 * Which operators a provider runs: `webgpu` paints in NHWC with the fused kernels of ONNX Runtime's WebGPU provider,
 * `portable` in NCHW with operators that have CPU kernels. Parity tests hold the two together.
 */
export type Target = 'webgpu' | 'portable';

/**
 * How a weight's values are stored.
 *
 * `float32`, `float16`: row-major, little-endian.
 * `int8_channel`: int8 [shape], one float32 scale for each index of the first axis: value = q · scale.
 * `nbits8`, `nbits4`: what MatMulNBits reads, for a matrix [out, in]: unsigned bytes [out, in / 32, 32 · bits / 8], value =
 * (q − 2^(bits − 1)) · scale, low nibble first; float16 scales [out, in / 32].
 * `palette4`, `palette5`, `palette6`: for storing alone (weights/palette.ts), codes of so many bits; with the scales of blocks of 128 the levels that
 * codes stand for. A graph reads the values, or `nbits8` of a matrix.
 */
export type StoredForm = 'float32' | 'float16' | 'int8_channel' | 'nbits8' | 'nbits4' | PaletteForm;

export type PaletteForm = 'palette4' | 'palette5' | 'palette6';

export const isPalette = (form: StoredForm): form is PaletteForm => form.startsWith('palette');

/** float16 where the device has shader-f16: half the memory and up to twice the speed. */
export type Activations = 'float32' | 'float16';

/** Ways in which a picture goes on at its opposite edge: in both, from left to right (x), from top to bottom (y). */
export type Tiling = 'both' | 'x' | 'y';

/**
 * A product beside a weight's own: y += factor · up(down(x)). What it multiplies by is an input of the graph, so that another strength
 * builds nothing and uploads nothing.
 */
export interface WeightBranch {
  /** Factors in the order of their ranks: of one alone, or of several that lie side by side in `down` and `up`. */
  factors: readonly BranchFactor[];
  /** [rank, in], or [rank, in, k, k] beside a convolution's kernel. */
  down: WeightExpr;
  /** Shape [out, rank]. */
  up: WeightExpr;
}

export interface BranchFactor {
  /** Name of the input [1] with the factor; several branches may share one. */
  input: string;
  /** How many of the branch's ranks it is for. */
  rank: number;
}

export interface GraphForm {
  target: Target;
  activations: Activations;
  /** How a pack stores (or a plan will store) a matrix [out, in]; `key` is its weightKey. Without it all are plain values. */
  storedForm?(key: string, shape: readonly number[], matrix: WeightExpr): StoredForm | undefined;
  /**
   * Kernels of convolutions that `storedForm` says are 8 bits or less stay 8 bits and are widened in each run, one after another: half the memory, and
   * a kernel more each. On `webgpu` alone.
   */
  packsKernels?: boolean;
  /** What stands beside a weight: matrices of `linear`, kernels of `conv`. */
  branches?(weight: WeightExpr): readonly WeightBranch[];
  /** Convolutions see what lies at the opposite edge where they would see zeros: A1111's Tiling. */
  tiling?: Tiling | undefined;
  /** Name of the input that a weight's values come by with each run, in the type of the activations; undefined for what is loaded. */
  lentAs?(weight: WeightExpr): string | undefined;
}

export const toGraphForm = (form: Target | GraphForm): GraphForm =>
  typeof form === 'string' ? { target: form, activations: 'float32' } : form;
