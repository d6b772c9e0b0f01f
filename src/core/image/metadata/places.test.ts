/** Texts in all the places of a picture where programs put them; the pictures are made here. */
import { deflateSync, zlibSync } from 'fflate';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readPictureText } from '.';
import { concat } from '../../bytes/concat';
import { encodeLatin1, encodeUtf16Be, encodeUtf8 } from '../../bytes/text-bytes';
import { writeBox, uint } from './boxes';
import { writeExif } from './exif';
import { readXmp } from './xmp';

const bare = (name: string) => new Uint8Array(readFileSync(join(import.meta.dirname, 'fixtures', name)));
const TEXT = 'a stone bridge\nSteps: 18, Sampler: Euler, Seed: 77';
const WIDE = 'a bridge, 港 “blue”\nSteps: 18, Sampler: Euler, Seed: 77';
const GRAPH = '{"1": {"class_type": "KSampler", "inputs": {}}}';
const xmp = (inner: string, attributes = '') =>
  `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" ${attributes}>${inner}</rdf:Description></rdf:RDF></x:xmpmeta>`;
const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;').replaceAll('\n', '&#10;');

/** A TIFF structure of one directory, in either order of bytes. */
function tiff(
  entries: readonly (readonly [tag: number, type: number, data: Uint8Array])[],
  little = false,
): Uint8Array {
  const number = (value: number, bytes: number) => (little ? uint(value, bytes).toReversed() : uint(value, bytes));
  const head = concat([encodeLatin1(little ? 'II' : 'MM'), number(42, 2), number(8, 4), number(entries.length, 2)]);
  let at = head.length + 12 * entries.length + 4;
  const rows = entries.map(([tag, type, data]) => {
    const place = data.length <= 4 ? concat([data, new Uint8Array(4 - data.length)]) : number(at, 4);
    if (data.length > 4) at += data.length;
    return concat([number(tag, 2), number(type, 2), number(data.length, 4), place]);
  });
  return concat([
    head,
    ...rows,
    number(0, 4),
    ...entries.filter(([, , data]) => data.length > 4).map(([, , data]) => data),
  ]);
}

function png(...chunks: readonly (readonly [type: string, data: Uint8Array])[]): Uint8Array {
  const file = bare('bare.png');
  const written = chunks.map(([type, data]) => concat([uint(data.length, 4), encodeLatin1(type), data, uint(0, 4)]));
  return concat([file.subarray(0, 33), ...written, file.subarray(33)]);
}
const keyed = (keyword: string, data: Uint8Array) => concat([encodeLatin1(`${keyword}\0`), data]);
const itxt = (keyword: string, text: string) => concat([encodeLatin1(`${keyword}\0\0\0\0\0`), encodeUtf8(text)]);

function jpeg(...segments: readonly (readonly [marker: number, data: Uint8Array])[]): Uint8Array {
  const file = bare('bare.jpg');
  const written = segments.map(([marker, data]) =>
    concat([Uint8Array.of(0xff, marker), uint(data.length + 2, 2), data]),
  );
  return concat([file.subarray(0, 2), ...written, file.subarray(2)]);
}
const exifSegment = (structure: Uint8Array) => [0xe1, concat([encodeLatin1('Exif\0\0'), structure])] as const;
const xmpSegment = (xml: string) =>
  [0xe1, concat([encodeLatin1('http://ns.adobe.com/xap/1.0/\0'), encodeUtf8(xml)])] as const;

function webp(tag: string, data: Uint8Array): Uint8Array {
  const file = bare('bare-alpha.webp');
  const chunk = concat([encodeLatin1(tag), uint(data.length, 4).toReversed(), data, new Uint8Array(data.length & 1)]);
  const whole = concat([file, chunk]);
  whole.set(uint(whole.length - 8, 4).toReversed(), 4);
  return whole;
}

const profile = (type: string, data: Uint8Array) =>
  encodeLatin1(
    `\n${type}\n${String(data.length).padStart(8)}\n${Buffer.from(data)
      .toString('hex')
      .replace(/(.{72})/g, '$1\n')}\n`,
  );
const comment = (code: string, body: Uint8Array) => concat([encodeLatin1(code), body]);
const littleEndian = (text: string) => {
  const bytes = encodeUtf16Be(text);
  for (let i = 0; i < bytes.length; i += 2) bytes.subarray(i, i + 2).reverse();
  return bytes;
};

