/** CLIP's tower for pictures. @see transformers CLIPVisionModelWithProjection; Radford et al. 2021, arXiv:2103.00020 */
import {
  add,
  addTo,
  GraphBuilder,
  layerNorm,
  linear,
  padRows,
  reshape,
  reshapeTo,
  tensor,
  type BuiltGraph,
  type GraphForm,
  type Target,
  type Value,
} from '../../graph';
import { clipLayer, firstState, normOf } from '../clip-layer';
import { visionTokens, type VisionConfig } from './vision-config';

const LAYERS = 'vision_model.encoder.layers';

/**
 * patches [1, tokens, 3 · patch²] (`imagePatches`) → image_embeds [1, projectionWidth]: the whole picture as one vector; with `penultimate` instead
 * hidden_states [1, tokens, width]: what the last layer is given.
 */
export function buildVision(
  config: VisionConfig,
  form: Target | GraphForm,
  { penultimate = false }: { penultimate?: boolean } = {},
): BuiltGraph {
  const g = new GraphBuilder('clip_vision', form);
  const patches = g.input('patches', 'float32', [1, visionTokens(config), 3 * config.patch ** 2]);
  const own = { ...config, isCausal: false };
  const before = normOf('vision_model.pre_layrnorm', config);
  const seen = layerNorm(g, placed(g, patches, config), before.gamma, before.beta, before.epsilon);
  const after = normOf('vision_model.post_layernorm', config);
  let state = firstState(g, seen, normOf(`${LAYERS}.0.layer_norm1`, config));
  const last = config.layers - 1;
  for (let i = 0; i < (penultimate ? last : config.layers); i++) {
    const next = i === last ? after : normOf(`${LAYERS}.${i + 1}.layer_norm1`, config);
    state = clipLayer(g, state, { name: `${LAYERS}.${i}`, next, config: own });
  }
  if (penultimate) g.output('hidden_states', state.sum);
  else g.output('image_embeds', whole(g, state.normal, config));
  return g.build();
}

/** The first place, whose patch is zeros, has the vector for the whole picture. */
function placed(g: GraphBuilder, patches: Value, { width, patch, side }: VisionConfig): Value {
  const embeddings = 'vision_model.embeddings';
  const kernel = tensor(`${embeddings}.patch_embedding.weight`, width, 3, patch, patch);
  const tokens = visionTokens({ side, patch });
  const first = padRows(reshape(tensor(`${embeddings}.class_embedding`, width), 1, width), tokens);
  const places = add(tensor(`${embeddings}.position_embedding.weight`, tokens, width), first);
  return addTo(g, linear(g, patches, reshape(kernel, width, 3 * patch ** 2)), g.weight(places));
}

function whole(g: GraphBuilder, normal: Value, { width, projectionWidth }: VisionConfig): Value {
  const [first] = g.node('Slice', {
    inputs: [normal, g.integers(0), g.integers(1), g.integers(1), g.integers(1)],
    outputs: [[1, 1, width]],
  });
  const flat = reshapeTo(g, first, [1, width], [1, width]);
  return linear(g, flat, tensor('visual_projection.weight', projectionWidth, width));
}

/**
 * A picture's patches, row by row, behind one of zeros.
 * @param planes  [3, side, side], normalised
 */
export function imagePatches(
  planes: Float32Array,
  { side, patch }: Pick<VisionConfig, 'side' | 'patch'>,
): { data: Float32Array; dims: number[] } {
  const across = side / patch;
  const length = 3 * patch ** 2;
  const data = new Float32Array((across ** 2 + 1) * length);
  let to = length;
  for (let py = 0; py < across; py++)
    for (let px = 0; px < across; px++)
      for (let c = 0; c < 3; c++)
        for (let y = 0; y < patch; y++) {
          const from = (c * side + py * patch + y) * side + px * patch;
          data.set(planes.subarray(from, from + patch), to);
          to += patch;
        }
  return { data, dims: [1, across ** 2 + 1, length] };
}
