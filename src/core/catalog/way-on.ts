/** Which model to get for what the one at hand cannot draw: of those that paint from words, the smallest that runs well here, else the quickest. */
import type { ModelEntry } from './catalog';
import type { Verdict } from './verdict';

export interface WayOn {
  entry: ModelEntry;
  verdict: Verdict;
}

/**
 * Those that run well here before those that are slow. Of the first, a licence that must be agreed to comes only where nothing else is left,
 * then ready-made graphs, which take no LoRA, come after checkpoints, then the fewest bytes decide. Of the slow, the quickest: an hour of waiting
 * weighs more than a licence to agree to.
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
    .toSorted((a, b) => rank(a) - rank(b) || secondsOf(a) - secondsOf(b) || sizeOf(a.entry) - sizeOf(b.entry))[0];
}

/** What says no size comes last. */
const sizeOf = ({ downloadBytes = Number.MAX_SAFE_INTEGER }: ModelEntry): number => downloadBytes;

const rank = ({ entry, verdict }: WayOn): number =>
  verdict.level === 'slow' ? 4 : 2 * Number(entry.licence.mustAccept === true) + Number(entry.source.kind === 'onnx');

/** Decides among the slow alone: what runs well is quick enough. */
const secondsOf = ({ verdict }: WayOn): number =>
  verdict.level === 'slow' ? (verdict.secondsPerPicture ?? Number.MAX_SAFE_INTEGER) : 0;

const paintsWords = ({ role, source }: ModelEntry): boolean =>
  role === undefined && source.kind !== 'bundled' && source.kind !== 'imported';
