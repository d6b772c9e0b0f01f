/** Names files that are no tensors although someone took them for a model, by their first bytes. */
import type { ErrorCode } from '../errors';

interface ForeignKind {
  code: ErrorCode;
  /** Follows "model.safetensors: ". */
  sentence: string;
  matches(head: Uint8Array, text: string): boolean;
}

const starts =
  (...bytes: number[]) =>
  (head: Uint8Array): boolean =>
    bytes.every((byte, i) => head[i] === byte);

const ascii = (word: string): ((head: Uint8Array) => boolean) =>
  starts(...Array.from(word, (letter) => letter.charCodeAt(0)));

const picture = (name: string, matches: ForeignKind['matches']): ForeignKind => ({
  code: 'not-a-model',
  sentence: `this is a picture (${name}), not a model`,
  matches,
});

const archive = (name: string, matches: ForeignKind['matches']): ForeignKind => ({
  code: 'not-a-model',
  sentence: `this is an archive (${name}); unpack it and open the model inside`,
  matches,
});

const OTHER_FORMAT = 'Gesso reads .safetensors and .ckpt files: take the same model in one of these formats';

const PAGE_WAY_OUT = 'the download went wrong: fetch the file itself, signed in where the site asks for it';

/** The first that matches is it. */
const FOREIGN_KINDS: readonly ForeignKind[] = [
  {
    code: 'not-a-model',
    sentence:
      'this is a git-lfs pointer, a note of where the model lies, not the model; run "git lfs pull" or download the file itself',
    matches: (_, text) => text.startsWith('version https://git-lfs'),
  },
  {
    code: 'unsupported-model',
    sentence:
      'this is a GGUF file; Gesso reads .safetensors and .ckpt files: take the same model in one of these formats',
    matches: ascii('GGUF'),
  },
  {
    code: 'unsupported-model',
    sentence: `this is a database (SQLite), as Draw Things keeps its models and LoRAs; ${OTHER_FORMAT}`,
    matches: ascii('SQLite format 3'),
  },
  picture('PNG', starts(0x89, 0x50, 0x4e, 0x47)),
  picture('JPEG', starts(0xff, 0xd8, 0xff)),
  picture('GIF', ascii('GIF8')),
  picture('WebP', (head) => ascii('RIFF')(head) && ascii('WEBP')(head.subarray(8))),
  archive('7z', starts(0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c)),
  archive('gzip', starts(0x1f, 0x8b)),
  archive('RAR', ascii('Rar!')),
  archive('xz', starts(0xfd, 0x37, 0x7a, 0x58, 0x5a)),
  archive('zstd', starts(0x28, 0xb5, 0x2f, 0xfd)),
  {
    code: 'not-a-model',
    sentence: 'there are only zeros at its beginning, as in a download that has not ended: fetch it again',
    matches: (head) => head.length >= 16 && head.every((byte) => byte === 0),
  },
  {
    code: 'not-a-model',
    sentence: `this is a download's torrent or link, not what it leads to; ${PAGE_WAY_OUT}`,
    matches: (_, text) => /^d\d+:|^\[InternetShortcut\]|^magnet:\?/.test(text),
  },
  {
    code: 'unsupported-model',
    sentence: `this is an array of NumPy (.npy); ${OTHER_FORMAT}`,
    matches: starts(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59),
  },
  {
    code: 'unsupported-model',
    sentence: `this is a TensorFlow Lite file; ${OTHER_FORMAT}`,
    matches: (head) => ascii('TFL3')(head.subarray(4)),
  },
  {
    code: 'unsupported-model',
    sentence: `this is a Flax file (msgpack); ${OTHER_FORMAT}`,
    // A map, then a name of up to 31 letters.
    matches: (head, text) =>
      (head[0] & 0xf0) === 0x80 || head[0] === 0xde ? /^(?:[\x80-\x8f]|\xde..)[\xa1-\xbf][a-z_]{3}/s.test(text) : false,
  },
  { code: 'not-a-model', sentence: 'this is a PDF document, not a model', matches: ascii('%PDF') },
  { code: 'not-a-model', sentence: 'this is a program (.exe), not a model', matches: ascii('MZ') },
  { code: 'not-a-model', sentence: 'this is a program (ELF), not a model', matches: starts(0x7f, 0x45, 0x4c, 0x46) },
  {
    code: 'unsupported-model',
    sentence:
      'this is a TensorFlow or Keras file (HDF5); Gesso reads .safetensors and .ckpt files: take the same model in one of these formats',
    matches: starts(0x89, 0x48, 0x44, 0x46),
  },
  {
    code: 'unsupported-model',
    sentence:
      'this is an ONNX file; a checkpoint is a .safetensors or .ckpt file: take the same model in one of these formats',
    // ModelProto: field 1 (ir_version, a small number), then field 2 (producer), 7 (graph) or 8 (opset)
    matches: (head) => head[0] === 0x08 && head[1] < 32 && [0x12, 0x3a, 0x42].includes(head[2]),
  },
  {
    code: 'not-a-model',
    sentence: `this is a web page (HTML), not a model; ${PAGE_WAY_OUT}`,
    matches: (_, text) => /^\s*<(!doctype|html|head|\?xml|!--)/i.test(text),
  },
  {
    code: 'not-a-model',
    sentence: `this is a text file (JSON), not a model; ${PAGE_WAY_OUT}`,
    matches: (_, text) => /^\s*[{[]\s*("|\]|\})/.test(text),
  },
  {
    code: 'not-a-model',
    sentence: `this is a text file, not a model; ${PAGE_WAY_OUT}`,
    matches: (head, text) => head.length >= 8 && isText(text),
  },
];

/** Mostly ASCII, and nothing that only machines write. */
function isText(text: string): boolean {
  return /^[\t\n\r\x20-\x7e\x80-\xff]+$/.test(text) && text.replace(/[^\x20-\x7e]/g, '').length > 0.7 * text.length;
}

/** How much of a file's beginning tells its kind. */
export const HEAD_BYTES = 64;

/** @param head the first HEAD_BYTES of the file, or all of it */
export function foreignKind(head: Uint8Array): { code: ErrorCode; sentence: string } | undefined {
  const text = String.fromCharCode(...head);
  return FOREIGN_KINDS.find(({ matches }) => matches(head, text));
}
