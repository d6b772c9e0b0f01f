/** In which form a graph is built: for which provider, computing in what, over weights stored how. */
import type { StoredForm } from '../packs/pack';
import type { WeightExpr } from './weight-expr';

/**
 * Which operators a provider runs: `webgpu` paints in NHWC with the fused kernels of ONNX Runtime's WebGPU provider,
 * `portable` in NCHW with operators that have CPU kernels. Parity tests hold the two together.
 */
export type Target = 'webgpu' | 'portable';

/** float16 where the device has shader-f16: half the memory and up to twice the speed. */
export type Activations = 'float32' | 'float16';

export interface GraphForm {
  target: Target;
  activations: Activations;
  /** How a pack stores (or a plan will store) a matrix [out, in]; `key` is its weightKey. Without it all are plain values. */
  storedForm?(key: string, shape: readonly number[], matrix: WeightExpr): StoredForm | undefined;
}

export const toGraphForm = (form: Target | GraphForm): GraphForm =>
  typeof form === 'string' ? { target: form, activations: 'float32' } : form;
