/** Opens a checkpoint of any layout: one file, some files, or the hub's folder. Of the weights, nothing is read yet. */
import { AppError } from '../errors';
import type { ByteSource } from '../formats';
import { readFolder } from './folder';
import { openFiles } from './open-files';
import { openFolder } from './open-folder';
import type { OpenedCheckpoint } from './opened';

/**
 * @param sources one file, or the files of a folder with their paths as names ("unet/config.json"); files that are no
 *   weights may be among them
 * @throws AppError 'bad-file', 'missing-file', or 'unsupported-model' naming what it is instead
 */
export async function openCheckpoint(sources: readonly ByteSource[]): Promise<OpenedCheckpoint> {
  if (sources.length === 0)
    throw new AppError('missing-file', 'there is no file; choose a .safetensors or .ckpt file, or a folder of them');
  const folder = await readFolder(sources);
  return folder ? openFolder(folder, sources) : openFiles(sources);
}
