/** Which of the files that a person picks belong together. */
import { idFromName } from '../../core/catalog';
import { AppError } from '../../core/errors';
import type { PickedFile } from '../../engine/library-api';

export interface PickedModel {
  id: string;
  name: string;
  files: PickedFile[];
}

const CHECKPOINT = /\.(safetensors|ckpt|pt|tar)$/i;

/**
 * A folder, with its files' paths below it, is one model; files without a folder are one each.
 * @throws AppError 'bad-file' where there is nothing to import
 */
export function groupFiles(files: readonly PickedFile[]): PickedModel[] {
  const groups = new Map<string, PickedFile[]>();
  for (const { path, file } of files) {
    const [top = '', ...below] = path.split('/');
    const isInFolder = below.length > 0;
    const group = groups.get(top) ?? [];
    group.push({ path: isInFolder ? below.join('/') : top, file });
    if (isInFolder || CHECKPOINT.test(top)) groups.set(top, group);
  }
  if (groups.size === 0)
    throw new AppError('bad-file', 'There is no model among these files: choose .safetensors, .ckpt or .pt files.');
  return [...groups].map(([top, group]) => ({
    id: idFromName(top),
    name: top.replace(CHECKPOINT, ''),
    files: group,
  }));
}
