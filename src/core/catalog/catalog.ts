/** Types of models-manifest.json: which models there are, where their files lie, what they like, what they need. */
import type { ModelDefaults, ModelFamily } from '../families';
import type { OnnxExport } from './onnx-export';
import type { EnlargerId } from '../recipe/hires-upscalers';
import type { SizeLimits } from '../recipe/size-limits';

/** `limited`: allowed with conditions that the licence names (turnover, uses). Absent where nobody knows, as with imported files. */
export type CommercialUse = 'allowed' | 'limited' | 'forbidden';

export interface ModelLicence {
  name: string;
  url: string;
  commercialUse?: CommercialUse;
  /** It must be read and agreed to before the model is downloaded. */
  mustAccept?: boolean;
}

/**
 * Where a model comes from.
 *
 * `bundled`: below the app's own folder, a pack.
 * `hub`: files of a repository. `revision` is a commit, or a branch that is resolved to a commit when downloading. Where the
 * repository has a half-precision variant of a file (`unet/x.fp16.safetensors` for `unet/x.safetensors`), that is taken.
 * `url`: a checkpoint file anywhere; `name` is the file's, where its address does not end in it. `pack`: a pack.json with its shards beside it. `imported`: files of this person.
 * `onnx`: ready-made ONNX graphs of a repository; `export` says what goes in and out of them.
 */
export type ModelOrigin =
  | { kind: 'bundled'; path: string }
  | { kind: 'hub'; repo: string; revision: string; files: string[]; gated?: boolean }
  | { kind: 'url'; url: string; sha256?: string; name?: string }
  | { kind: 'pack'; url: string }
  | { kind: 'imported' }
  | { kind: 'onnx'; repo: string; revision: string; files: string[]; export: OnnxExport };

export interface ModelNeeds {
  /** It runs without 16-bit floats too, in about twice the memory; `true` where it does not. */
  shaderF16?: boolean;
  /** Bytes of one buffer that the GPU must allow: the largest weight or activation. */
  bufferBytes?: number;
  /** Estimated memory of the GPU at the default size. */
  gpuBytes?: number;
}

export interface ModelEntry {
  id: string;
  name: string;
  /** One sentence: what it paints, what it does not. */
  description: string;
  licence: ModelLicence;
  /** Address of the page that tells of it, where that does not follow from the source. */
  page?: string;
  source: ModelOrigin;
  /** Absent where only the files tell. */
  family?: ModelFamily;
  /** What it is where it cannot paint by itself: a helper; a LoRA or an embedding, which is kept as its file. */
  role?: HelperRole | AddOnRole;
  /** Name of the dtype plan it is imported with. */
  plan?: string;
  /** Absent where nobody says it. */
  downloadBytes?: number;
  /** Bytes that it takes on this computer after import. */
  storedBytes?: number;
  /** The bytes are from memory, not from a listing. */
  isApproximate?: boolean;
  needs?: ModelNeeds;
  defaults: ModelDefaults;
  /** What its pictures are enlarged with where the page begins with it: a network that comes with the app. Tools and recipes do not follow it. */
  enlarger?: EnlargerId;
  /** Sizes it may be asked for. */
  size: SizeLimits;
  /** Prompts it does well; offered as chips. */
  suggestions: string[];
  /** Words that the page of a LoRA or an embedding names. */
  triggerWords?: string[];
  /** How prompts call a LoRA or an embedding, where its file's name says nothing. */
  promptName?: string;
  /** What recipes and workflows of others call it. */
  knownAs?: KnownAs;
}

/** Single files that hold the same weights. */
export interface KnownAs {
  /** Their names, without the ending. */
  names: string[];
  /** First 10 hex digits of their SHA-256; 8 of the sum that A1111 had before. */
  hashes: string[];
}

export type AddOnRole = 'lora' | 'embedding';

export type HelperRole = 'preview' | 'upscaler' | 'control' | 'autoencoder' | 'text';

/** A small network that takes the place of a part of a model; or a LoRA for all models of a family. */
export interface HelperEntry {
  id: string;
  name: string;
  description: string;
  licence: ModelLicence;
  /** `preview`: TAESD, which shows a picture sharply while it is being made. `lora`: one that makes models fast. */
  role: HelperRole | 'lora';
  /** How prompts call a LoRA: see ModelEntry. */
  promptName?: string;
  /** Family of the models it fits. */
  family: ModelFamily;
  source: ModelOrigin;
  downloadBytes: number;
  /** Bytes that it takes on this computer after import. */
  storedBytes?: number;
  isApproximate?: boolean;
}

/** A network that makes pictures larger, whatever model they are of. */
export interface UpscalerEntry extends Omit<HelperEntry, 'role' | 'family'> {
  role: 'upscaler';
  /** How much wider and higher a picture gets, where that is known before it is here. */
  scale?: number;
}

/** A ControlNet or a T2I-Adapter, for models of its family: what the engine must know of it. */
export interface ControlEntry extends Pick<ModelEntry, 'id' | 'name' | 'source' | 'downloadBytes'> {
  /** It steers nothing by itself: adapters look at pictures with it. */
  isTower?: true;
  /** It steers nothing by itself: preprocessors that want this file draw with it. */
  draws?: string;
}

export interface Catalog {
  version: 1;
  models: ModelEntry[];
  helpers?: HelperEntry[];
}

/** Folder of a bundled model below the app's own; undefined where it is not bundled. */
export function bundledPath({ source }: Pick<ModelEntry, 'source'>): string | undefined {
  return source.kind === 'bundled' ? source.path : undefined;
}
