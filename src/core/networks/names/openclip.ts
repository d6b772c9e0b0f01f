/** OpenCLIP's text tower (SD 2.x, SDXL's second encoder) in transformers' words: some of its tensors hold three of ours. */

/** A tensor of ours inside a stored one. */
export interface Part {
  name: string;
  /** Which third of the rows, where the stored tensor joins query, key and value. */
  third?: 0 | 1 | 2;
  /** The matrix is stored as [in, out]. */
  transposed?: boolean;
}

const TOP_LEVEL: Record<string, Part[]> = {
  'token_embedding.weight': [{ name: 'text_model.embeddings.token_embedding.weight' }],
  positional_embedding: [{ name: 'text_model.embeddings.position_embedding.weight' }],
  'ln_final.weight': [{ name: 'text_model.final_layer_norm.weight' }],
  'ln_final.bias': [{ name: 'text_model.final_layer_norm.bias' }],
  text_projection: [{ name: 'text_projection.weight', transposed: true }],
};

const LAYER_PARTS: Record<string, string> = {
  ln_1: 'layer_norm1',
  ln_2: 'layer_norm2',
  'attn.out_proj': 'self_attn.out_proj',
  'mlp.c_fc': 'mlp.fc1',
  'mlp.c_proj': 'mlp.fc2',
};

/**
 * @param name  within the tower: "transformer.resblocks.3.attn.in_proj_weight"
 * @returns what of ours it holds; empty where nothing is used (logit_scale)
 * @see mlfoundations/open_clip transformer.py TextTransformer; torch MultiheadAttention in_proj
 */
export function openclipParts(name: string): Part[] {
  if (Object.hasOwn(TOP_LEVEL, name)) return TOP_LEVEL[name];
  const [, layer, rest] = /^transformer\.resblocks\.(\d+)\.(.+)$/.exec(name) ?? [];
  if (layer === undefined) return [];
  const target = `text_model.encoder.layers.${layer}`;
  const [, joined] = /^attn\.in_proj_(weight|bias)$/.exec(rest) ?? [];
  if (joined !== undefined)
    return (['q', 'k', 'v'] as const).map((letter, i) => ({
      name: `${target}.self_attn.${letter}_proj.${joined}`,
      third: i as 0 | 1 | 2,
    }));
  const [, module, leaf] = /^(.+)\.(weight|bias)$/.exec(rest) ?? [];
  return module !== undefined && module in LAYER_PARTS ? [{ name: `${target}.${LAYER_PARTS[module]}.${leaf}` }] : [];
}
