/** The sizes of a CLIP text encoder, read from its config.json. @see transformers CLIPTextConfig */
import { ConfigReader } from './read-config';

export interface ClipTextConfig {
  vocabSize: number;
  width: number;
  mlpWidth: number;
  layers: number;
  heads: number;
  /** Positions, 77 in every published model. */
  contextLength: number;
  epsilon: number;
  activation: 'quick_gelu' | 'gelu';
  /** Width of the pooled vector, where the model has one. */
  projectionWidth: number;
  /** Ends a text; the pooled vector is taken there. */
  eosTokenId: number;
}

/** What configs written before transformers 4.31 say: wrong, as that is "#". The true one is the last of the vocabulary. */
const LEGACY_EOS_TOKEN_ID = 2;

export function readClipTextConfig(file: string, json: unknown): ClipTextConfig {
  const c = new ConfigReader(file, json);
  const vocabSize = c.size('vocab_size', 49408);
  const eos = c.number('eos_token_id', LEGACY_EOS_TOKEN_ID);
  const config: ClipTextConfig = {
    vocabSize,
    width: c.size('hidden_size', 512),
    mlpWidth: c.size('intermediate_size', 2048),
    layers: c.size('num_hidden_layers', 12),
    heads: c.size('num_attention_heads', 8),
    contextLength: c.size('max_position_embeddings', 77),
    epsilon: c.number('layer_norm_eps', 1e-5),
    activation: c.choice('hidden_act', ['quick_gelu', 'gelu'], 'quick_gelu'),
    projectionWidth: c.size('projection_dim', 512),
    eosTokenId: eos === LEGACY_EOS_TOKEN_ID ? vocabSize - 1 : eos,
  };
  if (config.width % config.heads !== 0) c.fail('num_attention_heads', config.heads, `must divide ${config.width}`);
  return config;
}
