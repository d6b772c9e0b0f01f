/**
 * ControlNets and T2I-Adapters as files have them: which a file is, what its tensors are called, and its config where none lies beside it.
 * @see reference: Mikubill/sd-webui-controlnet scripts/global_state.py, controlnet_model_guess.py; ComfyUI comfy/controlnet.py
 */
import { AppError } from '../../errors';
import type { ComponentId } from '../components';
import { ANNOTATORS, recogniseAnnotator } from '../annotators/recognise';
import { recogniseImagePrompt } from '../image-prompt/image-prompt-file';
import { recogniseVision } from '../image-prompt/vision-file';
import { ldmUnetName } from '../names/ldm-unet';
import { countOf, HEAD_WIDTH, type Config } from '../published/published';
import type { RecognisedFile } from '../recognised-file';
import type { TensorPlace } from '../tensor-place';
import { firstShape, type Shapes } from '../unet-signs';
import { isControlLora, onBase, withProducts } from './control-lora-file';

const CONTROLNET: readonly ComponentId[] = ['control_step', 'control_hint'];
const ADAPTER: readonly ComponentId[] = ['t2i_adapter'];

/** Files that control pictures in ways for which there is no code: what each is. */
const RELATIVES: readonly (readonly [name: string, keys: RegExp])[] = [
  ['a ControlNet-LLLite', /^lllite_/m],
  ['a ControlNet kept as its difference to a model (an old "_diff" file)', /^difference$/m],
  [
    'a ControlNet for Flux or another transformer',
    /(^|\.)(controlnet_blocks|controlnet_x_embedder|pos_embed_input)\./m,
  ],
  ['a ControlNet-XS', /(^|\.)(enc_zero_convs_(in|out)|base_to_ctrl|ctrl_to_base)\./m],
  ['a BrushNet', /^brushnet_(down_blocks|mid_block|up_blocks)\./m],
  ['a ControlNet for Kolors', /^encoder_hid_proj\.weight$/m],
  ['a T2I-Adapter for styles', /^style_embedding$/m],
  ['a fuser of several CoAdapters, each of which alone is a T2I-Adapter', /^spatial_feat_mapping\./m],
];

/** A motion module alone (AnimateDiff) controls no picture. */
function motionControl(lines: string): readonly [name: string] | undefined {
  const moves = /(^|\.)(motion_modules|temporal_transformer)\./m.test(lines);
  return moves && /input_hint_block\.|controlnet_/.test(lines) ? ['a SparseCtrl motion control'] : undefined;
}

/** @returns undefined where it is nothing of the kind @throws AppError 'unsupported-model' for relatives; the message follows the file's name */
export function recogniseControl(all: Shapes): RecognisedFile | undefined {
  const lines = [...all.keys()].join('\n');
  const relative = RELATIVES.find(([, keys]) => keys.test(lines)) ?? motionControl(lines);
  if (relative)
    throw new AppError(
      'unsupported-model',
      `this is ${relative[0]}, which Gesso does not run; it runs whole ControlNets, T2I-Adapters and IP-Adapters`,
    );
  return (
    recogniseImagePrompt(all) ??
    recogniseVision(all) ??
    drawing(all) ??
    controlNet(inside(all, ['control_model.', 'control_net.', 'controlnet.']), isControlLora(all)) ??
    adapter(all)
  );
}

/** A network that draws hints. */
function drawing(all: Shapes): RecognisedFile | undefined {
  const found = recogniseAnnotator(all);
  if (!found) return undefined;
  const { names, made } = found;
  const config = { annotator: found.id, ...(found.config as Config) };
  return { components: ['hint_annotator'], names, made, config, name: ANNOTATORS[found.id].name };
}

/** Tensors behind one of these prefixes; a file may hold a whole model beside. */
function inside(all: Shapes, prefixes: readonly string[]): { tensors: Shapes; prefix: string } {
  const prefix = prefixes.find((one) => [...all.keys()].some((key) => key.startsWith(one))) ?? '';
  const own = [...all].filter(([key]) => key.startsWith(prefix));
  return { tensors: new Map(own.map(([key, entry]) => [key.slice(prefix.length), entry])), prefix };
}

function controlNet(
  { tensors: stored, prefix }: { tensors: Shapes; prefix: string },
  isLora: boolean,
): RecognisedFile | undefined {
  if (!isLora) return wholeControlNet(stored, prefix);
  const { whole, changed } = withProducts(stored);
  const found = wholeControlNet(whole, '');
  return found && onBase(found, changed, (key) => prefix + key);
}

