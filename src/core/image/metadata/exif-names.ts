/** EXIF's texts by the names of their tags. */
import { readExif } from './exif';

const TAG_NAMES: ReadonlyMap<number, string> = new Map([
  [0x010e, 'ImageDescription'],
  [0x010f, 'Make'],
  [0x0110, 'Model'],
  [0x0131, 'Software'],
  [0x013b, 'Artist'],
  [0x8298, 'Copyright'],
  [0x9c9b, 'XPTitle'],
  [0x9c9c, 'XPComment'],
  [0x9c9d, 'XPAuthor'],
  [0x9c9e, 'XPKeywords'],
  [0x9c9f, 'XPSubject'],
]);

export function nameExif(exif: Uint8Array): { texts: Record<string, string>; xmp?: Uint8Array } {
  const { userComment, tags, xmp } = readExif(exif);
  const texts = Object.fromEntries(
    [...tags].map(([tag, text]) => [TAG_NAMES.get(tag) ?? `0x${tag.toString(16)}`, text]),
  );
  return { texts: { ...texts, ...(userComment && { UserComment: userComment }) }, ...(xmp && { xmp }) };
}
