/** From sorted tensors to an open checkpoint: family, configs, what is missing and what is left over. */
import { AppError } from '../errors';
import type { TensorDtype, TensorFile } from '../formats';
import { FILES, type FamilyFiles } from '../families/files';
import { whatRuns } from '../families/what-runs';
import type { Recognised } from '../families/recognise';
import { FAMILY_CONFIGS, type FamilyConfigId, type FamilyConfigs } from '../families/configs';
import { publishedIds, publishedOf, publishedRole, type Config, type PublishedId } from '../networks/published';
import { Checkpoint } from './checkpoint';
import type { Collected, Tensors } from './collect';
import { recogniseFamily, withOwnTexts } from './family';
import { fitTensors } from './fit';
import { neededTensors } from './needed';
import type { CheckpointPart, OpenedCheckpoint, TensorReader } from './opened';
import { readPrediction, type ToldPrediction } from './prediction';

export interface ComponentConfig {
  /** Name that errors have for the file. */
  file: string;
  json: unknown;
}

export interface Surroundings {
  files: readonly TensorFile[];
  /** How messages call the whole. */
  file: string;
  /** config.json of components that have one. */
  configs: Partial<Record<PublishedId, ComponentConfig>>;
  /** scheduler_config.json where there is one. */
  scheduler?: unknown;
  /** Text of the files that lie beside it. */
  notes: string;
}

/** @throws AppError */
export async function assemble(collected: Collected, around: Surroundings): Promise<OpenedCheckpoint> {
  const { files, file } = around;
  const hint = files
    .map(({ source, metadata }) => `${source.name} ${metadata['modelspec.architecture'] ?? ''}`)
    .join(' ');
  const recognised = recogniseFamily(collected, { file, hint });
  const sorted = withOwnTexts(collected.components, recognised);
  const family = FILES[recognised.family];
  const id = configId(family, recognised, hint);
  const components: OpenedCheckpoint['components'] = {};
  const [missing, unused] = [[] as string[], [...collected.unknown]];
  for (const component of publishedIds()) {
    const tensors = sorted.get(component);
    if (!tensors) continue;
    const opened = openComponent(component, tensors, { id, around });
    components[component] = opened.component;
    missing.push(...opened.missing.map((name) => `${component}: ${name}`));
    unused.push(...opened.unused);
  }
  const denoiser = publishedIds().find((one) => publishedRole(one) === 'denoiser' && components[one]);
  const tensors = denoiser && components[denoiser]?.tensors;
  const said = await schedule({ id, family }, { around, denoiser: tensors });
  const own = denoiser && components[denoiser];
  if (own && !around.configs[denoiser]) {
    const config = { ...(own.config as object), ...vFields(family, id, said, denoiser) };
    components[denoiser] = { ...own, config };
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

/** The published model whose configs come nearest: what tensors cannot tell, names may. */
function configId({ published }: FamilyFiles, { variant }: Recognised, hint: string): FamilyConfigId {
  const isTurbo = variant === 'base' && /turbo/i.test(hint);
  return (isTurbo ? published.turbo : published[variant]) ?? published.base;
}

/** Told from the base by what it predicts: see FamilyFiles. */
function ownV(
  { predictsV, published }: FamilyFiles,
  id: FamilyConfigId,
  { prediction }: Pick<ToldPrediction, 'prediction'>,
): FamilyConfigs | undefined {
  const isV = predictsV && id === published.base && prediction === 'v_prediction';
  return isV ? FAMILY_CONFIGS[predictsV.config] : undefined;
}

/** What its config says of size and precision. */
function vFields(family: FamilyFiles, id: FamilyConfigId, said: ToldPrediction, denoiser: PublishedId): object {
  const config = ownV(family, id, said)?.[denoiser] as Config | undefined;
  return config ? { sample_size: config['sample_size'], upcast_attention: config['upcast_attention'] } : {};
}

interface Opened {
  component: CheckpointPart;
  missing: string[];
  unused: string[];
}

function openComponent(
  component: PublishedId,
  tensors: Tensors,
  { id, around }: { id: FamilyConfigId; around: Surroundings },
): Opened {
  const given = around.configs[component];
  if (!given) assertWhole(component, tensors, around.file);
  const published = publishedOf(component);
  const base: FamilyConfigs = FAMILY_CONFIGS[id];
  const config = given?.json ?? published.config(tensors, (base[component] ?? {}) as Config);
  const file = given?.file ?? `${around.file} (${component})`;
  const ask = () => neededTensors(component, { file, config }, tensors);
  const needed = given ? ask() : inWordsOfFiles(ask, `${around.file}: the ${published.name}`);
  const fitted = fitTensors(tensors, needed, given ? undefined : `in a model of this kind it has`);
  const layers = Number((config as { num_hidden_layers?: unknown }).num_hidden_layers);
  return {
    component: { config, tensors: new Checkpoint(fitted.tensors) },
    missing: fitted.missing,
    unused: fitted.unused.filter((key) => published.isSpare?.(key, layers) !== true),
  };
}

/** A single file has no config: what is wrong with the one that was made of its tensors is what is odd about the file. */
function inWordsOfFiles<Value>(ask: () => Value, what: string): Value {
  try {
    return ask();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const sentence = `${what} has other layers than those of ${whatRuns()}: it may be a smaller or an altered model, which Gesso does not run`;
    throw new AppError('unsupported-model', sentence, { cause: error });
  }
}

function assertWhole(component: PublishedId, tensors: Tensors, file: string): void {
  for (const names of publishedOf(component).essential)
    if (!names.some((name) => tensors.has(name)))
      throw new AppError(
        'bad-file',
        `${file}: the ${component} has no "${names[0]}"; the file is damaged, or of a model that Gesso does not know`,
      );
}

type Schedule = Pick<OpenedCheckpoint, 'prediction' | 'zeroTerminalSnr' | 'scheduler'>;

interface Nearest {
  id: FamilyConfigId;
  family: FamilyFiles;
}

async function schedule(
  nearest: Nearest,
  { around, denoiser }: { around: Surroundings; denoiser: TensorReader | undefined },
): Promise<Schedule> {
  if (around.scheduler !== undefined) {
    const said = around.scheduler as { prediction_type?: unknown; rescale_betas_zero_snr?: unknown };
    return {
      prediction: said.prediction_type === 'v_prediction' ? 'v_prediction' : 'epsilon',
      zeroTerminalSnr: said.rescale_betas_zero_snr === true,
      scheduler: around.scheduler,
    };
  }
  const told = await readPrediction(around.files, { family: nearest.family, denoiser, notes: around.notes });
  return { ...told, scheduler: schedulerConfig(nearest, told) };
}

function schedulerConfig({ id, family }: Nearest, { prediction, zeroTerminalSnr }: ToldPrediction): object {
  const base = ownV(family, id, { prediction }) ?? FAMILY_CONFIGS[id];
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
  const tensors = [...components].find(([id]) => publishedRole(id) === 'denoiser')?.[1] ?? [...components.values()][0];
  const bytes = new Map<TensorDtype, number>();
  for (const { entry } of tensors.values()) bytes.set(entry.dtype, (bytes.get(entry.dtype) ?? 0) + entry.byteLength);
  const [dtype] = [...bytes].sort(([, a], [, b]) => b - a)[0] ?? ['F32'];
  return DTYPE_NAMES[dtype] ?? dtype;
}
