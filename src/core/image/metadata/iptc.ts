/** IPTC's captions, as Photoshop keeps them in a JPEG. @see IPTC-IIM 4.2; Adobe Photoshop File Formats, image resources */
import { decodeLatin1, decodeUtf8, startsWithAt } from '../../bytes/text-bytes';

export const PHOTOSHOP_PREFIX = 'Photoshop 3.0\0';
const [IPTC_RESOURCE, TAG_MARKER, APPLICATION_RECORD] = [0x0404, 0x1c, 2];

const DATASETS: ReadonlyMap<number, string> = new Map([
  [5, 'iptc:Title'],
  [40, 'iptc:Instructions'],
  [105, 'iptc:Headline'],
  [120, 'iptc:Caption'],
]);

/** Texts from what is behind the prefix: resources, one of which holds datasets. */
export function readIptc(bytes: Uint8Array): Record<string, string> {
  const found: Record<string, string> = {};
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + 12 <= bytes.length && startsWithAt(bytes, at, '8BIM');) {
    const id = view.getUint16(at + 4);
    const name = at + 6;
    const sizeAt = name + ((bytes[name] + 2) & ~1);
    if (sizeAt + 4 > bytes.length) break;
    const size = view.getUint32(sizeAt);
    if (id === IPTC_RESOURCE) readDatasets(bytes.subarray(sizeAt + 4, sizeAt + 4 + size), found);
    at = sizeAt + 4 + ((size + 1) & ~1);
  }
  return found;
}

function readDatasets(bytes: Uint8Array, found: Record<string, string>): void {
  for (let at = 0; at + 5 <= bytes.length && bytes[at] === TAG_MARKER;) {
    const size = (bytes[at + 3] << 8) | bytes[at + 4];
    const name = bytes[at + 1] === APPLICATION_RECORD ? DATASETS.get(bytes[at + 2]) : undefined;
    const data = bytes.subarray(at + 5, at + 5 + size);
    if (name !== undefined) found[name] = decodeUtf8(data) ?? decodeLatin1(data);
    at += 5 + size;
  }
}
