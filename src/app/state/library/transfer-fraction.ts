/** How much of a model is here, of one that is on its way. */
import type { Transfer } from '../../../engine/library-api';

/** Undefined where nothing is known yet. */
export function transferFraction({
  doneBytes,
  totalBytes,
}: Pick<Transfer, 'doneBytes' | 'totalBytes'>): number | undefined {
  return totalBytes > 0 ? Math.min(1, doneBytes / totalBytes) : undefined;
}
