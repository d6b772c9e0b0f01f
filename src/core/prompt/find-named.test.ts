/** Tags and the files that they mean. */
import { describe, expect, it } from 'vitest';
import { findNamed } from './find-named';

const FILES = [
  ['old', 'ink', 'Chalk'],
  ['chalk'],
  ['ink', 'Ink Wash'],
  ['Pen', 'shared'],
  ['pencil.v1.2', 'shared', 'Crayon'],
];

const found = (name: string): string | undefined => findNamed(name, FILES, (names) => names)?.[0];

describe('findNamed', () => {
  it.each([
    ['ink', 'ink', 'its own name, though another that stands before it is called so too (A1111#10749)'],
    ['INK', 'ink', 'its own name in another case'],
    ['Ink Wash', 'ink', 'what its maker calls it'],
    ['ink wash', 'ink', 'that in another case'],
    ['pen', 'Pen', 'its own name in another case'],
    ['Chalk', 'old', 'what its maker calls it to the letter, though another has that name in another case'],
    ['chalk', 'chalk', 'its own name'],
    ['crayon', 'pencil.v1.2', 'a second name of it'],
    ['pencil.v1.2', 'pencil.v1.2', 'a name with dots'],
    ['styles/ink', 'ink', 'a path'],
    [String.raw`styles\deep\Ink.safetensors`, 'ink', 'a path of Windows, with an ending'],
    ['pencil.v1.2.safetensors', 'pencil.v1.2', 'an ending'],
    ['styles/Ink Wash', 'ink', 'a path whose end its maker calls it'],
  ])('takes %s for %s: %s', (name, file) => expect(found(name)).toBe(file));

  it.each(['shared', 'SHARED', 'none', 'styles/', ''])('guesses nothing for %j', (name) =>
    expect(found(name)).toBeUndefined(),
  );
});
