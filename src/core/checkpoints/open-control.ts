/** Opens the file of a ControlNet or a T2I-Adapter. Of its weights, nothing is read yet. */
import { AppError } from '../errors';
import { USUAL_FAMILY, type ModelFamily } from '../families';
import { familyOfChannels, familyOfWidth } from '../families/recognise';
import { openTensorFile, type ByteSource, type TensorFile } from '../formats';
import { exprTensors } from '../graph';
import { openNetwork } from '../networks';
import { roleOf, type ComponentId } from '../networks/components';
import { recogniseControl } from '../networks/control/control-file';
import { isOnBase } from '../networks/control/control-lora-file';
import type { ControlSizes, FeatureSizes, ImagePromptSizes, VisionSizes } from '../networks/network';
import type { Config } from '../networks/published';
import type { RecognisedFile } from '../networks/recognised-file';
import type { TensorPlace } from '../networks/tensor-place';
import { addOn } from './add-ons';
import { Checkpoint } from './checkpoint';
import { collectFiles } from './collect';
import { fitTensors } from './fit';
import { fitOnBase } from './fit-on-base';
import { foreignModel } from './foreign-models';
import { readJsonSource } from './json-source';
import type { TensorReader } from './opened';
import { madeTensor, type StoredTensor } from './stored-tensor';

export interface OpenedControl {
  components: readonly ComponentId[];
  config: Config;
  family: ModelFamily;
  tensors: TensorReader;
  control?: ControlSizes;
  features?: FeatureSizes;
  imagePrompt?: ImagePromptSizes;
  vision?: VisionSizes;
}

/** What diffusers' config.json says that no tensor tells. */
const SAID_BESIDE = [
  'cross_attention_dim',
  'attention_head_dim',
  'num_attention_heads',
  'norm_num_groups',
  'norm_eps',
  'upcast_attention',
  'controlnet_conditioning_channel_order',
  'global_pool_conditions',
  'addition_time_embed_dim',
  'flip_sin_to_cos',
  'freq_shift',
  'in_channels',
  'channels',
  'downscale_factor',
  'adapter_type',
  'num_res_blocks',
  'hidden_act',
  'layer_norm_eps',
] as const;

const isWeights = ({ name }: ByteSource): boolean => !/\.(json|ya?ml|txt|md|png|jpe?g)$/i.test(name);

/** One file of weights, or the same ones in several forms: whole precision before others, safetensors before pickles. */
function weightsOf(sources: readonly ByteSource[]): ByteSource[] {
  const weights = sources.filter(isWeights);
  const stem = ({ name }: ByteSource): string =>
    name.replace(/\.(safetensors|bin|pth|pt|ckpt)$/i, '').replace(/\.fp16$/i, '');
  if (weights.length < 2 || new Set(weights.map(stem)).size > 1) return weights;
  const rank = ({ name }: ByteSource): number =>
    (/\.safetensors$/i.test(name) ? 0 : 2) + (/\.fp16\./i.test(name) ? 1 : 0);
  return weights.toSorted((a, b) => rank(a) - rank(b)).slice(0, 1);
}

/** Whether there is one file of weights, and that is of a ControlNet, an adapter, or a relative of them. */
export async function isControl(sources: readonly ByteSource[]): Promise<boolean> {
  const weights = weightsOf(sources);
  // a folder of a whole model has more than one
  if (weights.length !== 1) return false;
  const { tensors } = await openTensorFile(weights[0]);
  try {
    return recogniseControl(tensors) !== undefined;
  } catch (error) {
    if (error instanceof AppError) return true;
    throw error;
  }
}

/**
 * @param sources  the file, and the config.json that may lie beside it
 * @throws AppError 'bad-file', 'missing-file', or 'unsupported-model' naming what it is instead
 */
export async function openControl(sources: readonly ByteSource[]): Promise<OpenedControl> {
  const weights = weightsOf(sources);
  const [source] = weights;
  if (weights.length !== 1)
    throw new AppError('missing-file', `A ControlNet or a T2I-Adapter is one file, not ${weights.length}.`);
  const file = await openTensorFile(source);
  const found = recognised(file);
  const beside = sources.find(({ name }) => /(^|\/)config\.json$/.test(name));
  const config = { ...found.config, ...said(beside && (await readJsonSource(beside))), ...told(source.name, found) };
  const { sizes } = openNetwork(found.components[0], { file: source.name, config });
  const tensors = fitted(file, found, config);
  const width = sizes.control?.contextWidth ?? sizes.imagePrompt?.contextWidth;
  return {
    components: found.components,
    config,
    family: familyOf(width, config),
    tensors,
    ...(sizes.control && { control: sizes.control }),
    ...(sizes.features && { features: sizes.features }),
    ...(sizes.imagePrompt && { imagePrompt: sizes.imagePrompt }),
    ...(sizes.vision && { vision: sizes.vision }),
  };
}

