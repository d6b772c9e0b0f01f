/** Files of a bundled model, fetched below the app's own address. */
import type { ModelFiles } from '../../engine/ports';
import { blobSource } from '../storage/blob-source';
import { fetchBlob } from './fetch-blob';
import { openPacked, PACKED, PACKED_FOLDER } from './packed-files';

/**
 * @param folderUrl  absolute address of the model's folder, with a slash at its end
 * @param packed     what the build has packed, by its path from the app's address
 */
export function createFetchFiles(folderUrl: string, packed = PACKED.files): ModelFiles {
  const paths = Object.keys(packed);
  return {
    async open(path, onProgress) {
      const { href } = new URL(path, folderUrl);
      const key = paths.find((known) => href.endsWith(`/${known}`));
      if (key === undefined) return blobSource(path, await fetchBlob({ address: href, name: path, onProgress }));
      const address = href.slice(0, -key.length) + PACKED_FOLDER + packed[key].file;
      return blobSource(path, await openPacked(packed[key], { address, name: path, onProgress }));
    },
  };
}
