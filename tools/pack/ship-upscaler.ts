/** The upscaler that ships with the app: a file of its published weights becomes the pack `public/models/upscaler`, in half precision. */
import { openAsBlob } from 'node:fs';
import { join } from 'node:path';
import { BUILT_IN_UPSCALER } from '../../src/core/catalog/built-in-upscaler';
import { bundledPath } from '../../src/core/catalog';
import { importCheckpoint, shardsOf } from '../../src/core/packs';
import { blobSource } from '../../src/platform/storage/blob-source';
import { ROOT } from '../lib/paths.mjs';
import { createFolderPack } from './folder-packs';

export const UPSCALER_PACK = join(ROOT, 'public', bundledPath(BUILT_IN_UPSCALER) ?? '');

/** @param path  realesr-animevideov3-x4.safetensors @returns what was written, in words */
export async function shipUpscaler(path: string): Promise<string> {
  const { id, name } = BUILT_IN_UPSCALER;
  const pack = await importCheckpoint({
    sources: [blobSource(path.replace(/^.*[\\/]/, ''), await openAsBlob(path))],
    id,
    name,
    plan: 'float16',
    isUpscaler: true,
    draft: await createFolderPack(UPSCALER_PACK.replace(/[\\/]$/, '')),
    onProgress: () => undefined,
  });
  const bytes = shardsOf(pack).reduce((sum, { byteLength }) => sum + byteLength, 0);
  return `${UPSCALER_PACK}: ${Object.keys(pack.components).join()}, ${pack.plan}, ${bytes} bytes`;
}
