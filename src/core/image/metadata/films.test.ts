/** Films that savers of ComfyUI wrote, and pictures that keep their texts where nobody looked. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readPictureText } from '.';
import { concat } from '../../bytes/concat';
import { encodeLatin1, encodeUtf16Be, encodeUtf8 } from '../../bytes/text-bytes';
import { uint, writeBox } from './boxes';

const GRAPH = '{"1": {"class_type": "KSampler", "inputs": {}}}';
const BOTH = JSON.stringify({ prompt: GRAPH, workflow: '{"nodes": []}' });
const TEXT = 'a stone bridge\nSteps: 18, Sampler: Euler, Seed: 77';
const empty = new Uint8Array(4);

const ftyp = writeBox('ftyp', encodeLatin1('isom'), empty);
const item = (type: string, text: string) => writeBox(type, writeBox('data', uint(1, 4), empty, encodeUtf8(text)));
const hdlr = writeBox('hdlr', new Uint8Array(24));
const film = (...inner: readonly Uint8Array[]) =>
  concat([ftyp, writeBox('mdat', new Uint8Array(50)), writeBox('moov', ...inner)]);
const keys = (...names: readonly string[]) =>
  writeBox('keys', empty, uint(names.length, 4), ...names.map((name) => writeBox('mdta', encodeLatin1(name))));

/** An EBML element; sizes of eight bytes. */
const element = (id: number, ...parts: readonly Uint8Array[]) => {
  const data = concat(parts);
  const bytes = id > 0xffffff ? 4 : id > 0xffff ? 3 : id > 0xff ? 2 : 1;
  return concat([uint(id, bytes), Uint8Array.of(1), uint(data.length, 7), data]);
};
const tag = (name: string, text: string) =>
  element(
    0x7373,
    element(0x63c0),
    element(0x67c8, element(0x45a3, encodeLatin1(name)), element(0x4487, encodeUtf8(text))),
  );
const webm = (...tags: readonly Uint8Array[]) =>
  concat([
    element(0x1a45dfa3, encodeLatin1('webm')),
    element(0x18538067, element(0x1f43b675, new Uint8Array(40)), element(0x1254c367, ...tags)),
  ]);

describe('readPictureText of a film', () => {
  it('finds the comment of an MP4, with and without a version of its list', () => {
    for (const head of [[empty], []]) {
      const meta = writeBox('meta', ...head, hdlr, writeBox('ilst', item('\xa9cmt', BOTH)));
      expect(readPictureText(film(writeBox('udta', meta)))).toMatchObject({ format: 'film', texts: { comment: BOTH } });
    }
  });

  it('finds keys that a program made up', () => {
    const list = writeBox('ilst', item('\0\0\0\x01', GRAPH), item('\0\0\0\x02', 'x'));
    const found = readPictureText(film(writeBox('meta', hdlr, keys('prompt', 'workflow'), list)));
    expect(found).toMatchObject({ format: 'film', comfyPrompt: GRAPH, texts: { prompt: GRAPH, workflow: 'x' } });
  });

  it('finds the tags of a WebM', () => {
    const found = readPictureText(webm(tag('PROMPT', GRAPH), tag('COMMENT', TEXT)));
    expect(found).toMatchObject({ format: 'film', comfyPrompt: GRAPH, infotext: TEXT });
  });

  it('calls one that says nothing a film', () => {
    for (const bytes of [film(), webm(tag('ENCODER', 'x')), film(writeBox('udta', writeBox('meta', empty)))])
      expect(readPictureText(bytes)).toMatchObject({ format: undefined, problems: [expect.stringContaining('film')] });
  });

  it('reads damaged ones as far as they go', () => {
    const whole = [
      film(writeBox('meta', hdlr, keys('prompt'), writeBox('ilst', item('\0\0\0\x01', GRAPH)))),
      webm(tag('PROMPT', GRAPH)),
    ];
    for (const bytes of whole)
      for (let length = 12; length < bytes.length; length += 3)
        expect(readPictureText(bytes.subarray(0, length)).problems).toBeInstanceOf(Array);
  });
});

describe('readPictureText', () => {
  it('says that texts of a JPEG XL are compressed', () => {
    const bytes = concat([writeBox('JXL ', encodeLatin1('\r\n\x87\n')), writeBox('brob', encodeLatin1('Exif\x01'))]);
    expect(readPictureText(bytes)).toMatchObject({ format: 'jxl', problems: [expect.stringContaining('Brotli')] });
  });

  it('reads every comment of a GIF', () => {
    const bare = new Uint8Array(readFileSync(join(import.meta.dirname, 'fixtures', 'comment.gif')));
    const at = bare.findIndex((byte, i) => byte === 0x21 && bare[i + 1] === 0xfe);
    const short = encodeLatin1('made by hand');
    const block = concat([Uint8Array.of(0x21, 0xfe, short.length), short, Uint8Array.of(0)]);
    const found = readPictureText(concat([bare.subarray(0, at), block, bare.subarray(at)]));
    expect(found.texts['comment']).toBe('made by hand');
    expect(found.texts['comment 2']).toContain('Steps');
  });

  it('reads text files of Windows, with and without a mark', () => {
    const wide = encodeUtf16Be(TEXT);
    const little = wide.map((_, i) => wide[i ^ 1]);
    for (const bytes of [wide, little]) expect(readPictureText(bytes).infotext).toBe(TEXT);
    const old = encodeLatin1(TEXT.replace('stone', 'gr\xfcne'));
    expect(readPictureText(old).infotext).toBe(TEXT.replace('stone', 'grüne'));
    expect(readPictureText(Uint8Array.from({ length: 60 }, (_, i) => 0x80 + i)).format).toBeUndefined();
  });
});
