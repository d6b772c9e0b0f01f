/** The autoencoder that a request asks for in place of the model's own. */
import type { GenerationRequest } from './request';

/** By the name of a file of the library; undefined where it is the model's own. */
export const ownVae = ({ vae = 'automatic' }: Pick<GenerationRequest, 'vae'>): string | undefined =>
  vae === 'automatic' ? undefined : vae;

/** As A1111 tells it: the file's name with its ending, and the first ten digits of its hash. */
export const vaeFacts = (
  file: { fileName: string; sha256?: string } | undefined,
): { vae?: string; vaeHash?: string } =>
  file ? { vae: file.fileName, ...(file.sha256 && { vaeHash: file.sha256.slice(0, 10) }) } : {};
