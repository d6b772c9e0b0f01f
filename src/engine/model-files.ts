/** Where the parts of a diffusers folder lie, and how they are read. @see hub layout of StableDiffusionPipeline */
import { AppError } from '../core/errors';
import type { ByteSource } from '../core/formats';
import type { ModelFiles } from './ports';

export const MODEL_PATHS = {
  textEncoderConfig: 'text_encoder/config.json',
  textEncoder: 'text_encoder/model.safetensors',
  /** SDXL's. */
  textEncoder2Config: 'text_encoder_2/config.json',
  textEncoder2: 'text_encoder_2/model.safetensors',
  unetConfig: 'unet/config.json',
  unet: 'unet/diffusion_pytorch_model.safetensors',
  vaeConfig: 'vae/config.json',
  vae: 'vae/diffusion_pytorch_model.safetensors',
  scheduler: 'scheduler/scheduler_config.json',
  /** Ours, optional: what a bundled model adds to the layout. */
  extras: 'gesso.json',
} as const;

/** A JSON file of the app is at most some MB (CLIP's tokenizer is 3.6 MB); more is not what it says it is. */
const MAX_JSON_BYTES = 64 * 1024 * 1024;

/** @throws AppError 'bad-file' naming the file when it is not JSON */
export async function readJson(files: ModelFiles, path: string): Promise<unknown> {
  const source = await files.open(path);
  if (source.size > MAX_JSON_BYTES)
    throw new AppError('bad-file', `${path}: ${source.size} bytes is too much for a JSON file`);
  const bytes = await source.read(0, source.size);
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as unknown;
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    throw new AppError('bad-file', `${path}: is not JSON (${words})`, { cause: error });
  }
}

/** As readJson, undefined where the file does not exist. */
export async function readOptionalJson(files: ModelFiles, path: string): Promise<unknown> {
  return readJson(files, path).catch((error: unknown) => {
    if (error instanceof AppError && error.code === 'missing-file') return undefined;
    throw error;
  });
}

export type LoadProgress = (file: string, loadedBytes: number) => void;

/** Opens the weights; progress counts over all files opened through the same opener. */
export function createWeightOpener(files: ModelFiles, onProgress: LoadProgress): (path: string) => Promise<ByteSource> {
  let before = 0;
  return async (path) => {
    const source = await files.open(path, (loaded) => onProgress(path, before + loaded));
    before += source.size;
    return source;
  };
}
