import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readPictureText } from '.';
import { concat } from '../../bytes/concat';
import { encodeLatin1, encodeUtf8 } from '../../bytes/text-bytes';
import { readPictureRecipe } from '../../recipes';
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
