/** The graph of a component by its name, with all that any way of loading it reads. */
import type { BuiltGraph, GraphForm, Target } from '../graph';
import type { ComponentId } from './component';
import { readAutoencoderConfig } from './autoencoder-config';
import { buildAutoencoderDecoder } from './autoencoder-decoder';
import { buildAutoencoderEncoder } from './autoencoder-encoder';
import { buildClipText } from './clip-text';
import { readClipTextConfig } from './clip-text-config';
import { buildTinyDecoder, buildTinyEncoder } from './tiny-autoencoder';
import { readTinyAutoencoderConfig } from './tiny-autoencoder-config';
import { buildUnet } from './unet';
import { readUnetConfig } from './unet-config';

export interface ConfigFile {
  /** How errors call the config. */
  file: string;
  /** The hub's config.json. */
  config: unknown;
}

type Build = (file: string, config: unknown, form: Target | GraphForm) => BuiltGraph;

const BUILDERS: Record<ComponentId, Build> = {
  text_encoder: (file, config, form) => buildClipText(readClipTextConfig(file, config), form),
  text_encoder_2: (file, config, form) => buildClipText(readClipTextConfig(file, config), form, { pooled: true }),
  unet: (file, config, form) => buildUnet(readUnetConfig(file, config), form),
  vae_decoder: (file, config, form) => buildAutoencoderDecoder(readAutoencoderConfig(file, config), form),
  vae_encoder: (file, config, form) => buildAutoencoderEncoder(readAutoencoderConfig(file, config), form),
  taesd_decoder: (file, config, form) => buildTinyDecoder(readTinyAutoencoderConfig(file, config), form),
  taesd_encoder: (file, config, form) => buildTinyEncoder(readTinyAutoencoderConfig(file, config), form),
};

/** @throws AppError 'bad-file' or 'unsupported-model' where the config is not of a model that Gesso runs */
export function buildComponentGraph(
  id: ComponentId,
  { file, config }: ConfigFile,
  form: Target | GraphForm,
): BuiltGraph {
  return BUILDERS[id](file, config, form);
}