describe('infotexts', () => {
  it.each<[string, Uint8Array, string]>([
    ['UTF-8 under UNICODE', jpeg(exifSegment(tiff([[0x9286, 7, comment('UNICODE\0', encodeUtf8(WIDE))]]))), WIDE],
    ['UTF-8 under ASCII', jpeg(exifSegment(tiff([[0x9286, 7, comment('ASCII\0\0\0', encodeUtf8(WIDE))]]))), WIDE],
    ['UTF-16 under ASCII', jpeg(exifSegment(tiff([[0x9286, 7, comment('ASCII\0\0\0', encodeUtf16Be(TEXT))]]))), TEXT],
    [
      'UTF-16, little-endian',
      jpeg(exifSegment(tiff([[0x9286, 7, comment('UNICODE\0', littleEndian(WIDE))]], true))),
      WIDE,
    ],
    [
      '"Unicode" in small letters',
      jpeg(exifSegment(tiff([[0x9286, 7, comment('Unicode\0', encodeUtf16Be(WIDE))]]))),
      WIDE,
    ],
    [
      'JIS, by its escapes',
      jpeg(exifSegment(tiff([[0x9286, 7, comment('JIS\0\0\0\0\0', encodeLatin1('a \x1b$B9A\x1b(B'))]]))),
      'a 港',
    ],
    [
      'JIS, as Windows has it',
      jpeg(exifSegment(tiff([[0x9286, 7, comment('JIS\0\0\0\0\0', encodeLatin1('a \x8d\x60'))]]))),
      'a 港',
    ],
    ['no code', jpeg(exifSegment(tiff([[0x9286, 7, encodeUtf8(WIDE)]]))), WIDE],
    ['type ASCII', jpeg(exifSegment(tiff([[0x9286, 2, encodeUtf8(WIDE)]]))), WIDE],
    ['type BYTE', jpeg(exifSegment(tiff([[0x9286, 1, comment('ASCII\0\0\0', encodeUtf8(TEXT))]]))), TEXT],
    ['type UTF-8 (Exif 3)', jpeg(exifSegment(tiff([[0x9286, 129, encodeUtf8(WIDE)]]))), WIDE],
    ['EXIF of a WebP', webp('EXIF', writeExif(WIDE)), WIDE],
    ['EXIF of a WebP with its name', webp('EXIF', concat([encodeLatin1('Exif\0\0'), writeExif(WIDE)])), WIDE],
    ['a TIFF', tiff([[0x9286, 7, comment('ASCII\0\0\0', encodeUtf8(TEXT))]]), TEXT],
    [
      'a JPEG XL',
      concat([writeBox('JXL ', encodeLatin1('\r\n\x87\n')), writeBox('Exif', uint(0, 4), writeExif(TEXT))]),
      TEXT,
    ],
    ['PNG: UTF-8 in tEXt', png(['tEXt', keyed('parameters', encodeUtf8(WIDE))]), WIDE],
    ['PNG: Windows’ quotes in tEXt', png(['tEXt', keyed('parameters', encodeLatin1('a \x93b\x94'))]), 'a “b”'],
    ['PNG: a zero at the end', png(['tEXt', keyed('parameters', encodeLatin1(`${TEXT}\0`))]), TEXT],
    ['PNG: Latin-1 in tEXt', png(['tEXt', keyed('parameters', encodeLatin1('café'))]), 'café'],
    [
      'PNG: UTF-8 in zTXt',
      png(['zTXt', keyed('parameters', concat([Uint8Array.of(0), zlibSync(encodeUtf8(WIDE))]))]),
      WIDE,
    ],
    [
      'PNG: EXIF as a raw profile',
      png([
        'zTXt',
        keyed(
          'Raw profile type exif',
          concat([Uint8Array.of(0), zlibSync(profile('exif', concat([encodeLatin1('Exif\0\0'), writeExif(WIDE)])))]),
        ),
      ]),
      WIDE,
    ],
    [
      'PNG: the same as text',
      png([
        'tEXt',
        keyed('Raw profile type APP1', profile('generic profile', concat([encodeLatin1('Exif\0\0'), writeExif(TEXT)]))),
      ]),
      TEXT,
    ],
    ['PNG: eXIf', png(['eXIf', writeExif(WIDE)]), WIDE],
    [
      'PNG: the comment of its XMP',
      png([
        'iTXt',
        itxt(
          'XML:com.adobe.xmp',
          xmp(
            `<exif:UserComment><rdf:Alt><rdf:li xml:lang="x-default">${escaped(WIDE)}</rdf:li></rdf:Alt></exif:UserComment>`,
          ),
        ),
      ]),
      WIDE,
    ],
    [
      'JPEG: the comment of its XMP as an attribute',
      jpeg(xmpSegment(xmp('', `exif:UserComment="${escaped(WIDE)}"`))),
      WIDE,
    ],
    ['WebP: XMP', webp('XMP ', encodeUtf8(xmp(`<exif:UserComment><![CDATA[${WIDE}]]></exif:UserComment>`))), WIDE],
  ])('%s', (_, bytes, text) => {
    expect(readPictureText(bytes)).toMatchObject({ infotext: text, problems: [] });
  });
});

