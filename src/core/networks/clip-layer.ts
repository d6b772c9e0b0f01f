/** A layer of CLIP's two towers: attention and a perceptron, each behind a norm. @see transformers CLIPEncoderLayer */
import {
  attention,
  gelu,
  layerNorm,
  linear,
  quickGelu,
  skipLayerNorm,
  tensor,
  type GraphBuilder,
  type SkipLayerNormInputs,
  type Value,
} from '../graph';

export interface ClipLayerConfig {
  width: number;
  mlpWidth: number;
  heads: number;
  epsilon: number;
  activation: 'quick_gelu' | 'gelu';
  /** Each place sees itself and those before it. */
  isCausal: boolean;
}

export type Norm = Pick<SkipLayerNormInputs, 'gamma' | 'beta' | 'epsilon'>;

/** Output of a layer, as it is and normalised for the one that follows: one kernel makes both. */
export interface ClipState {
  normal: Value;
  sum: Value;
}

export const normOf = (name: string, { width, epsilon }: Pick<ClipLayerConfig, 'width' | 'epsilon'>): Norm => ({
  gamma: tensor(`${name}.weight`, width),
  beta: tensor(`${name}.bias`, width),
  epsilon,
});

/** What the first layer is given. @param norm  before that layer */
export const firstState = (g: GraphBuilder, sum: Value, { gamma, beta, epsilon }: Norm): ClipState => ({
  normal: layerNorm(g, sum, gamma, beta, epsilon),
  sum,
});

/** Biases of the output layers are added by the norms that follow them. @param next  the norm that follows */
export function clipLayer(
  g: GraphBuilder,
  { normal, sum }: ClipState,
  { name, next, config }: { name: string; next: Norm; config: ClipLayerConfig },
): ClipState {
  const bias = (part: string) => tensor(`${name}.${part}.bias`, config.width);
  const middle = skipLayerNorm(g, {
    x: selfAttention(g, normal, `${name}.self_attn`, config),
    skip: sum,
    bias: bias('self_attn.out_proj'),
    ...normOf(`${name}.layer_norm2`, config),
  });
  return skipLayerNorm(g, {
    x: mlp(g, middle.normal, `${name}.mlp`, config),
    skip: middle.sum,
    bias: bias('mlp.fc2'),
    ...next,
  });
}

/** Self-attention without the output bias, which the norm that follows adds. */
function selfAttention(g: GraphBuilder, x: Value, name: string, { width, heads, isCausal }: ClipLayerConfig): Value {
  const project = (part: string): Value =>
    linear(g, x, tensor(`${name}.${part}_proj.weight`, width, width), tensor(`${name}.${part}_proj.bias`, width));
  const mixed = attention(g, project('q'), project('k'), project('v'), { heads, causal: isCausal });
  return linear(g, mixed, tensor(`${name}.out_proj.weight`, width, width));
}

function mlp(g: GraphBuilder, x: Value, name: string, { width, mlpWidth, activation }: ClipLayerConfig): Value {
  const inner = linear(g, x, tensor(`${name}.fc1.weight`, mlpWidth, width), tensor(`${name}.fc1.bias`, mlpWidth));
  const active = activation === 'quick_gelu' ? quickGelu(g, inner, 1.702) : gelu(g, inner);
  return linear(g, active, tensor(`${name}.fc2.weight`, width, mlpWidth));
}
