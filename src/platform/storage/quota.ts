/** Room on this computer: how much the browser gives, what its refusals mean. */
import { AppError } from '../../core/errors';

export interface StorageRoom {
  /** Undefined where the browser does not say. */
  usedBytes?: number;
  /** What the browser allows this page in all; undefined where it does not say. */
  quotaBytes?: number;
  /** The browser has promised not to clear it by itself. */
  isPersistent: boolean;
  /** It goes with the window, as in a private one. */
  isFleeting?: boolean;
}

export async function measureRoom(): Promise<StorageRoom> {
  // WebKitGTK has none of it, and Safari before 17 no estimate.
  const { storage } = navigator as { storage?: Partial<StorageManager> };
  const { usage, quota } = (await storage?.estimate?.()) ?? {};
  return {
    ...(usage !== undefined && { usedBytes: usage }),
    ...(quota !== undefined && { quotaBytes: quota }),
    isPersistent: (await storage?.persisted?.()) ?? false,
  };
}

/** What a failed transaction means for a person. @returns AppError 'quota' or 'internal' */
export function toStorageError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  const { name, message } = thrown instanceof Error ? thrown : { name: '', message: String(thrown) };
  const options = { cause: thrown };
  if (name === 'QuotaExceededError' || /quota/i.test(message))
    return new AppError(
      'quota',
      'The browser has no more room for this page: delete models or pictures that you do not need.',
      options,
    );
  if (name === 'InvalidStateError' || name === 'UnknownError' || name === 'NotFoundError')
    return new AppError('internal', `The browser's storage did not answer (${name}): reload the page.`, options);
  return new AppError('internal', `The browser could not store it: ${message}`, options);
}

/**
 * Says no before anything is fetched.
 * @param deletable other models with what is free again without them, to be named where they would make room
 * @throws AppError 'quota' with what is needed, what is free, and what to delete
 */
export function assertRoom(
  neededBytes: number,
  { usedBytes = 0, quotaBytes }: StorageRoom,
  deletable: readonly { name: string; bytes: number }[],
): void {
  if (quotaBytes === undefined || usedBytes + neededBytes <= quotaBytes) return;
  const missing = usedBytes + neededBytes - quotaBytes;
  const found = `${gigabytes(neededBytes)} are needed and ${gigabytes(Math.max(0, quotaBytes - usedBytes))} are free.`;
  throw new AppError('quota', `${found} ${wayOut(missing, deletable)}`);
}

function wayOut(missing: number, deletable: readonly { name: string; bytes: number }[]): string {
  const largest = deletable.filter(({ bytes }) => bytes > 0).toSorted((a, b) => b.bytes - a.bytes);
  const enough = largest.findLast(({ bytes }) => bytes >= missing);
  if (enough) return `Deleting ${enough.name} would free ${gigabytes(enough.bytes)}.`;
  const all = largest.reduce((sum, { bytes }) => sum + bytes, 0);
  if (all >= missing) return `Delete ${largest.map(({ name }) => name).join(', ')} to make room.`;
  return 'Free some space on this disk: the browser gives a page a share of it.';
}

function gigabytes(bytes: number): string {
  return bytes < 1e9 ? `${Math.ceil(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}
