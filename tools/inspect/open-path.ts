/** Files that a question is about, and what is wrong with how they were asked for as a `UsageError`. */
import { AppError } from '../../src/core/errors';
import { openSources } from '../../src/core/testing/open-sources';
import { UsageError } from './arguments';

/** @throws UsageError where there is no path, or nothing at it */
export function openPath(path: string): ReturnType<typeof openSources> {
  if (path === '') throw new UsageError('There is no path.');
  return openSources(path).catch(asUsage);
}

/** Throws an AppError on as a mistake of whoever asked, anything else as it is. */
export function asUsage(error: unknown): never {
  throw error instanceof AppError ? new UsageError(`${error.message}.`) : error;
}
