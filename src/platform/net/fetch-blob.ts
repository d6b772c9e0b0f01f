/** One file of the app's own, as it comes, with progress. */
import { AppError } from '../../core/errors';

export interface Wanted {
  address: URL | string;
  /** Name that errors have for it. */
  name: string;
  /** Told how many bytes have come over the line so far. */
  onProgress?: ((loadedBytes: number) => void) | undefined;
}

/** @throws AppError 'missing-file' or 'offline' naming the file */
export async function fetchBlob({ address, name, onProgress }: Wanted): Promise<Blob> {
  const response = await fetch(address).catch((error: unknown) => {
    throw offline(name, error);
  });
  if (response.status === 404) throw new AppError('missing-file', `${name}: the server has no such file`);
  if (!response.ok)
    throw new AppError('offline', `${name}: the server answered ${response.status} ${response.statusText}`);
  if (!response.body) return response.blob();
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let loaded = 0;
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await reader.read().catch((error: unknown) => {
      throw offline(name, error);
    });
    if (done) return new Blob(parts);
    parts.push(value);
    loaded += value.length;
    onProgress?.(loaded);
  }
}

function offline(name: string, error: unknown): AppError {
  const words = error instanceof Error ? error.message : String(error);
  return new AppError('offline', `${name}: ${words}; check the connection and try again`, { cause: error });
}
