/** Autoencoders (VAEs) and text encoders that come alone into the library: told by what is in the files, kept as packs of their own. */
import { collectFiles } from '../../core/checkpoints/collect';
import { AppError } from '../../core/errors';
import { openTensorFile, type ByteSource } from '../../core/formats';
import { publishedRole } from '../../core/networks/published';

/** Names of files that may hold a part of a model. */
const FILE = /\.(safetensors|sft|pth|pt|bin|ckpt)$/i;

export type LentPart = 'autoencoder' | 'text';

/** What the one file of weights there is lends to models, by its header. Undefined where it cannot be read: as a model it says why. */
export async function lentPart(sources: readonly ByteSource[]): Promise<LentPart | undefined> {
  const weights = sources.filter(({ name }) => FILE.test(name));
  if (weights.length !== 1) return undefined;
  try {
    const { components } = collectFiles([await openTensorFile(weights[0])]);
    const roles = new Set([...components.keys()].map(publishedRole));
    if (roles.size !== 1) return undefined;
    if (roles.has('decoder')) return 'autoencoder';
    return roles.has('text') ? 'text' : undefined;
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}
