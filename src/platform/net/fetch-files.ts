/** Files of a bundled model, fetched below the app's own address. */
import { AppError } from '../../core/errors';
import type { ModelFiles } from '../../engine/ports';
import { blobSource } from '../storage/blob-source';

/** @param folderUrl absolute address of the model's folder, with a slash at its end */
export function createFetchFiles(folderUrl: string): ModelFiles {
  return {
    async open(path, onProgress) {
      const response = await fetch(new URL(path, folderUrl)).catch((error: unknown) => {
        throw offline(path, error);
      });
      if (response.status === 404) throw new AppError('missing-file', `${path}: the server has no such file`);
      if (!response.ok)
        throw new AppError('offline', `${path}: the server answered ${response.status} ${response.statusText}`);
      return blobSource(path, await readBlob(response, path, onProgress));
    },
  };
}

async function readBlob(response: Response, path: string, onProgress?: (loadedBytes: number) => void): Promise<Blob> {
  if (!response.body) return response.blob();
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let loaded = 0;
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await reader.read().catch((error: unknown) => {
      throw offline(path, error);
    });
    if (done) return new Blob(parts);
    parts.push(value as Uint8Array<ArrayBuffer>);
    loaded += value.length;
    onProgress?.(loaded);
  }
}

function offline(path: string, error: unknown): AppError {
  const words = error instanceof Error ? error.message : String(error);
  return new AppError('offline', `${path}: ${words}; check the connection and try again`, { cause: error });
}
