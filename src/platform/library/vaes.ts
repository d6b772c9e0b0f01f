/** Autoencoders (VAEs) that come alone into the library: told by what is in the files, kept as a pack of their own. */
import { collectFiles } from '../../core/checkpoints/collect';
import { AppError } from '../../core/errors';
import { openTensorFile, type ByteSource } from '../../core/formats';
import { publishedRole } from '../../core/networks/published';

/** What may hold one. */
const FILE = /\.(safetensors|sft|pth|pt|bin|ckpt)$/i;

/** By the header of the one file of weights there is. False where it cannot be read: as a model it says why. */
export async function isVae(sources: readonly ByteSource[]): Promise<boolean> {
  const weights = sources.filter(({ name }) => FILE.test(name));
  if (weights.length !== 1) return false;
  try {
    const { components } = collectFiles([await openTensorFile(weights[0])]);
    return components.size > 0 && [...components.keys()].every((id) => publishedRole(id) === 'decoder');
  } catch (error) {
    if (error instanceof AppError) return false;
    throw error;
  }
}
