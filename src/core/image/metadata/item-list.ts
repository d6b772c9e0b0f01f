/** The items of a `meta` box: what they are and where their bytes lie. @see ISO/IEC 14496-12 8.11 */
import { Cursor, readBoxes, uint, writeBox } from './boxes';
import { concat } from '../../bytes/concat';
import { encodeLatin1, tagAt } from '../../bytes/text-bytes';

export interface Extent {
  offset: number;
  length: number;
}

export interface ItemPlace {
  id: number;
  /** 0: from the start of the file; 1: within the box `idat`. */
  method: number;
  dataReference: number;
  extents: Extent[];
}

/** A damaged file says 65535. */
const MOST_ITEMS = 10_000;

/** Item types by id, from `iinf`. */
export function readItemTypes(iinf: Uint8Array): Map<number, string> {
  const types = new Map<number, string>();
  for (const { type, data } of readBoxes(iinf, iinf[0] === 0 ? 6 : 8)) {
    if (type !== 'infe' || data[0] < 2) continue;
    const cursor = new Cursor(data);
    cursor.at = 4;
    const id = cursor.uint(data[0] === 2 ? 2 : 4);
    types.set(id, tagAt(data, cursor.at + 2));
  }
  return types;
}

/** Places of the items, from `iloc`. */
export function readItemPlaces(iloc: Uint8Array): ItemPlace[] {
  const cursor = new Cursor(iloc);
  const version = cursor.uint(1);
  cursor.at = 4;
  const sizes = cursor.uint(2);
  const [offsetSize, lengthSize, baseSize] = [(sizes >> 12) & 15, (sizes >> 8) & 15, (sizes >> 4) & 15];
  const indexSize = version > 0 ? sizes & 15 : 0;
  const count = Math.min(cursor.uint(version < 2 ? 2 : 4), MOST_ITEMS);
  const places: ItemPlace[] = [];
  for (let i = 0; i < count && !cursor.isAtEnd; i++) {
    const id = cursor.uint(version < 2 ? 2 : 4);
    const method = version > 0 ? cursor.uint(2) & 15 : 0;
    const dataReference = cursor.uint(2);
    const base = cursor.uint(baseSize);
    const extents: Extent[] = [];
    for (let left = cursor.uint(2); left > 0 && !cursor.isAtEnd; left--) {
      cursor.at += indexSize;
      extents.push({ offset: base + cursor.uint(offsetSize), length: cursor.uint(lengthSize) });
    }
    places.push({ id, method, dataReference, extents });
  }
  return places;
}

/** Writes places of items with numbers of four bytes. */
export function writeItemPlaces(places: readonly ItemPlace[]): Uint8Array {
  const isLong = places.some(({ id }) => id > 0xffff) || places.length > 0xffff;
  const items = places.flatMap(({ id, method, dataReference, extents }) => [
    uint(id, isLong ? 4 : 2),
    uint(method, 2),
    uint(dataReference, 2),
    uint(extents.length, 2),
    ...extents.flatMap(({ offset, length }) => [uint(offset, 4), uint(length, 4)]),
  ]);
  const head = [uint(isLong ? 2 : 1, 1), uint(0, 3), uint(0x4400, 2), uint(places.length, isLong ? 4 : 2)];
  return writeBox('iloc', concat([...head, ...items]));
}

/** `iinf` with one more item. */
export function addItem(iinf: Uint8Array, id: number, type: string): Uint8Array {
  const width = iinf[0] === 0 ? 2 : 4;
  const count = new Cursor(iinf.subarray(4)).uint(width) + 1;
  const isLong = id > 0xffff;
  const entry = [uint(isLong ? 3 : 2, 1), uint(0, 3), uint(id, isLong ? 4 : 2), uint(0, 2), encodeLatin1(`${type}\0`)];
  return writeBox(
    'iinf',
    iinf.subarray(0, 4),
    uint(count, width),
    iinf.subarray(4 + width),
    writeBox('infe', ...entry),
  );
}

/** `iref` with one more reference: this item describes (`cdsc`) that one. */
export function addDescription(iref: Uint8Array | undefined, from: number, to: number): Uint8Array {
  const width = iref ? (iref[0] === 0 ? 2 : 4) : 2;
  const reference = writeBox('cdsc', uint(from, width), uint(1, 2), uint(to, width));
  return writeBox('iref', iref ?? uint(0, 4), reference);
}