describe('graphs', () => {
  it.each<[string, Uint8Array]>([
    [
      'prompt: in Model',
      webp(
        'EXIF',
        tiff([
          [0x0110, 2, encodeUtf8(`prompt:${GRAPH}`)],
          [0x010f, 2, encodeUtf8('workflow:{}')],
        ]),
      ),
    ],
    ['Prompt: in Make', webp('EXIF', tiff([[0x010f, 2, encodeUtf8(`Prompt:${GRAPH}`)]]))],
    ['prompt: with a space', jpeg(exifSegment(tiff([[0x010e, 2, encodeUtf8(`prompt: ${GRAPH}`)]])))],
    [
      'PROMPT = in a comment',
      jpeg(exifSegment(tiff([[0x9286, 7, comment('ASCII\0\0\0', encodeUtf8(`PROMPT=${GRAPH}`))]]))),
    ],
    ['a chunk of an animated PNG', png(['comf', keyed('prompt', encodeUtf8(GRAPH))])],
    ['iTXt', png(['iTXt', itxt('prompt', GRAPH)])],
    ['XMP as an element', jpeg(xmpSegment(xmp(`<comfy:prompt>${escaped(GRAPH)}</comfy:prompt>`)))],
    ['XMP as an attribute', webp('XMP ', encodeUtf8(xmp('', `comfy:prompt="${escaped(GRAPH)}"`)))],
    ['bytes of Windows', jpeg(exifSegment(tiff([[0x9c9c, 1, littleEndian(`prompt:${GRAPH}`)]], true)))],
  ])('%s', (_, bytes) => {
    expect(readPictureText(bytes).comfyPrompt).toBe(GRAPH);
  });
});

describe('other texts', () => {
  it('finds captions and descriptions wherever they are', () => {
    const dataset = concat([Uint8Array.of(0x1c, 2, 120), uint(TEXT.length, 2), encodeUtf8(TEXT)]);
    const iptc = concat([encodeLatin1('Photoshop 3.0\x008BIM\x04\x04\0\0'), uint(dataset.length, 4), dataset]);
    expect(readPictureText(jpeg([0xed, iptc])).texts['iptc:Caption']).toBe(TEXT);
    expect(
      readPictureText(
        jpeg(xmpSegment(xmp(`<dc:description><rdf:Alt><rdf:li>${TEXT}</rdf:li></rdf:Alt></dc:description>`))),
      ).texts['dc:description'],
    ).toBe(TEXT);
    expect(readPictureText(jpeg(exifSegment(tiff([[0x010e, 2, encodeUtf8(TEXT)]])))).texts['ImageDescription']).toBe(
      TEXT,
    );
  });

  it('says where a picture is cut', () => {
    for (const name of ['bare.jpg', 'bare-alpha.webp', 'bare.avif']) {
      expect(readPictureText(bare(name)).problems).toEqual([]);
      expect(readPictureText(bare(name).subarray(0, 60)).problems.join()).toMatch(/cut or damaged/);
    }
  });

  it('calls other files by their names', () => {
    for (const [start, what] of [
      ['%PDF-1.7\0', 'PDF'],
      ['PK\x03\x04\0', 'ZIP'],
      ['8BPS\0', 'Photoshop'],
      ['\0\0\0\x0cjP  \r\n', 'JPEG 2000'],
      ['gimp xcf v011\0', 'GIMP'],
      [`PK\x03\x04${'\0'.repeat(34)}application/x-krita`, 'Krita'],
      ['\0\0\0\x18ftypmp42\0', 'film'],
      ['GGUF\0', 'model file'],
      ['SQLite format 3\0', 'database'],
    ])
      expect(readPictureText(encodeLatin1(start)).problems.join()).toContain(what);
  });

  it('reads damaged XMP as far as it goes', () => {
    for (const xml of ['', '<', '<a', '<a b="', '</a></b>', '<!-- ', '<![CDATA[', '&#99999999;', '<a>'.repeat(60_000)])
      expect(readXmp(encodeUtf8(xml))).toBeTypeOf('object');
    expect(readXmp(deflateSync(encodeUtf8('x')))).toBeTypeOf('object');
  });
});
