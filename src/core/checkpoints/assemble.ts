/** From sorted tensors to an open checkpoint: family, configs, what is missing and what is left over. */
import { AppError } from '../errors';
import type { TensorDtype, TensorFile } from '../formats';
import { FAMILY_CONFIGS, type FamilyConfigId, type FamilyConfigs } from '../families/configs';
import type { ModelFamily } from '../families/family';
import { Checkpoint } from './checkpoint';
import type { Collected, Tensors } from './collect';
import { clipConfig, taesdConfig, unetConfig, vaeConfig } from './configs';
import { recogniseFamily, type Recognised } from './family';
import { fitTensors } from './fit';
import { neededTensors } from './needed';
import type { CheckpointComponent, OpenedCheckpoint, OpenedComponent, TensorReader } from './opened';
import { readPrediction, type Prediction } from './prediction';

export interface ComponentConfig {
  /** As errors call it. */
  file: string;
  json: unknown;
}

export interface Surroundings {
  files: readonly TensorFile[];
  /** How messages call the whole. */
  file: string;
  /** config.json of components that have one. */
  configs: Partial<Record<CheckpointComponent, ComponentConfig>>;
  /** scheduler_config.json where there is one. */
  scheduler?: unknown;
  /** Text that lies beside. */
  notes: string;
}

/** @throws AppError */
export async function assemble(collected: Collected, around: Surroundings): Promise<OpenedCheckpoint> {
  const { files, file } = around;
  const hint = files
    .map(({ source, metadata }) => `${source.name} ${metadata['modelspec.architecture'] ?? ''}`)
    .join(' ');
  const recognised = recogniseFamily(collected, { file, hint });
  const id = configId(recognised, hint);
  const components: OpenedCheckpoint['components'] = {};
  const [missing, unused] = [[] as string[], [...collected.unknown]];
  for (const component of ORDER) {
    const tensors = collected.components.get(component);
    if (!tensors) continue;
    const opened = openComponent(component, tensors, { id, around });
    components[component] = opened.component;
    missing.push(...opened.missing.map((name) => `${component}: ${name}`));
    unused.push(...opened.unused);
  }
  const said = await schedule(id, recognised.family, { around, unet: components.unet?.tensors });
  if (components.unet && !around.configs.unet && isSd21V(id, said)) {
    const { sample_size, upcast_attention } = FAMILY_CONFIGS.sd21.unet;
    components.unet = {
      ...components.unet,
      config: { ...(components.unet.config as object), sample_size, upcast_attention },
    };
  }
  return {
    ...recognised,
    layout: collected.layouts.size > 1 ? 'mixed' : ([...collected.layouts][0] ?? 'ldm'),
    dtype: dtypeOf(collected),
    ...said,
    components,
    unused,
    missing,
    tensors: files.reduce((sum, { tensors }) => sum + tensors.size, 0),
  };
}

const ORDER: readonly CheckpointComponent[] = ['text_encoder', 'text_encoder_2', 'unet', 'vae', 'taesd'];

/** The published model whose configs come nearest: what tensors cannot tell, names may. */
function configId({ family, variant }: Recognised, hint: string): FamilyConfigId {
  const isTurbo = variant === 'base' && /turbo/i.test(hint);
  if (family === 'sdxl') return isTurbo ? 'sdxl-turbo' : variant === 'base' ? 'sdxl' : `sdxl-${variant}`;
  if (family === 'sd21') return isTurbo ? 'sd-turbo' : variant === 'inpaint' ? 'sd21-inpaint' : 'sd21-base';
  return variant === 'base' ? 'sd15' : `sd15-${variant}`;
}

/** SD 2.1 at 768x768, which is told from the base by what it predicts: its attention needs float32, and so its config says. */
const isSd21V = (id: FamilyConfigId, { prediction }: Pick<Prediction, 'prediction'>): boolean =>
  id === 'sd21-base' && prediction === 'v_prediction';

interface Opened {
  component: OpenedComponent;
  missing: string[];
  unused: string[];
}

function openComponent(
  component: CheckpointComponent,
  tensors: Tensors,
  { id, around }: { id: FamilyConfigId; around: Surroundings },
): Opened {
  const given = around.configs[component];
  if (!given) assertWhole(component, tensors, around.file);
  const config = given?.json ?? configOf(component, tensors, id);
  const file = given?.file ?? `${around.file} (${component})`;
  const ask = () => neededTensors(component, { file, config }, tensors);
  const needed = given ? ask() : inWordsOfFiles(ask, `${around.file}: the ${NAMES[component]}`);
  const fitted = fitTensors(tensors, needed, given ? undefined : `in a model of this kind it has`);
  const layers = Number((config as { num_hidden_layers?: unknown }).num_hidden_layers);
  return {
    component: { config, tensors: new Checkpoint(fitted.tensors) },
    missing: fitted.missing,
    unused: fitted.unused.filter((key) => !isSpare(component, key, layers)),
  };
}

