/** What a checkpoint is once it is open: its family, and its components in diffusers' words whatever the files' layout. */
import type { ModelFamily } from '../families';
import type { Variant } from '../families/files';
import type { Layout, PublishedId } from '../networks/published';
import type { PredictionId } from '../predictions';

/** A component's tensors by diffusers' and transformers' names, with the shapes that its config asks for. */
export interface TensorReader {
  names(): string[];
  has(name: string): boolean;
  /** @throws AppError 'bad-file' when there is no such tensor */
  shape(name: string): readonly number[];
  /** The values, row-major. One tensor's bytes are read at a time. @throws AppError 'bad-file' naming file and tensor */
  read(name: string): Promise<Float32Array<ArrayBuffer>>;
}

export interface CheckpointPart {
  /** The hub's config.json, as diffusers or transformers would write it. */
  config: unknown;
  tensors: TensorReader;
}

export interface OpenedCheckpoint {
  family: ModelFamily;
  variant: Variant;
  /** `ldm`: one file as A1111, ComfyUI and Civitai have it; `diffusers`: the hub's folder; `mixed`: some of each. */
  layout: Layout | 'mixed';
  /** Type of the U-Net's weights, or of the first component's there is: 'float32', 'float16', 'bfloat16', 'float8_e4m3fn', ... */
  dtype: string;
  prediction: Extract<PredictionId, 'epsilon' | 'v_prediction'>;
  zeroTerminalSnr: boolean;
  components: Partial<Record<PublishedId, CheckpointPart>>;
  /** The hub's scheduler_config.json. */
  scheduler: unknown;
  /** Tensors in the files that Gesso does not know, by their own names. Known leftovers (EMA copies, position ids) are not listed. */
  unused: string[];
  /** Tensors that a component's graphs need and the files lack: "unet: conv_in.weight". */
  missing: string[];
  /** How many tensors the files have. */
  tensors: number;
}
