import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readPictureText } from '.';
import { concat } from '../../bytes/concat';
import { encodeLatin1, encodeUtf8 } from '../../bytes/text-bytes';
import { toBase64 } from '../../bytes/base64';
import { readPictureRecipe, readTextRecipe } from '../../recipes';
import { GRAPH, SAID, TEXT } from '../../recipes/testing/program-json';
import { uint } from './boxes';

const bare = (name: string) => new Uint8Array(readFileSync(join(import.meta.dirname, 'fixtures', name)));
const chunk = (keyword: string, text: string) => {
  const data = encodeLatin1(`${keyword}\0${text}`);
  return concat([uint(data.length, 4), encodeLatin1('tEXt'), data, uint(0, 4)]);
};
const recipeOf = (...parts: readonly Uint8Array[]) => readPictureRecipe(readPictureText(concat(parts)))?.recipe;

describe('texts behind the end of a picture', () => {
  it.each(['bare.png', 'bare.jpg', 'bare-lossless.webp'])('of %s', (name) => {
    expect(recipeOf(bare(name), encodeUtf8(TEXT))).toMatchObject(SAID);
    expect(recipeOf(bare(name), encodeUtf8(`\n${JSON.stringify({ prompt: GRAPH })}\n`))).toMatchObject(SAID);
    expect(recipeOf(bare(name), encodeUtf8(`\0\0${TEXT}`))).toBeUndefined();
    expect(recipeOf(bare(name), encodeUtf8('words of somebody'))).toBeUndefined();
    expect(recipeOf(bare(name)), 'nothing behind it').toBeUndefined();
  });

  it('are chunks behind IEND, too', () => {
    expect(recipeOf(bare('bare.png'), chunk('parameters', TEXT))).toMatchObject(SAID);
    expect(recipeOf(bare('bare.png'), chunk('prompt', JSON.stringify(GRAPH)))).toMatchObject(SAID);
    expect(recipeOf(bare('bare.png'), chunk('parameters', TEXT).subarray(0, 40))).toBeUndefined();
  });

  it('count less than the picture’s own', () => {
    const own = readPictureText(bare('text.png')).infotext;
    expect(readPictureText(concat([bare('text.png'), chunk('parameters', TEXT)])).infotext).toBe(own);
  });
});

describe('odd texts of files', () => {
  const words = 'a 石 bridge\nSteps: 18, Sampler: Euler, Seed: 77';
  const units = (bytes: 2 | 4) => {
    const codes = ['\uFEFF', ...words].map((letter) => letter.codePointAt(0) ?? 0);
    return Uint8Array.from(codes.flatMap((code) => Array.from({ length: bytes }, (_, i) => (code >> (8 * i)) & 0xff)));
  };
  const within = (type: string, data: Uint8Array) => {
    const file = bare('bare.png');
    const written = concat([uint(data.length, 4), encodeLatin1(type), data, uint(0, 4)]);
    return concat([file.subarray(0, 33), written, file.subarray(33)]);
  };

  it.each<[string, Uint8Array]>([
    ['UTF-16', units(2)],
    ['UTF-32', units(4)],
    ['a zero at its end', concat([encodeUtf8(words), new Uint8Array(1)])],
    ['UTF-16 in a chunk', within('tEXt', concat([encodeLatin1('parameters\0'), units(2)]))],
    [
      'a chunk that says it is compressed',
      within('iTXt', concat([encodeLatin1('parameters\0\x01\0\0\0'), encodeUtf8(words)])),
    ],
  ])('%s', (_, bytes) => {
    expect(readPictureText(bytes)).toMatchObject({ infotext: words, problems: [] });
  });

  it('an empty chunk does not replace one that says something', () => {
    const own = readPictureText(bare('text.png')).infotext;
    const file = bare('text.png');
    expect(readPictureText(concat([file.subarray(0, -12), chunk('parameters', ''), file.subarray(-12)])).infotext).toBe(
      own,
    );
  });

  it('a tar archive is called one', () => {
    const tar = new Uint8Array(1024);
    tar.set(encodeLatin1('ustar'), 257);
    expect(readPictureText(tar).problems[0]).toMatch(/tar archive/);
  });

  it('a picture in base64 is read, and never a prompt', () => {
    const base64 = (file: Uint8Array) => toBase64(file);
    const file = concat([bare('bare.png').subarray(0, 33), chunk('parameters', TEXT), bare('bare.png').subarray(33)]);
    for (const text of [base64(file), `data:image/png;base64,${base64(file)}`])
      expect(readTextRecipe(text).recipe).toMatchObject(SAID);
    const nothing = readTextRecipe(base64(bare('bare.png')));
    expect([nothing.recipe.prompt, nothing.notes[0].message]).toEqual([
      '',
      'This is a picture as base64: there is no recipe in it.',
    ]);
  });
});
