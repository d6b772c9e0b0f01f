/** The starter's ControlNet, as tools/starter trains it, becomes the pack `public/models/starter-control`, in 8 bits. */
import { openAsBlob } from 'node:fs';
import { join } from 'node:path';
import { bundledPath } from '../../src/core/catalog';
import { BUILT_IN_CONTROL } from '../../src/core/catalog/built-in-control';
import { importCheckpoint, shardsOf } from '../../src/core/packs';
import { blobSource } from '../../src/platform/storage/blob-source';
import { ROOT } from '../lib/paths.mjs';
import { createFolderPack } from './folder-packs';

export const CONTROL_PACK = join(ROOT, 'public', bundledPath(BUILT_IN_CONTROL) ?? '');

/** @param folder  config.json and weights, as diffusers saves them @returns what was written, in words */
export async function shipControl(folder: string): Promise<string> {
  const { id, name } = BUILT_IN_CONTROL;
  const open = async (file: string, as = file) => blobSource(as, await openAsBlob(join(folder, file)));
  const pack = await importCheckpoint({
    sources: [await open('diffusion_pytorch_model.safetensors', `${id}.safetensors`), await open('config.json')],
    id,
    name,
    plan: 'q8',
    draft: await createFolderPack(CONTROL_PACK.replace(/[\\/]$/, '')),
    onProgress: () => undefined,
  });
  const bytes = shardsOf(pack).reduce((sum, { byteLength }) => sum + byteLength, 0);
  return `${CONTROL_PACK}: ${Object.keys(pack.components).join()}, ${pack.plan}, ${bytes} bytes`;
}
