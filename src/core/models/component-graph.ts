/** The graph of a component at the smallest size: which weights it reads does not depend on the size. */
import type { BuiltGraph, GraphForm, Target } from '../graph';
import type { ComponentId } from '../packs/pack';
import { latentFactor, readAutoencoderConfig } from './autoencoder-config';
import { buildAutoencoderDecoder } from './autoencoder-decoder';
import { buildAutoencoderEncoder } from './autoencoder-encoder';
import { buildClipText } from './clip-text';
import { readClipTextConfig } from './clip-text-config';
import { buildTinyDecoder, buildTinyEncoder } from './tiny-autoencoder';
import { readTinyAutoencoderConfig } from './tiny-autoencoder-config';
import { buildUnet } from './unet';
import { halvings, readUnetConfig } from './unet-config';

export interface ConfigFile {
  /** How errors call the config. */
  file: string;
  /** The hub's config.json. */
  config: unknown;
}

const square = (side: number): { height: number; width: number } => ({ height: side, width: side });
const CELL = square(1);

type Build = (file: string, config: unknown, form: Target | GraphForm) => BuiltGraph;

/** With all that any way of loading it reads. */
const BUILDERS: Record<ComponentId, Build> = {
  text_encoder: (file, config, form) => buildClipText(readClipTextConfig(file, config), form),
  text_encoder_2: (file, config, form) => buildClipText(readClipTextConfig(file, config), form, { pooled: true }),
  unet: (file, json, form) => {
    const config = readUnetConfig(file, json);
    return buildUnet(config, square(2 ** halvings(config)), form);
  },
  vae_decoder: (file, config, form) => buildAutoencoderDecoder(readAutoencoderConfig(file, config), CELL, form),
  vae_encoder: (file, json, form) => {
    const config = readAutoencoderConfig(file, json);
    return buildAutoencoderEncoder(config, square(latentFactor(config)), form);
  },
  taesd_decoder: (file, config, form) => buildTinyDecoder(readTinyAutoencoderConfig(file, config), CELL, form),
  taesd_encoder: (file, config, form) => buildTinyEncoder(readTinyAutoencoderConfig(file, config), square(8), form),
};

/** @throws AppError 'bad-file' or 'unsupported-model' where the config is not of a model that Gesso runs */
export function buildComponentGraph(
  id: ComponentId,
  { file, config }: ConfigFile,
  form: Target | GraphForm,
): BuiltGraph {
  return BUILDERS[id](file, config, form);
}
