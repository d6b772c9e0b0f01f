/** Asks the browser to keep what is stored until the person deletes it. Some ask the person in turn: not before there is something to keep. */

let asked: Promise<boolean> | undefined;

/** Once a visit, and not where it is promised already. Never rejects. @returns whether it will last */
export function askToLast(storage: Partial<StorageManager> | undefined = navigator.storage): Promise<boolean> {
  asked ??= ask(storage);
  return asked;
}

async function ask(storage: Partial<StorageManager> | undefined): Promise<boolean> {
  try {
    if (await storage?.persisted?.()) return true;
    return (await storage?.persist?.()) ?? false;
  } catch (error) {
    console.info('The browser cannot be asked to keep what is stored.', error);
    return false;
  }
}
