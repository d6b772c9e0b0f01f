/** A model that is ready-made ONNX graphs, described by data. */
import type { OnnxExport } from '../../core/catalog';
import { AppError } from '../../core/errors';
import { familyOf } from '../../core/families';
import { FAMILY_CONFIGS } from '../../core/families/configs';
import { FILES } from '../../core/families/files';
import type { ComponentId } from '../../core/networks/components';
import { readNoiseScheduleConfig } from '../../core/schedules';
import type { Tokenizer } from '../../core/tokenizer';
import type { FilledGraph, LazyGraph } from '../../core/weights';
import { coloursOf } from './graph-traits';
import { createExportSession } from './export-session';
import type { ModelSource } from './model-source';
import type { Runtime } from '../ports';
import { publishedNetwork } from './published-network';
import { familyTraits, type ModelTraits, type TextTraits } from './traits';

/** Where its graphs are. */
export interface ExportFiles {
  bytes(component: ComponentId): number;
  open(component: ComponentId): Promise<FilledGraph | LazyGraph>;
}

export interface ExportSourceParts {
  description: OnnxExport;
  files: ExportFiles;
  /** One tokenizer for each text encoder. */
  tokenizers: readonly Tokenizer[];
  runtime: Pick<Runtime, 'createSession'>;
  plan: string;
}

export function createExportSource({ description, files, tokenizers, runtime, plan }: ExportSourceParts): ModelSource {
  const traits = exportTraits(description, tokenizers);
  const found = (component: ComponentId) => description.components[component];
  return {
    traits,
    plan,
    activations: found(traits.parts.denoiser)?.inputs['sample'].type === 'float16' ? 'float16' : 'float32',
    canWiden: false,
    has: (component) => found(component) !== undefined,
    loadedBytes: (component) => (found(component) ? files.bytes(component) : 0),
    async open(component) {
      const part = found(component);
      if (!part) throw new AppError('missing-file', `This export has no ${component}.`);
      const raw = await runtime.createSession(await files.open(component));
      const { latentFactor } = traits;
      const session = createExportSession({ component, description: part, session: raw, latentFactor });
      return { session, bytes: files.bytes(component) };
    },
  };
}

/** Cells that sides are multiples of: the deepest U-Net halves its latent three times, and an export may have been traced for even halves alone. */
const HALVED_STEP = 2 ** 3;

function exportTraits(description: OnnxExport, tokenizers: readonly Tokenizer[]): ModelTraits {
  const { components, size, scheduler } = description;
  const family = familyOf(description.family);
  const { decoder, latentChannels } = family;
  const sizes = publishedNetwork(description.family, decoder).sizes.autoencoder;
  const texts = family.texts.map(({ component }, i): TextTraits => {
    const width = components[component]?.width ?? 0;
    return { component, tokenizer: tokenizers[i], width };
  });
  const latentFactor = description.latentFactor ?? sizes?.latentFactor ?? 1;
  return {
    ...familyTraits(family),
    texts,
    clipSkip: 'none',
    maxTokens: description.tokens,
    inChannels: latentChannels,
    latentChannels,
    latentFactor,
    sizeStep: latentFactor * (size ? 1 : HALVED_STEP),
    ...(size ? { onlySize: size } : {}),
    scalingFactor: description.scalingFactor ?? sizes?.scalingFactor ?? 1,
    shiftFactor: 0,
    noise: readNoiseScheduleConfig(scheduler ?? FAMILY_CONFIGS[FILES[description.family].published.base].scheduler),
    latentRgb: coloursOf(family),
  };
}
