/** A model that is ready-made ONNX graphs, described by data. */
import { exportComponent, type ExportComponentId, type OnnxExport } from '../core/catalog';
import { AppError } from '../core/errors';
import { SD15_LATENT_RGB, SDXL_LATENT_RGB } from '../core/latents';
import { FAMILY_CONFIGS } from '../core/families/configs';
import type { ComponentId } from '../core/networks/component';
import { readNoiseScheduleConfig } from '../core/schedules';
import type { Tokenizer } from '../core/tokenizer';
import type { FilledGraph, LazyGraph } from '../core/weights';
import { createExportSession } from './export-session';
import type { ModelSource } from './model-source';
import type { Runtime } from './ports';
import type { ModelTraits, TextTraits } from './traits';

/** Where its graphs are. */
export interface ExportFiles {
  bytes(component: ExportComponentId): number;
  open(component: ExportComponentId): Promise<FilledGraph | LazyGraph>;
}

export interface ExportSourceParts {
  description: OnnxExport;
  files: ExportFiles;
  /** One a text encoder. */
  tokenizers: readonly Tokenizer[];
  runtime: Pick<Runtime, 'createSession'>;
  plan: string;
}

export function createExportSource({ description, files, tokenizers, runtime, plan }: ExportSourceParts): ModelSource {
  const traits = exportTraits(description, tokenizers);
  const found = (component: ComponentId) => exportComponent(description, component);
  return {
    traits,
    plan,
    activations: found('unet')?.inputs['sample'].type === 'float16' ? 'float16' : 'float32',
    canWiden: false,
    has: (component) => found(component) !== undefined,
    loadedBytes: (component) => (found(component) ? files.bytes(component as ExportComponentId) : 0),
    async open(component) {
      const part = found(component);
      if (!part) throw new AppError('missing-file', `This export has no ${component}.`);
      const id = component as ExportComponentId;
      const raw = await runtime.createSession(await files.open(id));
      const { latentFactor } = traits;
      const session = createExportSession({ component: id, description: part, session: raw, latentFactor });
      return { session, bytes: files.bytes(id) };
    },
  };
}

const LATENT_CHANNELS = 4;

/** The deepest U-Net halves its latent three times, and an export may have been traced for sizes that halve evenly alone. */
const HALVINGS = 8;

const FAMILIES = { sd15: 'sd15', sd21: 'sd21-base', sdxl: 'sdxl' } as const;

function exportTraits(description: OnnxExport, tokenizers: readonly Tokenizer[]): ModelTraits {
  const { family, components, size, scheduler } = description;
  const configs = FAMILY_CONFIGS[FAMILIES[family]];
  const isXl = family === 'sdxl';
  const ids = isXl ? (['text_encoder', 'text_encoder_2'] as const) : (['text_encoder'] as const);
  const texts = ids.map((component, i): TextTraits => {
    const width = components[component]?.width ?? 0;
    return { component, tokenizer: tokenizers[i], width };
  });
  const latentFactor = description.latentFactor ?? 8;
  return {
    isXl,
    texts,
    clipSkip: 'none',
    maxTokens: description.tokens,
    unetChannels: LATENT_CHANNELS,
    latentChannels: LATENT_CHANNELS,
    latentFactor,
    sizeStep: latentFactor * (size ? 1 : HALVINGS),
    ...(size ? { onlySize: size } : {}),
    scalingFactor: description.scalingFactor ?? configs.vae.scaling_factor,
    shiftFactor: 0,
    noise: readNoiseScheduleConfig(scheduler ?? configs.scheduler),
    latentRgb: isXl ? SDXL_LATENT_RGB : SD15_LATENT_RGB,
  };
}
