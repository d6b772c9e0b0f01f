/** CLIP text encoder: token ids → one vector a token. @see transformers CLIPTextModel; Radford et al. 2021, arXiv:2103.00020 */
import { AppError } from '../errors';
import {
  addTo,
  GraphBuilder,
  layerNorm,
  linear,
  multiply,
  reshapeTo,
  tensor,
  type BuiltGraph,
  type GraphForm,
  type Target,
  type Value,
} from '../graph';
import { clipLayer, firstState, normOf } from './clip-layer';
import type { ClipTextConfig } from './clip-text-config';

export interface ClipTextOptions {
  /** Which layer's output is taken, counted from the last, which is 1. A1111's and the infotext's "Clip skip". */
  clipSkip?: number;
  /** Whether the final norm follows that layer: everywhere but in SDXL. */
  finalNorm?: boolean;
  /** Adds the pooled vector that SDXL takes from its second encoder. */
  pooled?: boolean;
  /** Places of the text can be given vectors of their own: embeddings. */
  takesVectors?: boolean;
}

/**
 * input_ids int32 [batch, positions] → last_hidden_state [batch, positions, width].
 *
 * With `pooled` also eos_rows int32 [batch] (`eosRows`) → text_embeds [batch, projectionWidth]: what the last layer and
 * the final norm say where each text ends, projected.
 *
 * With `takesVectors` also vectors float32 [batch, positions, width] and is_word float32 [batch, positions, 1]: where is_word is 0 a
 * place has its vector in place of its id's; where it is 1 the vector must be zeros, and the place has its id's to the bit.
 *
 * @throws AppError 'bad-request' when clipSkip is not one of the layers
 */
export function buildClipText(
  config: ClipTextConfig,
  form: Target | GraphForm,
  options: ClipTextOptions = {},
): BuiltGraph {
  const { clipSkip = 1, finalNorm = true, pooled = false, takesVectors = false } = options;
  const g = new GraphBuilder('text_encoder', form);
  const taken = takenLayer(config, clipSkip);
  const ids = g.input('input_ids', 'int32', ['batch', config.contextLength]);
  const deepest = pooled ? config.layers : taken;
  const final = normOf(FINAL_NORM, config);
  const words = wordVectors(g, ids, config);
  const first = normOf(`${LAYERS}.0.layer_norm1`, config);
  let state = firstState(g, placed(g, takesVectors ? withVectors(g, words, config) : words, config), first);
  for (let i = 0; i < deepest; i++) {
    const isLast = i + 1 === deepest;
    const next = isLast ? final : normOf(`${LAYERS}.${i + 1}.layer_norm1`, config);
    state = clipLayer(g, state, { name: `${LAYERS}.${i}`, next, config: { ...config, isCausal: true } });
    if (i + 1 !== taken) continue;
    const normal = (): Value =>
      isLast ? state.normal : layerNorm(g, state.sum, final.gamma, final.beta, final.epsilon);
    g.output('last_hidden_state', finalNorm ? normal() : state.sum);
  }
  if (pooled) g.output('text_embeds', pool(g, state.normal, config));
  return g.build();
}

/**
 * Where each text ends, as `eos_rows` wants it: an index into the rows of all texts, one after another.
 *
 * @param ids  [texts, contextLength]
 */
export function eosRows(ids: Int32Array, { contextLength, eosTokenId }: ClipTextConfig): Int32Array<ArrayBuffer> {
  return Int32Array.from({ length: ids.length / contextLength }, (_, text) => {
    const row = ids.indexOf(eosTokenId, text * contextLength);
    if (row >= 0 && row < (text + 1) * contextLength) return row;
    throw new AppError('internal', `text ${text} has no end token ${eosTokenId}`);
  });
}

const LAYERS = 'text_model.encoder.layers';
const FINAL_NORM = 'text_model.final_layer_norm';

function takenLayer({ layers }: ClipTextConfig, clipSkip: number): number {
  if (Number.isInteger(clipSkip) && clipSkip >= 1 && clipSkip <= layers) return layers - clipSkip + 1;
  throw new AppError('bad-request', `Clip skip must be from 1 to ${layers} with this model, not ${clipSkip}.`);
}

const EMBEDDINGS = 'text_model.embeddings';

function wordVectors(g: GraphBuilder, ids: Value, { vocabSize, width, contextLength }: ClipTextConfig): Value {
  return g.node('Gather', {
    inputs: [g.weight(tensor(`${EMBEDDINGS}.token_embedding.weight`, vocabSize, width)), ids],
    attributes: { axis: 0 },
    outputs: [['batch', contextLength, width]],
  })[0];
}

/** words · is_word + vectors */
function withVectors(g: GraphBuilder, words: Value, { width, contextLength }: ClipTextConfig): Value {
  const isWord = g.input('is_word', 'float32', ['batch', contextLength, 1]);
  const vectors = g.input('vectors', 'float32', ['batch', contextLength, width]);
  return addTo(g, multiply(g, words, isWord), vectors);
}

/** Words with their positions added. */
function placed(g: GraphBuilder, words: Value, { width, contextLength }: ClipTextConfig): Value {
  return addTo(g, words, g.weight(tensor(`${EMBEDDINGS}.position_embedding.weight`, contextLength, width)));
}

/** The vectors where the texts end, [batch, width], projected. */
function pool(g: GraphBuilder, normal: Value, { width, projectionWidth }: ClipTextConfig): Value {
  const rows = g.input('eos_rows', 'int32', ['batch']);
  const all = reshapeTo(g, normal, ['rows', width], [-1, width]);
  const [ends] = g.node('Gather', { inputs: [all, rows], attributes: { axis: 0 }, outputs: [['batch', width]] });
  return linear(g, ends, tensor('text_projection.weight', projectionWidth, width));
}
