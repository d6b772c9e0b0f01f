/** CLIP text encoder: token ids → one vector a token. @see transformers CLIPTextModel; Radford et al. 2021, arXiv:2103.00020 */
import { AppError } from '../errors';
import {
  addTo,
  attention,
  gelu,
  GraphBuilder,
  layerNorm,
  linear,
  quickGelu,
  skipLayerNorm,
  tensor,
  type BuiltGraph,
  type Target,
  type Value,
} from '../graph';
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
}

export function readClipTextConfig(file: string, json: unknown): ClipTextConfig {
  const c = new ConfigReader(file, json);
  const config: ClipTextConfig = {
    vocabSize: c.size('vocab_size', 49408),
    width: c.size('hidden_size', 512),
    mlpWidth: c.size('intermediate_size', 2048),
    layers: c.size('num_hidden_layers', 12),
    heads: c.size('num_attention_heads', 8),
    contextLength: c.size('max_position_embeddings', 77),
    epsilon: c.number('layer_norm_eps', 1e-5),
    activation: c.choice('hidden_act', ['quick_gelu', 'gelu'], 'quick_gelu'),
  };
  if (config.width % config.heads !== 0) c.fail('num_attention_heads', config.heads, `must divide ${config.width}`);
  return config;
}

export interface ClipTextOptions {
  /** Which layer's output the final norm takes, counted from the last, which is 1. A1111's and the infotext's "Clip skip". */
  clipSkip?: number;
}

/**
 * input_ids int32 [batch, positions] → last_hidden_state [batch, positions, width], after the final norm.
 *
 * @throws AppError 'bad-request' when clipSkip is not one of the layers
 *
 * The residual sum and the norm that follows are one kernel (SkipLayerNormalization), so each layer hands on
 * (normal, sum), and the last norm is the final one.
 */
export function buildClipText(
  config: ClipTextConfig,
  target: Target,
  { clipSkip = 1 }: ClipTextOptions = {},
): BuiltGraph {
  const g = new GraphBuilder('text_encoder', target);
  const { width, contextLength, epsilon } = config;
  const layers = usedLayers(config, clipSkip);
  const embeddings = 'text_model.embeddings';
  const ids = g.input('input_ids', 'int32', ['batch', contextLength]);
  const [words] = g.node('Gather', {
    inputs: [g.weight(tensor(`${embeddings}.token_embedding.weight`, config.vocabSize, width)), ids],
    attributes: { axis: 0 },
    outputs: [['batch', contextLength, width]],
  });
  let sum = addTo(g, words, g.weight(tensor(`${embeddings}.position_embedding.weight`, contextLength, width)));
  const normOf = (name: string) => ({
    gamma: tensor(`${name}.weight`, width),
    beta: tensor(`${name}.bias`, width),
    epsilon,
  });
  const layerName = (i: number): string => `text_model.encoder.layers.${i}`;
  const first = normOf(`${layerName(0)}.layer_norm1`);
  let normal = layerNorm(g, sum, first.gamma, first.beta, epsilon);
  for (let i = 0; i < layers; i++) {
    const name = layerName(i);
    const attended = selfAttention(g, normal, `${name}.self_attn`, config);
    const middle = skipLayerNorm(g, {
      x: attended,
      skip: sum,
      bias: tensor(`${name}.self_attn.out_proj.bias`, width),
      ...normOf(`${name}.layer_norm2`),
    });
    const next = i + 1 < layers ? `${layerName(i + 1)}.layer_norm1` : 'text_model.final_layer_norm';
    ({ normal, sum } = skipLayerNorm(g, {
      x: mlp(g, middle.normal, `${name}.mlp`, config),
      skip: middle.sum,
      bias: tensor(`${name}.mlp.fc2.bias`, width),
      ...normOf(next),
    }));
  }
  g.output('last_hidden_state', normal);
  return g.build();
}

function usedLayers({ layers }: ClipTextConfig, clipSkip: number): number {
  if (Number.isInteger(clipSkip) && clipSkip >= 1 && clipSkip <= layers) return layers - clipSkip + 1;
  throw new AppError('bad-request', `Clip skip must be from 1 to ${layers} with this model, not ${clipSkip}.`);
}

/** Without the output bias, which the norm that follows adds. */
function selfAttention(g: GraphBuilder, x: Value, name: string, { width, heads }: ClipTextConfig): Value {
  const project = (part: string): Value =>
    linear(g, x, tensor(`${name}.${part}_proj.weight`, width, width), tensor(`${name}.${part}_proj.bias`, width));
  const mixed = attention(g, project('q'), project('k'), project('v'), { heads, causal: true });
  return linear(g, mixed, tensor(`${name}.out_proj.weight`, width, width));
}

function mlp(g: GraphBuilder, x: Value, name: string, { width, mlpWidth, activation }: ClipTextConfig): Value {
  const inner = linear(g, x, tensor(`${name}.fc1.weight`, mlpWidth, width), tensor(`${name}.fc1.bias`, mlpWidth));
  const active = activation === 'quick_gelu' ? quickGelu(g, inner, 1.702) : gelu(g, inner);
  return linear(g, active, tensor(`${name}.fc2.weight`, width, mlpWidth));
}
