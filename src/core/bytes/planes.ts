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

/** Bytes of a number in the head, which are little endian. */
const WORD = 4;

/**
 * @param numbers  their places, which do not overlap; what lies between them stays as it is, at the end
 * @returns how many places, the places, planes of all numbers of a size together, the rest
 */
export function splitPlanes(bytes: Uint8Array, numbers: readonly Numbers[]): Uint8Array<ArrayBuffer> {
  const places = [...numbers].sort((a, b) => a.size - b.size || a.offset - b.offset);
  const head = new Uint8Array(WORD * (1 + 3 * places.length));
  const view = new DataView(head.buffer);
  [places.length, ...places.flatMap(({ offset, length, size }) => [offset, length, size])].forEach((value, i) =>
    view.setUint32(WORD * i, value, true),
  );
  const split = new Uint8Array(head.length + bytes.length);
  split.set(head);
  let at = head.length;
  for (const from of order(places, bytes.length)) split[at++] = bytes[from];
  return split;
}

/** @throws RangeError where it is cut off, or says of places that it does not have */
export function joinPlanes(split: Uint8Array): Uint8Array<ArrayBuffer> {
  const view = new DataView(split.buffer, split.byteOffset, split.byteLength);
  const word = (i: number): number => view.getUint32(WORD * i, true);
  const places = Array.from({ length: word(0) }, (_, i) => ({
    offset: word(3 * i + 1),
    length: word(3 * i + 2),
    size: word(3 * i + 3),
  }));
  if (places.some(({ offset, length, size }) => size < 1 || offset + length > split.length))
    throw new RangeError('It has numbers beyond its end.');
  let at = WORD * (1 + 3 * places.length);
  const bytes = new Uint8Array(split.length - at);
  for (const to of order(places, bytes.length)) bytes[to] = split[at++];
  return bytes;
}

/** Places in the plain bytes, in the order in which the split ones have them. */
function* order(places: readonly Numbers[], byteLength: number): Generator<number> {
  for (const size of new Set(places.map((place) => place.size))) {
    const same = places.filter((place) => place.size === size);
    for (let plane = 0; plane < size; plane++)
      for (const { offset, length } of same) for (let i = plane; i < length; i += size) yield offset + i;
  }
  let at = 0;
  for (const { offset, length } of [...places].sort((a, b) => a.offset - b.offset)) {
    for (; at < offset; at++) yield at;
    at = offset + length;
  }
  for (; at < byteLength; at++) yield at;
}
