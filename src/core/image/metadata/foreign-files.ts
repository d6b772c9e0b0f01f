/** Files that are no picture with texts in it: what they are, in one sentence. */
import { decodeLatin1, startsWithAt } from '../../bytes/text-bytes';

/** Where in the file, which bytes, what it is. */
const SIGNATURES: readonly (readonly [at: number, bytes: string, what: string])[] = [
  [0, '%PDF-', 'a PDF document'],
  [0, '\x00\x00\x00\x0cjP  ', 'a JPEG 2000'],
  [0, '\xff\x4f\xff\x51', 'a JPEG 2000'],
  [0, 'gimp xcf', 'a document of GIMP'],
  [0, 'CSFCHUNK', 'a document of Clip Studio'],
  [0, '\x76\x2f\x31\x01', 'an OpenEXR picture'],
  [0, '#?RADIANCE', 'a Radiance picture (HDR)'],
  [0, 'DDS ', 'a texture (DDS)'],
  [0, '\xabKTX', 'a texture (KTX)'],
  [0, 'qoif', 'a QOI picture, which holds no texts'],
  [0, 'P6\n', 'a PPM picture, which holds no texts'],
  [0, 'P5\n', 'a PGM picture, which holds no texts'],
  [38, 'application/x-krita', 'a document of Krita'],
  [38, 'image/openraster', 'an OpenRaster document'],
  [0, 'PK\x03\x04', 'a ZIP archive, or a document that is one'],
  [0, '8BPS', 'a Photoshop document'],
  [0, 'BM', 'a bitmap (BMP), which holds no texts'],
  [0, '\x00\x00\x01\x00', 'an icon'],
  [0, '\x1f\x8b', 'a gzip archive'],
  [257, 'ustar', 'a tar archive'],
  [0, '7z\xbc\xaf', 'a 7-Zip archive'],
  [0, 'Rar!', 'a RAR archive'],
  [0, '\x1aE\xdf\xa3', 'a film (WebM or Matroska)'],
  [4, 'ftypisom', 'a film (MP4)'],
  [4, 'ftypmp4', 'a film (MP4)'],
  [4, 'ftypM4V', 'a film (MP4)'],
  [4, 'ftypavc1', 'a film (MP4)'],
  [4, 'ftypqt', 'a film (QuickTime)'],
  [0, 'OggS', 'a sound or a film (Ogg)'],
  [0, 'ID3', 'a sound (MP3)'],
  [0, 'fLaC', 'a sound (FLAC)'],
  [8, 'WAVE', 'a sound (WAV)'],
  [8, 'AVI ', 'a film (AVI)'],
  [0, 'SQLite format 3', 'a database'],
  [0, '\x7fELF', 'a program'],
  [0, 'MZ', 'a program'],
  [0, 'GGUF', 'a model file (GGUF)'],
  [0, '\xff\x0a', 'a JPEG XL without a place for texts'],
  [0, 'wOF2', 'a font'],
  [0, '\x00\x01\x00\x00', 'a font'],
  [0, '\xd0\xcf\x11\xe0', 'a document of an old Office'],
];

/** Short signatures are looked for in bytes that are no text. */
const LONG_ENOUGH = 3;

export function foreignFile(bytes: Uint8Array): string | undefined {
  if (bytes.length === 0) return undefined;
  const isBinary = bytes.subarray(0, 4096).includes(0) || /[\x80-\xff]/.test(decodeLatin1(bytes.subarray(0, 16)));
  const found = SIGNATURES.find(
    ([at, signature]) => (isBinary || signature.length >= LONG_ENOUGH) && startsWithAt(bytes, at, signature),
  );
  if (found) return `This is ${found[2]}, and no picture that carries a recipe.`;
  return isSafetensors(bytes) ? 'This is a model file (safetensors), and no picture: open it under Models.' : undefined;
}

function isSafetensors(bytes: Uint8Array): boolean {
  return bytes.length > 9 && startsWithAt(bytes, 8, '{"') && bytes[5] === 0 && bytes[6] === 0 && bytes[7] === 0;
}
