/** Where an AVIF or HEIC keeps EXIF: an item of its own. @see ISO/IEC 23008-12, A.2.1 */
import { AppError } from '../../errors';
import { Cursor, readBoxes, uint, writeBox, type Box } from './boxes';
import { writeExif } from './exif';
import { concat } from '../../bytes/concat';
import { addDescription, addItem, readItemPlaces, readItemTypes, writeItemPlaces, type ItemPlace } from './item-list';
import { decodeLatin1, startsWithAt } from '../../bytes/text-bytes';

const BRANDS = ['avif', 'avis', 'mif1', 'heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'msf1', 'avio', 'miaf'];

export function isAvif(bytes: Uint8Array): boolean {
  return startsWithAt(bytes, 4, 'ftyp') && BRANDS.includes(decodeLatin1(bytes.subarray(8, 12)));
}

interface Meta {
  box: Box;
  children: Box[];
  types: Map<number, string>;
  places: ItemPlace[];
}

function readMeta(bytes: Uint8Array): Meta | undefined {
  const box = readBoxes(bytes).find(({ type }) => type === 'meta');
  if (!box) return undefined;
  const children = readBoxes(box.data, 4);
  const iinf = find(children, 'iinf');
  const iloc = find(children, 'iloc');
  if (!iinf || !iloc) return undefined;
  return { box, children, types: readItemTypes(iinf), places: readItemPlaces(iloc) };
}

function find(boxes: readonly Box[], type: string): Uint8Array | undefined {
  return boxes.find((box) => box.type === type)?.data;
}

function findExif({ types, places }: Meta): ItemPlace | undefined {
  return places.find(({ id }) => types.get(id) === 'Exif');
}

export function readAvif(bytes: Uint8Array): { exif?: Uint8Array; xmp?: Uint8Array; isWhole: boolean } {
  const isWhole = endOfBoxes(bytes) === bytes.length;
  const meta = readMeta(bytes);
  if (!meta) return { isWhole };
  const place = findExif(meta);
  const exif = place && exifOf(readItem(bytes, meta, place) ?? new Uint8Array());
  const xmp = meta.places
    .filter(({ id }) => meta.types.get(id) === 'mime')
    .map((item) => readItem(bytes, meta, item))
    .find((item) => item !== undefined && /<(x:xmpmeta|rdf:RDF|\?xpacket)/.test(decodeLatin1(item.subarray(0, 200))));
  return { ...(exif && { exif }), ...(xmp && { xmp }), isWhole };
}

function endOfBoxes(bytes: Uint8Array): number {
  return readBoxes(bytes).at(-1)?.end ?? 0;
}

function readItem(bytes: Uint8Array, meta: Meta, place: ItemPlace): Uint8Array | undefined {
  const source = place.method === 1 ? find(meta.children, 'idat') : place.method === 0 ? bytes : undefined;
  if (!source) return undefined;
  let room = source.length;
  const parts = place.extents.map(({ offset, length }) => {
    // A length of nothing is all that is left.
    const part = source.subarray(offset, offset + Math.min(length === 0 ? room : length, room));
    room -= part.length;
    return part;
  });
  return concat(parts);
}

/** First how far the structure is from here: some leave room for "Exif". */
function exifOf(item: Uint8Array): Uint8Array | undefined {
  const start = 4 + new Cursor(item).uint(4);
  return item.length > 4 && start < item.length ? item.subarray(start) : undefined;
}

/**
 * With this text as its UserComment, in place of the EXIF it has. The bytes go to the end of the file; what lies behind the
 * list of items moves, and the list follows.
 *
 * @throws AppError 'bad-file' for a file without items, and for films
 */
export function embedAvifText(bytes: Uint8Array, text: string): Uint8Array<ArrayBuffer> {
  const meta = readMeta(bytes);
  const primary = meta && find(meta.children, 'pitm');
  if (!meta || !primary) throw new AppError('bad-file', 'This AVIF has no list of items: the file is damaged.');
  if (readBoxes(bytes).some(({ type }) => type === 'moov'))
    throw new AppError('bad-file', 'This AVIF is a film: a recipe goes into a still picture.');
  const primaryId = new Cursor(primary.subarray(4)).uint(primary[0] === 0 ? 2 : 4);
  const item = concat([uint(0, 4), writeExif(text)]);
  const old = findExif(meta);
  const id = old?.id ?? Math.max(0, ...meta.types.keys(), ...meta.places.map((place) => place.id)) + 1;
  const place = { id, method: 0, dataReference: 0, extents: [{ offset: 0, length: item.length }] };
  const write = (growth: number): Uint8Array => {
    const moved = meta.places.filter((other) => other !== old).map((other) => move(other, meta.box.end, growth));
    place.extents[0].offset = bytes.length + growth + 8;
    return writeMeta(meta, [...moved, place], old ? undefined : { id, describes: primaryId });
  };
  const growth = write(0).length - (meta.box.end - meta.box.at);
  const parts = [bytes.subarray(0, meta.box.at), write(growth), bytes.subarray(meta.box.end)];
  return concat([...parts, writeBox('mdat', item)]);
}

function move(place: ItemPlace, after: number, by: number): ItemPlace {
  if (place.method !== 0) return place;
  const extents = place.extents.map(({ offset, length }) => ({
    offset: offset >= after ? offset + by : offset,
    length,
  }));
  return { ...place, extents };
}

function writeMeta(
  { box, children }: Meta,
  places: readonly ItemPlace[],
  added: { id: number; describes: number } | undefined,
): Uint8Array {
  const whole = ({ at, end }: Box) => box.data.subarray(at, end);
  const written = children.map((child) => {
    if (child.type === 'iloc') return writeItemPlaces(places);
    if (child.type === 'iinf' && added) return addItem(child.data, added.id, 'Exif');
    if (child.type === 'iref' && added) return addDescription(child.data, added.id, added.describes);
    return whole(child);
  });
  if (added && !find(children, 'iref')) written.push(addDescription(undefined, added.id, added.describes));
  return writeBox('meta', box.data.subarray(0, 4), ...written);
}
