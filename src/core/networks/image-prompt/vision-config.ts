/** The sizes of CLIP's tower for pictures, read from its config.json. @see transformers CLIPVisionConfig */
import { ConfigReader } from '../read-config';

export interface VisionConfig {
  width: number;
  mlpWidth: number;
  layers: number;
  heads: number;
  /** Sides of the pictures and of a patch, in pixels: both square. */
  side: number;
  patch: number;
  epsilon: number;
  activation: 'quick_gelu' | 'gelu';
  /** Width of the one vector of a whole picture. */
  projectionWidth: number;
}

/** @throws AppError 'bad-file' or 'unsupported-model' naming the field */
export function readVisionConfig(file: string, json: unknown): VisionConfig {
  const c = new ConfigReader(file, json);
  const config: VisionConfig = {
    width: c.size('hidden_size', 768),
    mlpWidth: c.size('intermediate_size', 3072),
    layers: c.size('num_hidden_layers', 12),
    heads: c.size('num_attention_heads', 12),
    side: c.size('image_size', 224),
    patch: c.size('patch_size', 32),
    epsilon: c.number('layer_norm_eps', 1e-5),
    activation: c.choice('hidden_act', ['quick_gelu', 'gelu'], 'quick_gelu'),
    projectionWidth: c.size('projection_dim', 512),
  };
  if (config.width % config.heads !== 0) c.fail('num_attention_heads', config.heads, `must divide ${config.width}`);
  if (config.side % config.patch !== 0) c.fail('patch_size', config.patch, `must divide ${config.side}`);
  if (config.layers < 2) c.fail('num_hidden_layers', config.layers, 'must be 2 or more');
  return config;
}

/** Tokens of a picture, the one for all of it included. */
export const visionTokens = ({ side, patch }: Pick<VisionConfig, 'side' | 'patch'>): number => (side / patch) ** 2 + 1;
