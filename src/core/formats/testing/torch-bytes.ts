/** Writes ZIP files and pickles for tests, true or lying. */

import { concat } from '../../bytes/concat';
import { encodeLatin1 } from '../../bytes/text-bytes';

/** A torch archive whose data.pkl has this code, one letter a byte. */
export function pickled(code: string, entries: Record<string, Uint8Array> = {}): Uint8Array<ArrayBuffer> {
  return zipped({ 'a/data.pkl': encodeLatin1(code), ...entries });
}

interface Lies {
  /** Length of every entry, in place of the true one. */
  claim?: number;
  /** Length of the list of entries. */
  directory?: number;
}

/** Entries as they are, not compressed. */
export function zipped(entries: Record<string, Uint8Array>, lies: Lies = {}): Uint8Array<ArrayBuffer> {
  const [parts, central]: [Uint8Array[], Uint8Array[]] = [[], []];
  let offset = 0;
  for (const [name, bytes] of Object.entries(entries)) {
    const size = lies.claim ?? bytes.length;
    const local = record(
      30,
      [0x04034b50, 4],
      [20, 2],
      [0, 2],
      [0, 2],
      [0, 4],
      [0, 4],
      [size, 4],
      [size, 4],
      [name.length, 2],
      [0, 2],
    );
    central.push(
      record(
        46,
        [0x02014b50, 4],
        [20, 2],
        [20, 2],
        [0, 2],
        [0, 2],
        [0, 4],
        [0, 4],
        [size, 4],
        [size, 4],
        [name.length, 2],
        [0, 2],
        [0, 2],
        [0, 2],
        [0, 2],
        [0, 4],
        [offset, 4],
      ),
      encodeLatin1(name),
    );
    parts.push(local, encodeLatin1(name), bytes);
    offset += local.length + name.length + bytes.length;
  }
  const length = central.reduce((sum, part) => sum + part.length, 0);
  const count = Object.keys(entries).length;
  const end = record(
    22,
    [0x06054b50, 4],
    [0, 2],
    [0, 2],
    [count, 2],
    [count, 2],
    [lies.directory ?? length, 4],
    [offset, 4],
    [0, 2],
  );
  return concat([...parts, ...central, end]);
}

/** Little-endian fields of 2 or 4 bytes. */
function record(length: number, ...fields: [value: number, bytes: 2 | 4][]): Uint8Array {
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [value, size] of fields) {
    if (size === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += size;
  }
  return bytes;
}
