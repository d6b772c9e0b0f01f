/** Whether what is kept goes with the window. Browsers do not say; those whose private windows refuse Blobs are found out. */
import { isBlobBytes } from './kept-blobs';
import type { KeyValue } from './key-value';

/** @returns asks once, by keeping a Blob for a moment; false where that cannot be done */
export function createFleetingProbe(values: KeyValue): () => Promise<boolean> {
  let answer: Promise<boolean> | undefined;

  async function probe(): Promise<boolean> {
    const key = `probe:${crypto.randomUUID()}`; // another tab may ask at the same time
    await values.change([[key, new Blob(['?'])]]);
    const isFleeting = isBlobBytes(await values.get(key));
    await values.change([], [key]);
    return isFleeting;
  }

  return () => {
    answer ??= probe().catch((error: unknown) => {
      console.info('Whether storage lasts cannot be found out.', error);
      return false;
    });
    return answer;
  };
}
