/**
 * Numbers of several bytes, laid out so that packers find more: all first bytes, then all second ones. Of float16 weights one byte of
 * two is sign, exponent and the first bits of the fraction, which repeat; side by side with the other bytes that is hardly seen.
 */

/** Where numbers of `size` bytes lie: `offset` and `length` in bytes. */
export interface Numbers {
  offset: number;
  length: number;
  size: number;
}

/** Bytes of a number in the head, which are little endian. The first says that it is one. */
const WORD = 4;
const MARK = 0x314e4c50;

/**
 * @param numbers  their places, which do not overlap; what lies between them stays as it is, at the end
 * @returns a mark, how many places, the places, planes of all numbers of a size together, the rest
 */
export function splitPlanes(bytes: Uint8Array, numbers: readonly Numbers[]): Uint8Array<ArrayBuffer> {
  const places = [...numbers].sort((a, b) => a.size - b.size || a.offset - b.offset);
  const head = new Uint8Array(headLength(places.length));
  const view = new DataView(head.buffer);
  [MARK, places.length, ...places.flatMap(({ offset, length, size }) => [offset, length, size])].forEach((value, i) =>
    view.setUint32(WORD * i, value, true),
  );
  const split = new Uint8Array(head.length + bytes.length);
  split.set(head);
  let to = head.length;
  for (const { at, step, count } of runsOf(places, bytes.length)) {
    if (step === 1) split.set(bytes.subarray(at, at + count), to);
    else for (let i = 0; i < count; i++) split[to + i] = bytes[at + step * i];
    to += count;
  }
  return split;
}

const headLength = (places: number): number => WORD * (2 + 3 * places);

/** False for whatever else arrives in its place. */
export const isSplit = (bytes: Uint8Array): boolean =>
  bytes.length >= WORD && new DataView(bytes.buffer, bytes.byteOffset, WORD).getUint32(0, true) === MARK;

/** @throws RangeError where it is cut off, or says of places that it does not have */
export function joinPlanes(split: Uint8Array): Uint8Array<ArrayBuffer> {
  const view = new DataView(split.buffer, split.byteOffset, split.byteLength);
  const word = (i: number): number => view.getUint32(WORD * i, true);
  const places = Array.from({ length: word(1) }, (_, i) => ({
    offset: word(3 * i + 2),
    length: word(3 * i + 3),
    size: word(3 * i + 4),
  }));
  if (places.some(({ offset, length, size }) => size < 1 || offset + length > split.length))
    throw new RangeError('It has numbers beyond its end.');
  let from = headLength(places.length);
  const bytes = new Uint8Array(split.length - from);
  for (const { at, step, count } of runsOf(places, bytes.length)) {
    if (step === 1) bytes.set(split.subarray(from, from + count), at);
    else for (let i = 0; i < count; i++) bytes[at + step * i] = split[from + i];
    from += count;
  }
  return bytes;
}

/** Bytes of the plain file that lie side by side in the split one: `count` of them, every `step`-th from `at` on. */
interface Run {
  at: number;
  step: number;
  count: number;
}

/** All bytes, in the order in which the split ones have them. */
function* runsOf(places: readonly Numbers[], byteLength: number): Generator<Run> {
  for (const step of new Set(places.map((place) => place.size))) {
    const same = places.filter((place) => place.size === step);
    for (let plane = 0; plane < step; plane++)
      for (const { offset, length } of same)
        yield { at: offset + plane, step, count: Math.ceil((length - plane) / step) };
  }
  let at = 0;
  for (const { offset, length } of [...places].sort((a, b) => a.offset - b.offset)) {
    if (offset > at) yield { at, step: 1, count: offset - at };
    at = offset + length;
  }
  if (at < byteLength) yield { at, step: 1, count: byteLength - at };
}