const NAMES: Readonly<Record<CheckpointComponent, string>> = {
  unet: 'U-Net',
  vae: 'autoencoder',
  text_encoder: 'text encoder',
  text_encoder_2: 'second text encoder',
  taesd: 'small autoencoder',
};

/** A single file has no config: what is wrong with the one that was made of its tensors is what is odd about the file. */
function inWordsOfFiles<Value>(ask: () => Value, what: string): Value {
  try {
    return ask();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const sentence = `${what} has other layers than those of Stable Diffusion 1.x, 2.x and XL: it may be a smaller or an altered model, which Gesso does not run`;
    throw new AppError('unsupported-model', sentence, { cause: error });
  }
}

/** Parts of a text encoder that its family does not use: OpenAI's projection, and SD 2's last layer. */
function isSpare(component: CheckpointComponent, key: string, layers: number): boolean {
  if (component !== 'text_encoder') return false;
  const [, layer] = /(?:resblocks|encoder\.layers)\.(\d+)\./.exec(key) ?? [];
  return /(^|\.)text_projection(\.weight)?$/.test(key) || (layer !== undefined && Number(layer) >= layers);
}

/** Without these, nothing can be said of a component's sizes. */
const ESSENTIAL: Readonly<Record<CheckpointComponent, readonly (readonly string[])[]>> = {
  unet: [['conv_in.weight'], ['down_blocks.0.resnets.0.conv1.weight']],
  vae: [
    ['decoder.conv_in.weight', 'encoder.conv_in.weight'],
    ['decoder.up_blocks.0.resnets.0.conv1.weight', 'encoder.down_blocks.0.resnets.0.conv1.weight'],
  ],
  text_encoder: [['text_model.embeddings.token_embedding.weight'], ['text_model.encoder.layers.0.mlp.fc1.weight']],
  text_encoder_2: [['text_model.embeddings.token_embedding.weight'], ['text_model.encoder.layers.0.mlp.fc1.weight']],
  taesd: [],
};

function assertWhole(component: CheckpointComponent, tensors: Tensors, file: string): void {
  for (const names of ESSENTIAL[component])
    if (!names.some((name) => tensors.has(name)))
      throw new AppError(
        'bad-file',
        `${file}: the ${component} has no "${names[0]}"; the file is damaged, or of a model that Gesso does not know`,
      );
}

function configOf(component: CheckpointComponent, tensors: Tensors, id: FamilyConfigId): unknown {
  const family: FamilyConfigs = FAMILY_CONFIGS[id];
  switch (component) {
    case 'unet':
      return unetConfig(id, tensors);
    case 'vae':
      return vaeConfig(id, tensors);
    case 'text_encoder':
      return clipConfig(family.text_encoder, tensors);
    case 'text_encoder_2':
      return clipConfig(family.text_encoder_2 ?? family.text_encoder, tensors);
    case 'taesd':
      return taesdConfig(tensors);
  }
}

type Schedule = Pick<OpenedCheckpoint, 'prediction' | 'zeroTerminalSnr' | 'scheduler'>;

async function schedule(
  id: FamilyConfigId,
  family: ModelFamily,
  { around, unet }: { around: Surroundings; unet: TensorReader | undefined },
): Promise<Schedule> {
  if (around.scheduler !== undefined) {
    const said = around.scheduler as { prediction_type?: unknown; rescale_betas_zero_snr?: unknown };
    return {
      prediction: said.prediction_type === 'v_prediction' ? 'v_prediction' : 'epsilon',
      zeroTerminalSnr: said.rescale_betas_zero_snr === true,
      scheduler: around.scheduler,
    };
  }
  const told = await readPrediction(around.files, { family, unet, notes: around.notes });
  return { ...told, scheduler: schedulerConfig(id, told) };
}

function schedulerConfig(id: FamilyConfigId, { prediction, zeroTerminalSnr }: Prediction): object {
  const base = isSd21V(id, { prediction }) ? FAMILY_CONFIGS.sd21 : FAMILY_CONFIGS[id];
  return {
    ...base.scheduler,
    prediction_type: prediction,
    ...(zeroTerminalSnr && { rescale_betas_zero_snr: true, timestep_spacing: 'trailing' }),
  };
}

const DTYPE_NAMES: Partial<Record<TensorDtype, string>> = {
  F64: 'float64',
  F32: 'float32',
  F16: 'float16',
  BF16: 'bfloat16',
  F8_E4M3: 'float8_e4m3fn',
  F8_E5M2: 'float8_e5m2',
};

/** The dtype that most bytes of the U-Net have, or of the first component where there is none. */
function dtypeOf({ components }: Collected): string {
  const tensors = components.get('unet') ?? [...components.values()][0];
  const bytes = new Map<TensorDtype, number>();
  for (const { entry } of tensors.values()) bytes.set(entry.dtype, (bytes.get(entry.dtype) ?? 0) + entry.byteLength);
  const [dtype] = [...bytes].sort(([, a], [, b]) => b - a)[0] ?? ['F32'];
  return DTYPE_NAMES[dtype] ?? dtype;
}