function wholeControlNet(tensors: Shapes, prefix: string): RecognisedFile | undefined {
  const isDiffusers = tensors.has('controlnet_cond_embedding.conv_in.weight');
  if (!isDiffusers && !tensors.has('input_hint_block.0.weight')) return undefined;
  const lastHint = Math.max(...indices(tensors, /^input_hint_block\.(\d+)\./));
  const nameOf = (key: string): string | undefined => (isDiffusers ? key : ldmControlName(key, lastHint));
  const names = new Map<string, TensorPlace>();
  for (const key of tensors.keys()) names.set(nameOf(key) ?? key, { key: prefix + key });
  const shapes: Shapes = new Map([...tensors].map(([key, entry]) => [nameOf(key) ?? key, entry]));
  return { components: CONTROLNET, names, config: controlNetConfig(shapes), name: 'a ControlNet' };
}

/** @param lastHint  place of the hint's last convolution */
function ldmControlName(key: string, lastHint: number): string | undefined {
  const [, hint, leaf] = /^input_hint_block\.(\d+)\.(weight|bias)$/.exec(key) ?? [];
  if (hint !== undefined) return `controlnet_cond_embedding.${hintLayer(Number(hint), lastHint)}.${leaf}`;
  const [, zero, zeroLeaf] = /^zero_convs\.(\d+)\.0\.(weight|bias)$/.exec(key) ?? [];
  if (zero !== undefined) return `controlnet_down_blocks.${zero}.${zeroLeaf}`;
  const [, middleLeaf] = /^middle_block_out\.0\.(weight|bias)$/.exec(key) ?? [];
  if (middleLeaf !== undefined) return `controlnet_mid_block.${middleLeaf}`;
  return ldmUnetName(key);
}

/** Activations stand between the convolutions. */
const hintLayer = (place: number, last: number): string =>
  place === 0 ? 'conv_in' : place === last ? 'conv_out' : `blocks.${place / 2 - 1}`;

const indices = (tensors: Shapes, pattern: RegExp): number[] =>
  [...tensors.keys()].flatMap((key) => pattern.exec(key)?.[1] ?? []).map(Number);

/** Context width of SD 1.x, whose heads are eight at every width, and of SD 2, whose attention needs float32. */
const [SD1, SD2] = [768, 1024];
const LATENT_CHANNELS = 4;
/** Context width of SDXL, for networks that have no attention. */
const XL_CONTEXT = 2048;

function controlNetConfig(tensors: Shapes): Config {
  const shape = (name: string): readonly number[] | undefined => tensors.get(name)?.shape;
  const levels = Array.from({ length: countOf(tensors, 'down_blocks.') }, (_, i) => `down_blocks.${i}.`);
  const channels = levels.map((level) => shape(`${level}resnets.0.conv1.weight`)?.[0] ?? 0);
  const depths = levels.map((level) => countOf(tensors, `${level}attentions.0.transformer_blocks.`));
  const middle = countOf(tensors, 'mid_block.attentions.0.transformer_blocks.');
  const attends = levels.map((level, i) => depths[i] > 0 || tensors.has(`${level}attentions.0.norm.weight`));
  const middleAttends = middle > 0 || tensors.has('mid_block.attentions.0.norm.weight');
  const added = shape('add_embedding.linear_1.weight')?.[1];
  const context = firstShape(tensors, /\.attn2\.to_k\.weight$/)?.[1] ?? XL_CONTEXT;
  const kinds = shape('task_embedding')?.[0];
  const kindWidth = shape('control_add_embedding.linear_1.weight')?.[1];
  const blocks = countOf(tensors, 'controlnet_cond_embedding.blocks.');
  return {
    // of what stands on a model's weights it may be missing
    in_channels: shape('conv_in.weight')?.[1] ?? LATENT_CHANNELS,
    block_out_channels: channels,
    down_block_types: attends.map((has) => (has ? 'CrossAttnDownBlock2D' : 'DownBlock2D')),
    layers_per_block: countOf(tensors, 'down_blocks.0.resnets.'),
    // the middle has the last level's number, which is its own where that has no attention
    transformer_layers_per_block: depths.map((depth, i) => (i === depths.length - 1 && depth === 0 ? middle : depth)),
    mid_block_type: middleAttends ? 'UNetMidBlock2DCrossAttn' : 'UNetMidBlock2D',
    ...(tensors.has('mid_block.resnets.1.conv1.weight') && { mid_block_resnets: 2 }), // no field of diffusers'
    cross_attention_dim: context,
    attention_head_dim: context === SD1 ? 8 : channels.map((n) => Math.max(Math.floor(n / HEAD_WIDTH), 1)),
    use_linear_projection: (firstShape(tensors, /\.proj_in\.weight$/)?.length ?? 2) === 2,
    upcast_attention: context === SD2,
    ...(added !== undefined && {
      addition_embed_type: 'text_time',
      projection_class_embeddings_input_dim: added,
      addition_time_embed_dim: kinds && kindWidth ? kindWidth / kinds : 256,
    }),
    conditioning_channels: shape('controlnet_cond_embedding.conv_in.weight')?.[1] ?? 0,
    conditioning_embedding_out_channels: [
      shape('controlnet_cond_embedding.conv_in.weight')?.[0] ?? 0,
      ...Array.from({ length: blocks / 2 }, (_, i) =>
        Number(shape(`controlnet_cond_embedding.blocks.${2 * i + 1}.weight`)?.[0]),
      ),
    ],
    ...(kinds !== undefined && { num_control_type: kinds }),
  };
}

