/** A bundled model: a folder in the hub's diffusers layout, read as it is. */
import { Checkpoint } from '../core/checkpoints';
import { AppError } from '../core/errors';
import type { ByteSource } from '../core/formats';
import { elementCount, exprShape } from '../core/graph';
import { readLatentRgb } from '../core/image';
import { readAutoencoderConfig, readClipTextConfig, readUnetConfig } from '../core/models';
import type { ComponentId } from '../core/packs';
import { createDiscreteSchedule, readNoiseScheduleConfig } from '../core/schedules';
import type { Tokenizer } from '../core/tokenizer';
import { fillGraph } from '../core/weights';
import { createGraphSource, type GraphConfigs, type WeightBank } from './graph-source';
import { graphTraits } from './graph-traits';
import { createWeightOpener, MODEL_PATHS, readJson, readOptionalJson, type LoadProgress } from './model-files';
import type { ModelSource } from './model-source';
import type { ModelFiles, Ports, Runtime } from './ports';

const WEIGHT_PATHS: Partial<Record<ComponentId, string>> = {
  text_encoder: MODEL_PATHS.textEncoder,
  text_encoder_2: MODEL_PATHS.textEncoder2,
  unet: MODEL_PATHS.unet,
  vae_decoder: MODEL_PATHS.vae,
  vae_encoder: MODEL_PATHS.vae,
};

export interface FolderInput {
  files: ModelFiles;
  runtime: Runtime;
  ports: Pick<Ports, 'createTokenizer'>;
  onProgress: LoadProgress;
  /** As the catalogue says. */
  totalBytes: number;
}

/** Reads configs and tokenizers; weights are opened when a component is. @throws AppError naming the file at fault */
export async function openDiffusersFolder({ files, runtime, ports, ...o }: FolderInput): Promise<ModelSource> {
  const paths = MODEL_PATHS;
  const scheduler = await readJson(files, paths.scheduler);
  const noise = readNoiseScheduleConfig(scheduler, paths.scheduler);
  createDiscreteSchedule(noise); // for its checks: better now than when a picture is asked for
  const unet = readUnetConfig(paths.unetConfig, await readJson(files, paths.unetConfig));
  const text = readClipTextConfig(paths.textEncoderConfig, await readJson(files, paths.textEncoderConfig));
  const isXl = unet.addedCondition !== undefined;
  const text2 = isXl
    ? readClipTextConfig(paths.textEncoder2Config, await readJson(files, paths.textEncoder2Config))
    : undefined;
  const vae = readAutoencoderConfig(paths.vaeConfig, await readJson(files, paths.vaeConfig));
  const configs: GraphConfigs = { text, text2, unet, vae };
  const tokenizers = [await readTokenizer(files, ports, 'tokenizer')];
  if (isXl) tokenizers.push(await readTokenizer(files, ports, 'tokenizer_2'));
  const ownRgb = readLatentRgb(await readOptionalJson(files, paths.extras), vae.latentChannels);
  const traits = graphTraits({ configs, noise, tokenizers, ownRgb });
  const bank = createFolderBank(createWeightOpener(files, o.onProgress), isXl, o.totalBytes);
  return createGraphSource({ configs, traits, bank, runtime });
}

async function readTokenizer(
  files: ModelFiles,
  ports: Pick<Ports, 'createTokenizer'>,
  folder: string,
): Promise<Tokenizer> {
  const json = await readJson(files, `${folder}/tokenizer.json`);
  return ports.createTokenizer(json, await readJson(files, `${folder}/tokenizer_config.json`));
}

/** Its files are read whole, and widened to float32: for models small enough to be bundled. */
function createFolderBank(open: (path: string) => Promise<ByteSource>, isXl: boolean, totalBytes: number): WeightBank {
  const checkpoints = new Map<string, Checkpoint>();
  const has = (component: ComponentId): boolean =>
    component === 'text_encoder_2' ? isXl : WEIGHT_PATHS[component] !== undefined;
  return {
    plan: 'float32',
    has,
    // Which part is how large is not known before its file is open: all of it, widened from half, is counted as the U-Net.
    loadedBytes: (component) => (component === 'unet' ? 2 * totalBytes : 0),
    async open(component) {
      const path = WEIGHT_PATHS[component];
      if (path === undefined) throw new AppError('missing-file', `${component}: a bundled model has none`);
      const checkpoint = checkpoints.get(path) ?? (await Checkpoint.open([await open(path)]));
      checkpoints.set(path, checkpoint);
      return {
        fill: async (graph) => {
          const bytes = graph.weights.reduce((sum, { expr }) => sum + 4 * elementCount(exprShape(expr)), 0);
          return { graph: await fillGraph(graph, checkpoint), bytes };
        },
      };
    },
  };
}
