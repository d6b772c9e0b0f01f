/**
 * CLIP's vision towers as files have them: transformers' names, or OpenCLIP's, whole or the tower alone.
 * @see transformers CLIPVisionModelWithProjection; mlfoundations/open_clip transformer.py VisionTransformer; ComfyUI comfy/clip_vision.py
 */
import type { RecognisedFile } from '../recognised-file';
import type { TensorPlace } from '../tensor-place';
import { countOf, type Config } from '../published/published';
import type { Shapes } from '../unet-signs';
import { openclipParts } from '../names/openclip';

const PATCHES = 'vision_model.embeddings.patch_embedding.weight';

/** OpenCLIP's words that are no layer's. */
const OPENCLIP: Readonly<Record<string, Omit<TensorPlace, 'key'> & { ours: string }>> = {
  'conv1.weight': { ours: PATCHES },
  class_embedding: { ours: 'vision_model.embeddings.class_embedding' },
  positional_embedding: { ours: 'vision_model.embeddings.position_embedding.weight' },
  'ln_pre.weight': { ours: 'vision_model.pre_layrnorm.weight' },
  'ln_pre.bias': { ours: 'vision_model.pre_layrnorm.bias' },
  'ln_post.weight': { ours: 'vision_model.post_layernorm.weight' },
  'ln_post.bias': { ours: 'vision_model.post_layernorm.bias' },
  proj: { ours: 'visual_projection.weight', isTransposed: true },
};

/** @returns undefined where it is none, or a text encoder is beside it: that is opened as one */
export function recogniseVision(all: Shapes): RecognisedFile | undefined {
  const names = all.has('visual.conv1.weight') ? openclipNames(all) : transformersNames(all);
  if (!names) return undefined;
  const shapes: Shapes = new Map([...names].map(([ours, place]) => [ours, { shape: shapeOf(place, all) }]));
  return { components: ['clip_vision'], names, config: visionConfig(shapes), name: 'a CLIP vision encoder' };
}

function shapeOf({ key, rows, isTransposed }: TensorPlace, all: Shapes): readonly number[] {
  const shape = all.get(key)?.shape ?? [];
  if (isTransposed) return shape.toReversed();
  return rows ? [shape[0] / rows.of, ...shape.slice(1)] : shape;
}

function transformersNames(all: Shapes): Map<string, TensorPlace> | undefined {
  if (!all.has(PATCHES) || [...all.keys()].some((key) => key.startsWith('text_model.'))) return undefined;
  const own = [...all.keys()].filter((key) => /^(vision_model|visual_projection)\./.test(key));
  return new Map(own.map((key) => [key, { key }]));
}

function openclipNames(all: Shapes): Map<string, TensorPlace> {
  const names = new Map<string, TensorPlace>();
  for (const key of all.keys()) {
    if (!key.startsWith('visual.')) continue;
    const name = key.slice('visual.'.length);
    if (Object.hasOwn(OPENCLIP, name)) {
      const { ours, ...how } = OPENCLIP[name];
      names.set(ours, { key, ...how });
    } else if (name.startsWith('transformer.'))
      // both towers have the same layers
      for (const { name: ours, third } of openclipParts(name))
        names.set(ours.replace(/^text_model\./, 'vision_model.'), {
          key,
          ...(third !== undefined && { rows: { part: third, of: 3 } }),
        });
  }
  return names;
}

/** The published towers have sixteen heads whatever their width; OpenAI's alone have their own activation. */
const HEADS = 16;
const [BASE_WIDTH, BASE_HEADS] = [768, 12];
const OPENAI_WIDTHS: readonly number[] = [768, 1024];

function visionConfig(tensors: Shapes): Config {
  const shape = (name: string): readonly number[] => tensors.get(name)?.shape ?? [];
  const [width = 0, , patch = 0] = shape(PATCHES);
  const [places = 1] = shape('vision_model.embeddings.position_embedding.weight');
  return {
    hidden_size: width,
    intermediate_size: shape('vision_model.encoder.layers.0.mlp.fc1.weight')[0] ?? 0,
    num_hidden_layers: countOf(tensors, 'vision_model.encoder.layers.'),
    num_attention_heads: width === BASE_WIDTH ? BASE_HEADS : HEADS,
    image_size: Math.round(Math.sqrt(places - 1)) * patch,
    patch_size: patch,
    hidden_act: OPENAI_WIDTHS.includes(width) ? 'quick_gelu' : 'gelu',
    projection_dim: shape('visual_projection.weight')[0] ?? 0,
  };
}
