/** Tensors of a model that lie in files beside it, and shards cut from those. */
import { AppError } from '../../errors';

export interface ExternalRange {
  location: string;
  offset: number;
  byteLength: number;
}

/** A piece of an external file that becomes a file of its own. */
export interface Cut {
  /** Of the new file. */
  location: string;
  from: ExternalRange;
}

export interface CutPlan {
  cuts: Cut[];
  /** Where a tensor's range is afterwards. @throws RangeError for a range that was not in the plan */
  place(range: ExternalRange): ExternalRange;
}

export interface CutOptions {
  /** At most; a tensor larger than this gets a file for itself. */
  shardBytes: number;
  nameOf(index: number): string;
}

const keyOf = ({ location, offset, byteLength }: ExternalRange): string => `${location}\n${offset}\n${byteLength}`;

/** Cuts the external files between tensors. What no tensor is in is left out where a cut falls, and kept elsewhere. */
export function planCuts(ranges: readonly ExternalRange[], { shardBytes, nameOf }: CutOptions): CutPlan {
  const sorted = [...ranges].sort((a, b) =>
    a.location === b.location ? a.offset - b.offset : a.location < b.location ? -1 : 1,
  );
  const cuts: Cut[] = [];
  const places = new Map<string, ExternalRange>();
  for (const range of sorted) {
    let cut = cuts.at(-1);
    const end = range.offset + range.byteLength;
    const isInside = cut !== undefined && cut.from.location === range.location && range.offset < endOf(cut.from);
    const fits = cut !== undefined && cut.from.location === range.location && end - cut.from.offset <= shardBytes;
    if (!cut || !(isInside || fits)) {
      cut = { location: nameOf(cuts.length), from: { ...range, byteLength: 0 } };
      cuts.push(cut);
    }
    cut.from.byteLength = Math.max(endOf(cut.from), end) - cut.from.offset;
    places.set(keyOf(range), { ...range, location: cut.location, offset: range.offset - cut.from.offset });
  }
  return {
    cuts,
    place(range) {
      const place = places.get(keyOf(range));
      if (!place) throw new RangeError(`${range.location}: byte ${range.offset} is in no plan`);
      return place;
    },
  };
}

const endOf = ({ offset, byteLength }: ExternalRange): number => offset + byteLength;

/** "offset" and "length" are texts; "location" may begin with "./". */
export function readExternalEntries(entries: ReadonlyMap<string, string>, file: string): ExternalRange {
  const location = entries.get('location')?.replace(/^(\.\/)+/, '') ?? '';
  const [offset, byteLength] = ['offset', 'length'].map((key) =>
    Number(entries.get(key) ?? (key === 'offset' ? 0 : NaN)),
  );
  const isOutside = location === '' || location.startsWith('/') || location.split(/[\\/]/).includes('..');
  if (isOutside || !Number.isSafeInteger(offset) || offset < 0 || !Number.isSafeInteger(byteLength) || byteLength < 0)
    throw new AppError(
      'bad-file',
      `${file}: a tensor lies outside at "${location.slice(0, 100)}", bytes ${entries.get('offset') ?? 0} + ${entries.get('length') ?? 'unknown'}; it must be in a file beside the graph`,
    );
  return { location, offset, byteLength };
}
