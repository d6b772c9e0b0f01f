/** A model of the library, as its worker tells of it. */
import type { StoredModel } from '../../engine/library-api';

/** An imported checkpoint of one byte. */
export const storedModel = (id: string, name: string): StoredModel => ({
  ...{ id, name, family: 'sd15', plan: 'q8', bytes: 1, addedAt: 0, fileName: `${id}.safetensors` },
});
