/** CRC-32 as PNG and ZIP use it (polynomial 0xEDB88320, reflected), eight bytes a turn. */

const BYTES = 8;

/** 256 values for each place in a turn: `TABLES[k * 256 + byte]` is what a byte adds with k bytes after it. */
const TABLES = makeTables();

export function crc32(bytes: Uint8Array): number {
  const last = bytes.length - BYTES;
  let crc = -1;
  let i = 0;
  for (; i <= last; i += BYTES) {
    const low = crc ^ (bytes[i] | (bytes[i + 1] << 8) | (bytes[i + 2] << 16) | (bytes[i + 3] << 24));
    crc =
      TABLES[7 * 256 + (low & 0xff)] ^
      TABLES[6 * 256 + ((low >>> 8) & 0xff)] ^
      TABLES[5 * 256 + ((low >>> 16) & 0xff)] ^
      TABLES[4 * 256 + (low >>> 24)] ^
      TABLES[3 * 256 + bytes[i + 4]] ^
      TABLES[2 * 256 + bytes[i + 5]] ^
      TABLES[256 + bytes[i + 6]] ^
      TABLES[bytes[i + 7]];
  }
  // by index: an iterator over bytes takes twelve times as long
  for (; i < bytes.length; i++) crc = (crc >>> 8) ^ TABLES[(crc ^ bytes[i]) & 0xff];
  return (crc ^ -1) >>> 0;
}

function makeTables(): Int32Array {
  const tables = new Int32Array(BYTES * 256);
  for (let byte = 0; byte < 256; byte++) {
    let value = byte;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
    tables[byte] = value;
  }
  for (let at = 256; at < tables.length; at++) {
    const before = tables[at - 256];
    tables[at] = (before >>> 8) ^ tables[before & 0xff];
  }
  return tables;
}
