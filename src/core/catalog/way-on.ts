/** Which model to get for what the one at hand cannot draw: the smallest that paints from words and will do here. */
import type { ModelEntry } from './catalog';
import type { Verdict } from './verdict';

export interface WayOn {
  entry: ModelEntry;
  verdict: Verdict;
}

/**
 * Those that run well here before those that are slow; then by bytes. A licence that must be agreed to comes only where nothing else is left,
 * and ready-made graphs, which take no LoRA, after checkpoints.
 *
 * @param absent  that can be got; helpers and what is built in are passed over
 * @param judged  of an entry on this device
 */
export function wayOn(
  absent: readonly ModelEntry[],
  judged: (entry: ModelEntry) => Verdict | undefined,
): WayOn | undefined {
  return absent
    .flatMap((entry) => {
      const verdict = paintsWords(entry) ? judged(entry) : undefined;
      return verdict && verdict.level !== 'no' ? [{ entry, verdict }] : [];
    })
    .toSorted((a, b) => rank(a) - rank(b) || sizeOf(a.entry) - sizeOf(b.entry))[0];
}

/** What says no size comes last. */
const sizeOf = ({ downloadBytes = Number.MAX_SAFE_INTEGER }: ModelEntry): number => downloadBytes;

const rank = ({ entry, verdict }: WayOn): number =>
  4 * Number(entry.licence.mustAccept === true) +
  2 * Number(verdict.level === 'slow') +
  Number(entry.source.kind === 'onnx');

const paintsWords = ({ role, source }: ModelEntry): boolean =>
  role === undefined && source.kind !== 'bundled' && source.kind !== 'imported';