/** Adapters do not read text: of those that are published, those for SDXL see patches of 16 pixels. */
function familyOf(width: number | undefined, { adapter_type: kind, in_channels: channels }: Config): ModelFamily {
  const SD1 = 768;
  const XL = 2048;
  const own = width !== undefined && typeof channels === 'number' ? familyOfChannels(channels) : undefined;
  if (own !== undefined) return own;
  return familyOfWidth(width ?? (kind === 'full_adapter_xl' ? XL : SD1)) ?? USUAL_FAMILY;
}

function said(json: unknown): Config {
  if (typeof json !== 'object' || json === null) return {};
  const given = json as Config;
  return Object.fromEntries(
    SAID_BESIDE.flatMap((field) =>
      given[field] === undefined || given[field] === null ? [] : [[field, given[field]]],
    ),
  );
}

/** Config that the file's name tells, as in Mikubill's extension and Forge. */
const told = (name: string, { components }: RecognisedFile): Config =>
  components.some((id) => roleOf(id) === 'control') && /shuffle/i.test(name) ? { global_pool_conditions: true } : {};

function recognised(file: TensorFile): RecognisedFile {
  const { name } = file.source;
  try {
    const found = recogniseControl(file.tensors);
    if (found) return found;
  } catch (error) {
    if (error instanceof AppError) throw new AppError(error.code, `${name}: ${error.message}`, { cause: error });
    throw error;
  }
  throw new AppError('unsupported-model', `${name}: ${notOurs(file)}`);
}

function notOurs(file: TensorFile): string {
  const runs = 'Gesso runs ControlNets and T2I-Adapters for Stable Diffusion 1.x, 2.x and XL here';
  if (file.tensors.size === 0) return `there are no tensors in it; ${runs}`;
  const addition = addOn(file.tensors)?.split(/[;,]/)[0];
  if (addition !== undefined) return `this is ${addition}, no ControlNet: name it in the prompt instead`;
  const foreign = foreignModel([...file.tensors.keys()])?.split(';')[0];
  if (foreign !== undefined) return `this is ${foreign}, no ControlNet; ${runs}`;
  if (collectFiles([file]).components.size > 0)
    return 'this is a checkpoint or a part of one, no ControlNet; open it as a model';
  return `its tensors are of no ControlNet that Gesso knows; ${runs}`;
}

/** undefined where the file does not have it, or in a shape that does not divide */
function placed(file: TensorFile, { key, rows, isTransposed }: TensorPlace): StoredTensor | undefined {
  const entry = file.tensors.get(key);
  if (!entry) return undefined;
  const [first = 0, ...rest] = entry.shape;
  if (isTransposed) return { file, key, entry, shape: entry.shape.toReversed(), transposed: true };
  if (!rows) return { file, key, entry, shape: entry.shape };
  const count = first / rows.of;
  if (!Number.isInteger(count)) return undefined;
  return { file, key, entry, shape: [count, ...rest], rows: { start: rows.part * count, count } };
}

/** All that its graphs read. @throws AppError 'bad-file' naming what is missing */
function fitted(
  file: TensorFile,
  { names, made = new Map(), components, name }: RecognisedFile,
  config: Config,
): Checkpoint {
  const all = [...names].map(([ours, place]) => [ours, placed(file, place)] as const);
  const computed = [...made].map(([ours, place]) => [ours, madeTensor(file, place)] as const);
  const plain = new Map([...all, ...computed].flatMap(([ours, found]) => (found ? [[ours, found] as const] : [])));
  const where = { file: file.source.name, config };
  const graphs = components.map((id) => openNetwork(id, where).build('portable'));
  const needed = exprTensors(graphs.flatMap(({ weights }) => weights.map(({ expr }) => expr)));
  const fit = isOnBase(config) ? fitOnBase : fitTensors;
  const { tensors, missing } = fit(plain, needed, 'the other tensors ask for');
  if (missing.length === 0) return new Checkpoint(tensors);
  const isZero = missing.some((one) => one.startsWith('controlnet_'));
  const what = isZero ? 'the zero convolutions by which it acts are missing' : `${missing.length} tensors are missing`;
  throw new AppError(
    'bad-file',
    `${file.source.name}: this is ${name}, but ${what} ("${missing[0]}"): the file is not whole.`,
  );
}
