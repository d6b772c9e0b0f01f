/** The sizes of an IP-Adapter. Its authors publish no config: it is what the tensors tell (image-prompt-file.ts). */
import { ConfigReader } from '../read-config';

const IMAGE_PROJECTIONS = ['linear', 'perceptron', 'resampler'] as const;

export interface ImagePromptConfig {
  /** What makes tokens of what the vision tower gives. */
  projection: (typeof IMAGE_PROJECTIONS)[number];
  /** Width of the vision tower's vectors. */
  imageWidth: number;
  /** How many tokens the projection makes; for `perceptron` as many as the tower gives. */
  tokens: number;
  /** Width of a token: that of the U-Net's text. */
  contextWidth: number;
  /** Channels of the U-Net's cross-attentions, in the order of unet-images.ts. */
  layers: number[];
  /** Width of `resampler`; heads and depth are its own, too. */
  width: number;
  heads: number;
  depth: number;
}

/** @throws AppError 'bad-file' or 'unsupported-model' naming the field */
export function readImagePromptConfig(file: string, json: unknown): ImagePromptConfig {
  const c = new ConfigReader(file, json);
  return {
    projection: c.choice('projection', IMAGE_PROJECTIONS, 'linear'),
    imageWidth: c.size('image_embed_dim'),
    tokens: c.size('tokens'),
    contextWidth: c.size('cross_attention_dim'),
    layers: c.sizeList('attention_channels'),
    width: c.size('hidden_dim', 1),
    heads: c.size('heads', 1),
    depth: c.size('depth', 1),
  };
}

/** Whether it reads a vector for each part of the picture, not one for the whole. */
export const readsParts = ({ projection }: Pick<ImagePromptConfig, 'projection'>): boolean => projection !== 'linear';
