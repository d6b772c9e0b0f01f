/** Pictures made by Pillow and piexif (tools/fixtures/picture_texts.py) are read; what we write is read by ourselves. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { describe, expect, it } from 'vitest';
import { embedInfotext, embedPngText, readPictureText, readStealthText } from '.';
import { writeExif } from './exif';
import { inflateGzip, inflateZlib } from '../../bytes/inflate';
import { gzipSync, zlibSync } from 'fflate';
import golden from './fixtures/pictures.json' with { type: 'json' };

const FOLDER = join(import.meta.dirname, 'fixtures');
const load = (name: string) => new Uint8Array(readFileSync(join(FOLDER, name)));
const NAMES = Object.keys(golden.pictures);
const BARE = NAMES.filter((name) => name.startsWith('bare'));
const EMPTY = { infotext: undefined, comfyPrompt: undefined, comfyWorkflow: undefined, novelAi: undefined };

describe('readPictureText', () => {
  it.each(Object.entries(golden.pictures).filter(([name]) => !name.startsWith('stealth')))(
    'reads %s',
    (name, expected) => {
      const { infotext, comfyPrompt, comfyWorkflow, novelAi, problems } = readPictureText(load(name));
      const wanted = Object.fromEntries(Object.entries(expected).filter(([, value]) => value !== null));
      expect({ infotext, comfyPrompt, comfyWorkflow, novelAi }).toEqual({ ...EMPTY, ...wanted });
      expect(problems).toEqual([]);
    },
  );

  it('takes a text file for an infotext and leaves other bytes alone', () => {
    expect(readPictureText(new TextEncoder().encode('\uFEFFa cat'))).toMatchObject({
      format: 'text',
      infotext: 'a cat',
    });
    expect(readPictureText(new Uint8Array([0, 1, 2])).format).toBeUndefined();
    expect(readPictureText(new Uint8Array())).toMatchObject({ format: 'text', infotext: '' });
  });

  it('says the size of a PNG, and where it ends too early', () => {
    const whole = load('text.png');
    expect(readPictureText(whole)).toMatchObject({ width: 8, height: 8 });
    expect(readPictureText(whole.subarray(0, 100)).problems).toEqual(['The file ends within its chunk tEXt.']);
  });
});

describe('readStealthText', () => {
  it.each(Object.entries(golden.pictures).filter(([name]) => name.startsWith('stealth')))(
    'reads %s',
    (name, expected) => {
      const { width, height, data } = PNG.sync.read(Buffer.from(load(name)));
      expect(readStealthText({ width, height, data })).toBe((expected as { stealth: string }).stealth);
    },
  );

  it('finds nothing in other pictures, however small', () => {
    expect(readStealthText({ width: 1, height: 1, data: new Uint8Array(4) })).toBeUndefined();
    expect(readStealthText({ width: 64, height: 64, data: new Uint8Array(4 * 64 * 64) })).toBeUndefined();
  });
});

describe('embedInfotext', () => {
  const TEXTS = { plain: 'a cat\nSteps: 1', latin: 'café ½ ÿ', wide: golden.wide, long: 'x, '.repeat(9000) };

  describe.each(BARE)('%s', (name) => {
    it.each(Object.entries(TEXTS))('keeps a %s text, and another in its place', (_, text) => {
      const written = embedInfotext(load(name), text);
      expect(readPictureText(written)).toMatchObject({ infotext: text, problems: [] });
      const again = embedInfotext(written, 'another');
      expect(readPictureText(again).infotext).toBe('another');
      expect(again.length).toBeLessThanOrEqual(
        embedInfotext(load(name), 'another').length + (name.endsWith('avif') ? text.length * 2 + 100 : 0),
      );
    });
  });

  it('writes the EXIF that piexif writes, byte for byte', () => {
    expect(`457869660000${Buffer.from(writeExif(golden.wide)).toString('hex')}`).toBe(golden.exifOfWide);
  });

  it('writes the PNG that Pillow writes, byte for byte', () => {
    const { infotext = '' } = readPictureText(load('text.png'));
    expect(Buffer.from(embedInfotext(load('bare.png'), infotext)).equals(Buffer.from(load('text.png')))).toBe(true);
    const wide = Buffer.from(embedInfotext(load('bare.png'), golden.wide));
    expect(wide.equals(Buffer.from(load('wide.png')))).toBe(true);
  });

  it('refuses what is no picture, and a text too long for a JPEG', () => {
    expect(() => embedInfotext(new Uint8Array([1, 2, 3]), 'a')).toThrow(/none of them/);
    expect(() => embedInfotext(load('bare.jpg'), 'x'.repeat(40_000))).toThrow(/32 000 characters, not 40000/);
    expect(() => embedPngText(load('bare.png').subarray(0, 20), 'parameters', 'a')).toThrow(/no header chunk/);
  });
});

describe('inflate', () => {
  const bytes = new Uint8Array(100_000).fill(7);

  it('gives up beyond the limit and at the end of a damaged stream', () => {
    expect(inflateZlib(zlibSync(bytes), 100_000)?.every((byte) => byte === 7)).toBe(true);
    expect(inflateGzip(gzipSync(bytes), 100_000)?.length).toBe(100_000);
    expect(inflateZlib(zlibSync(bytes), 99_999)).toBeUndefined();
    expect(inflateZlib(zlibSync(bytes).subarray(0, -20), 100_000)).toBeUndefined();
    expect(inflateZlib(new Uint8Array([1, 2, 3, 4, 5]), 100)).toBeUndefined();
    expect(inflateZlib(new Uint8Array(), 100)).toBeUndefined();
  });
});
