/** A network to those who do not know its kind: what is read of a config, and a graph with its words. */
import type { BuiltGraph, GraphForm, Target } from '../graph';
import type { ControlForm } from './control-form';

export interface NetworkTensor {
  /** float32 values or int32 ids, row-major. */
  data: Float32Array | Int32Array;
  dims: readonly number[];
}

export type NetworkInputs = Record<string, NetworkTensor>;
export type NetworkOutputs = Record<string, Float32Array>;

/** What a graph can be built for; each network heeds what concerns it. */
export interface BuildOptions {
  /** Text encoders: which layer's output is taken, counted from the last, which is 1. */
  clipSkip?: number;
  /** Text encoders: whether the final norm follows that layer. */
  finalNorm?: boolean;
  /** Text encoders: whether they are given vectors of their own in place of some ids. */
  takesVectors?: boolean;
  /** Denoisers: what is added to their maps. */
  control?: ControlForm;
  /** ControlNets: their residuals are added to those of another. */
  addsUp?: boolean;
  /** ControlNets: they act in a part of the picture alone. */
  hasRegion?: boolean;
  /** ControlNets: their residuals stay in the form of the graph's own maps. */
  isNative?: boolean;
  /** T2I-Adapters: pixels in a cell of the latent, along a side. */
  latentFactor?: number;
  /** Vision towers: what their last layer is given, not what becomes of the whole. */
  penultimate?: boolean;
}

export interface TextSizes {
  /** Width of a token's vector. */
  width: number;
  /** Positions that a row of ids has. */
  contextLength: number;
  /** How many ids there are. */
  vocabulary: number;
}

export interface DenoiserSizes {
  /** The latent's channels, and those of an image where it reads one. */
  inChannels: number;
  outChannels: number;
  /** Width of the text's vectors. */
  contextWidth: number;
  /** Sizes of the way down, where its maps can be added to. */
  encoder?: EncoderSizes;
}

/** What a ControlNet must share with the denoiser that it is for. */
export interface EncoderSizes {
  contextWidth: number;
  /** Numbers of pooled text and sizes together, where it reads them. */
  addedWidth: number | undefined;
  /** Channels of its levels. */
  levels: readonly number[];
  /** Maps that a ControlNet adds to. */
  residuals: number;
  /** Layers of each level on the way down. */
  layersPerBlock: number;
  /** Pixels around a map that is halved. */
  downsamplePadding: number;
  /** Channels where text is read, and pictures can be: see unet-images.ts. */
  crossLayers: readonly number[];
}

export interface AutoencoderSizes {
  latentChannels: number;
  /** Pixels per latent cell along a side. */
  latentFactor: number;
  /** A latent that is denoised is (the autoencoder's − shift) · scale. */
  scalingFactor: number;
  shiftFactor: number;
}

export interface UpscalerSizes {
  /** How much wider and higher a picture gets. */
  scale: number;
  /** Sides of what goes in are multiples of it. */
  multiple: number;
  /** Shortest side of what goes in; a smaller picture is mirrored beyond its right and bottom. */
  least?: number;
  /** How far around a pixel what it becomes depends on others, where that is not far: less need not be seen. */
  reach?: number;
  /** Where it is made of such. */
  blocks?: number;
}

/** Sizes of a ControlNet, and of the U-Net that it was copied from. */
export interface ControlSizes extends EncoderSizes {
  inChannels: number;
  /** Pixels of the hint in a cell of the latent, along a side. */
  hintFactor: number;
  /** How many kinds of hint a Union knows; 0 where it is none. */
  kinds: number;
  /** It gives means of its maps. */
  pools: boolean;
}

/** Sizes of a T2I-Adapter's features, the largest first. */
export interface FeatureSizes {
  channels: readonly number[];
  /** Pixels of the hint in a cell, along a side. */
  factors: readonly number[];
}

/** Sizes of an IP-Adapter. */
export interface ImagePromptSizes {
  /** Width of the vectors of what it reads of a picture. */
  imageWidth: number;
  /** A vector for each part, not one for the whole. */
  readsParts: boolean;
  /** Width of the U-Net's text. */
  contextWidth: number;
  /** Channels of the U-Net's cross-attentions. */
  layers: readonly number[];
}

/** Sizes of a tower that looks at pictures. */
export interface VisionSizes {
  /** Width of a part's vector. */
  width: number;
  /** Width of the vector of the whole picture. */
  projectionWidth: number;
  /** Pixels along a side of what it looks at. */
  side: number;
  /** Parts, and one for the whole. */
  tokens: number;
}

/** Sizes of a network that draws hints. */
export interface AnnotatorSizes {
  /** Id of the annotator. */
  id: string;
  /** Its maps, by their names. */
  outputs: readonly string[];
  /** Numbers in a row of each, where they are tables and no maps of the picture. */
  columns?: readonly number[];
}

/** What others have to know of a network's sizes, by what it does. */
export interface NetworkSizes {
  text?: TextSizes;
  denoiser?: DenoiserSizes;
  autoencoder?: AutoencoderSizes;
  upscaler?: UpscalerSizes;
  control?: ControlSizes;
  features?: FeatureSizes;
  imagePrompt?: ImagePromptSizes;
  vision?: VisionSizes;
  annotator?: AnnotatorSizes;
}

/** A network whose config is read. */
export interface OpenNetwork {
  readonly sizes: NetworkSizes;
  /** Layers as the config claims them: a config that claims a million must not be built. */
  readonly layers: number;
  /** @throws AppError 'bad-request' for options that this model does not have */
  build(form: Target | GraphForm, options?: BuildOptions): BuiltGraph;
  /** Turns the words of diffusers' ONNX exports into the graph's inputs. */
  toGraph(inputs: NetworkInputs): NetworkInputs;
  /** Turns the graph's outputs into the words of diffusers' exports. */
  fromGraph(outputs: NetworkOutputs): NetworkOutputs;
}

export interface Network {
  /** @param file as errors call the config @throws AppError 'bad-file' or 'unsupported-model' naming the field */
  open(file: string, json: unknown): OpenNetwork;
}

/** One kind of network, in the words of its own config. */
export interface NetworkKind<Config> {
  read(file: string, json: unknown): Config;
  sizes(config: Config): NetworkSizes;
  /** 0 where the config lists them one by one. */
  layers(config: Config): number;
  build(config: Config, form: Target | GraphForm, options: BuildOptions): BuiltGraph;
  /** Inputs stay as they are where this is absent. */
  toGraph?(inputs: NetworkInputs, config: Config): NetworkInputs;
  fromGraph?(outputs: NetworkOutputs): NetworkOutputs;
}

/** Puts a kind behind the face that all have. */
export function network<Config>(kind: NetworkKind<Config>): Network {
  return {
    open(file, json) {
      const config = kind.read(file, json);
      let sizes: NetworkSizes | undefined;
      return {
        // listed layer by layer: not before it is known that there are not a million
        get sizes() {
          return (sizes ??= kind.sizes(config));
        },
        layers: kind.layers(config),
        build: (form, options = {}) => kind.build(config, form, options),
        toGraph: (inputs) => kind.toGraph?.(inputs, config) ?? inputs,
        fromGraph: (outputs) => kind.fromGraph?.(outputs) ?? outputs,
      };
    },
  };
}

/** @param names  from one word to another; others stay as they are */
export function renamed<Value>(values: Record<string, Value>, names: Readonly<Record<string, string>>) {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [names[name] ?? name, value]));
}