const LIGHT = /^body\.(\d+)\.body\.(\d+)\.(block[12])\.(weight|bias)$/;
const FULL = /^body\.(\d+)\.(block[12])\.(weight|bias)$/;
const IN_OUT = /^body\.(\d+)\.(in_conv|out_conv)\.(weight|bias)$/;

/** Layers of each level in the words of T2I-Adapter's authors. @see TencentARC/T2I-Adapter ldm/modules/encoders/adapter.py */
const LAYERS = 2;

function adapter(all: Shapes): RecognisedFile | undefined {
  const keys = [...all.keys()];
  const isDiffusers = keys.some((key) => /^adapter\.body\.\d+\.resnets\./.test(key));
  const isLight = keys.some((key) => LIGHT.test(key));
  if (!isDiffusers && !isLight && !(all.has('conv_in.weight') && keys.some((key) => FULL.test(key)))) return undefined;
  const nameOf = (key: string): string => (isDiffusers ? key : (originalName(key, isLight) ?? key));
  const names = new Map(keys.map((key) => [nameOf(key), { key }]));
  const shapes: Shapes = new Map([...all].map(([key, entry]) => [nameOf(key), entry]));
  return { components: ADAPTER, names, config: adapterConfig(shapes), name: 'a T2I-Adapter' };
}

function originalName(key: string, isLight: boolean): string | undefined {
  if (/^conv_in\.(weight|bias)$/.test(key)) return `adapter.${key}`;
  const [, lightLevel, lightLayer, lightRest, lightLeaf] = LIGHT.exec(key) ?? [];
  if (lightLevel !== undefined) return `adapter.body.${lightLevel}.resnets.${lightLayer}.${lightRest}.${lightLeaf}`;
  const [, place, side, sideLeaf] = IN_OUT.exec(key) ?? [];
  if (place !== undefined) return `adapter.body.${isLight ? place : Number(place) / LAYERS}.${side}.${sideLeaf}`;
  const [, layer, block, leaf] = FULL.exec(key) ?? [];
  if (layer === undefined) return undefined;
  return `adapter.body.${Math.floor(Number(layer) / LAYERS)}.resnets.${Number(layer) % LAYERS}.${block}.${leaf}`;
}

/** A side of a cell of the first feature, of the published ones: 8 pixels, of those for SDXL 16. */
const [USUAL_FACTOR, XL_FACTOR] = [8, 16];
/** Levels of an adapter for SDXL: with fewer, 16 pixels say nothing of SDXL. */
const XL_LEVELS = 4;

function adapterConfig(tensors: Shapes): Config {
  const shape = (name: string): readonly number[] => tensors.get(name)?.shape ?? [];
  const levels = countOf(tensors, 'adapter.body.');
  const isLight = tensors.has('adapter.body.0.out_conv.weight');
  const last = isLight ? 'out_conv' : 'resnets.0.block1';
  const channels = Array.from({ length: levels }, (_, i) => shape(`adapter.body.${i}.${last}.weight`)[0] ?? 0);
  const inputs = shape(isLight ? 'adapter.body.0.in_conv.weight' : 'adapter.conv_in.weight')[1] ?? 0;
  const hasFour = levels === XL_LEVELS;
  const factor = [1, 3].some((colours) => inputs === colours * XL_FACTOR ** 2) ? XL_FACTOR : USUAL_FACTOR;
  return {
    in_channels: inputs / factor ** 2,
    channels: isLight ? channels.slice(0, -1) : channels,
    num_res_blocks: countOf(tensors, 'adapter.body.0.resnets.'),
    downscale_factor: factor,
    adapter_type: isLight ? 'light_adapter' : hasFour && factor === XL_FACTOR ? 'full_adapter_xl' : 'full_adapter',
  };
}
