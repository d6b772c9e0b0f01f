/** The bytes of a PNG of one grey pixel. */
import { PNG } from 'pngjs';

export const bytesOfPng = (): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(PNG.sync.write(new PNG({ width: 1, height: 1 })));
