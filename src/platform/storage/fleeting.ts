/** Whether what is kept goes with the window. Browsers do not say; those whose private windows refuse Blobs are found out. */
import { isBlobBytes } from './kept-blobs';
import type { KeyValue } from './key-value';

const KEY = 'probe';

/** @returns asks once, by keeping a Blob for a moment; false where that cannot be done */
export function createFleetingProbe(values: KeyValue): () => Promise<boolean> {
  let answer: Promise<boolean> | undefined;

  async function probe(): Promise<boolean> {
    await values.change([[KEY, new Blob(['?'])]]);
    const isFleeting = isBlobBytes(await values.get(KEY));
    await values.change([], [KEY]);
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
