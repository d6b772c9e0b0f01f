/** Parts of the program that are fetched when they are first wanted. */

/** Said where one does not come. */
export const PART_MISSING = 'This part of Gesso could not be fetched: check the connection and try again.';

/** @returns undefined where it cannot be fetched, which has been said; the next call tries again */
export async function fetchPart<T>(load: () => Promise<T>, say: (words: string) => void): Promise<T | undefined> {
  try {
    return await load();
  } catch (error) {
    console.info('A part of the program could not be fetched.', error);
    say(PART_MISSING);
    return undefined;
  }
}
