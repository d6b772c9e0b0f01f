/** Where a model's components come from: our own graphs over its weights, or ready-made ONNX files. */
import type { ModelShapes } from '../../core/adapters';
import type { Tiling } from '../../core/graph';
import type { ComponentId } from '../../core/networks/components';
import type { OpenPack } from '../../core/packs';
import type { PlainReader } from '../../core/plain-words';
import type { ControlForm, OpenNetworks } from '../../core/networks';
import type { Session } from '../ports';
import type { PlacedAdapter } from './adapters';
import type { OpenBlend } from './blends';
import type { OtherPart } from './part-use';
import type { ModelTraits } from './traits';

/** What a component's session is made for. Pictures of every size share one. */
export interface ComponentShape {
  /** Text encoders: the layer to take, counted from the last. */
  clipSkip?: number;
  /** Where the usual activations are not enough. */
  activations?: 'float32';
  /** LoRAs that change it, each with its place among those of the model. */
  adapters?: readonly PlacedAdapter[];
  /** Text encoders: they are given vectors in place of some ids. */
  takesVectors?: boolean;
  /** The autoencoder, or a text encoder: of another file than the model's. */
  other?: OtherPart;
  /** Denoisers: what is added to their maps. */
  control?: ControlForm;
  /** Denoisers and text encoders: other models that are mixed into it. */
  blend?: OpenBlend;
  /** Denoisers and autoencoders: their maps go on at the opposite edge. */
  tiling?: Tiling;
}

export interface OpenedComponent {
  session: Session;
  /** Bytes of its weights, as they were read. */
  bytes: number;
  /**
   * Other LoRAs in the places of those that it was opened with, where nothing but their factors is another.
   *
   * @param check  asked while they are read: see ModelSource.open
   * @returns what was uploaded; undefined where they do not fit into these places, and nothing is another then
   */
  swap?(adapters: readonly PlacedAdapter[], check?: () => void): Promise<{ bytes: number } | undefined>;
}

/**
 * Sessions speak the words of diffusers' ONNX exports, in float32 and int32:
 *
 * | component | inputs | outputs |
 * | --- | --- | --- |
 * | text_encoder(_2) | input_ids [1, n] | last_hidden_state [1, n, width], text_embeds [1, pooled] where it gives one |
 * | the same, for vectors | also vectors [1, n, width], is_word [1, n, 1]: see buildClipText | |
 * | unet | sample [b, c, h, w], timestep [1], encoder_hidden_states [b, n, width]; SDXL: text_embeds [b, pooled], time_ids [b, 6], its refiner [b, 5] | out_sample |
 * | the same, controlled | also residual_n, feature_n: see core/networks/unet-control.ts | |
 * | vae_decoder | latent_sample, not scaled | sample, RGB in −1…1 |
 * | vae_encoder | sample | latent_sample: the mean, not scaled |
 * | taesd_decoder | latent_sample, scaled | sample, RGB in −1…1 |
 */
export interface ModelSource {
  readonly traits: ModelTraits;
  /** Networks that our own graphs are built from. */
  readonly networks?: OpenNetworks;
  /** Where the weights of our own graphs are: a Control-LoRA stands on the denoiser's. */
  readonly pack?: OpenPack;
  /** What LoRAs are laid against; ready-made graphs take none. */
  shapes?(): ModelShapes;
  /** Name of the dtype plan. */
  readonly plan: string;
  /** Its matrices are stored in 8 or 4 bits and widened to the activations while they are loaded. */
  readonly isWidened?: boolean;
  /** That was for speed alone: where memory is short it can be opened packed. */
  readonly couldStayPacked?: boolean;
  /** Kernels of its convolutions stay in 8 bits, which takes a kernel more each: memory is short. */
  readonly packsKernels?: boolean;
  /** Where memory is short they can. */
  readonly couldPackKernels?: boolean;
  /** Factors of LoRAs are given with each run: their ranks are filled up to the room that another finds in their place. */
  readonly lendsFactors?: boolean;
  /** Type of its components' activations, unless a shape asks for others. */
  readonly activations: 'float32' | 'float16';
  /** Whether a shape can ask for float32 activations where the usual are float16. */
  readonly canWiden: boolean;
  /** Reader that prompts go through first, for models that know few sentences. */
  readonly reader?: PlainReader;
  has(component: ComponentId): boolean;
  /** About as many bytes as it takes when loaded, without its activations; 0 where it is not there. */
  loadedBytes(component: ComponentId): number;
  /** How many more a tensor takes that is changed, and no longer packed. */
  widenedBytes?(component: ComponentId, tensor: string): number;
  /**
   * @param check  asked while LoRAs are worked into the weights, which may take minutes
   * @throws AppError naming the file (and tensor) at fault; what `check` throws
   */
  open(component: ComponentId, shape: ComponentShape, check?: () => void): Promise<OpenedComponent>;
}
