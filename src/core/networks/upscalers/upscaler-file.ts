/** An upscaler as it is published: what its tensors are called in files, and its config, which no file has. */
import type { ComponentId } from '../components';
import type { Config } from '../published/published';
import type { Shapes } from '../unet-signs';

/** A tensor of ours that is computed of several in the file. */
export interface FusedTensor {
  shape: readonly number[];
  /** Names in the file, without wrapper. */
  of: readonly string[];
  /** @param values  of those, in their order */
  compute(values: readonly Float32Array[]): Float32Array<ArrayBuffer>;
}

/** What a file has, in the words of the graph. */
export interface NamedTensors {
  /** Names in the file by ours. */
  names: ReadonlyMap<string, string>;
  /** Tensors that are fused from several, by our names. */
  fused?: ReadonlyMap<string, FusedTensor>;
}

export interface UpscalerFile {
  component: ComponentId;
  /** Name within a sentence: "an RRDBNet (ESRGAN)". */
  name: string;
  /** One of these groups of names is there whole, without wrapper. */
  signs: readonly (readonly string[])[];
  rename(tensors: Shapes): NamedTensors;
  /**
   * @param shapes  by our names
   * @throws AppError 'unsupported-model' for a kind that has no code here; its message follows the file's name
   */
  config(shapes: Shapes, theirs: Shapes): Config;
}
