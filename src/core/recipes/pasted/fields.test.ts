/** Fields as tools of the shell, PHP, Ruby and lists of properties have them. */
import { describe, expect, it } from 'vitest';
import { readTextRecipe } from '..';
import { SAID } from '../../recipe/infotext/testing/said';

const VALUES = {
  prompt: 'a stone bridge',
  negative_prompt: 'mist',
  steps: 18,
  sampler_name: 'DPM++ 2M Karras',
  cfg_scale: 5.5,
  seed: 77,
  width: 576,
  height: 704,
};
const ENTRIES = Object.entries(VALUES);
const all = (write: (key: string, value: string | number) => string, mark = ' '): string =>
  ENTRIES.map(([key, value]) => write(key, value)).join(mark);
const quoted = (value: string | number) => (typeof value === 'string' ? `'${value}'` : String(value));

describe('fields', () => {
  it.each([
    ['PHP', `$payload = [\n${all((key, value) => `  '${key}' => ${quoted(value)},`, '\n')}\n];`],
    ['Ruby', `{ ${all((key, value) => `:${key} => ${quoted(value)}`, ', ')} }`],
    ['a form of curl', `curl http://x.test/a ${all((key, value) => `-F "${key}=${value}"`)}`],
    ['a form of curl, quotes inside', `curl ${all((key, value) => `--form ${key}="${value}"`)} http://x.test/a`],
    [
      'HTTPie',
      `http POST :7860/a ${all((key, value) => (typeof value === 'string' ? `${key}=` : `${key}:=`) + quoted(value))}`,
    ],
    [
      'a list of properties',
      `<?xml version="1.0"?>\n<plist version="1.0"><dict>${all((key, value) => `<key>${key}</key><${typeof value === 'string' ? 'string' : 'real'}>${value}</${typeof value === 'string' ? 'string' : 'real'}>`)}</dict></plist>`,
    ],
  ])('of %s', (_, text) => expect(readTextRecipe(text).recipe).toMatchObject(SAID));

  it('names a command for a database', () => {
    const { recipe, notes } = readTextRecipe("INSERT INTO pictures (prompt, steps) VALUES ('a stone bridge', 18);");
    expect(recipe.prompt).toBe('');
    expect(notes[0].message).toContain('database');
  });

  it('leaves arrows in words', () => {
    const text = "a road => a 'river' => a sea";
    expect(readTextRecipe(text).recipe.prompt).toBe(text);
  });
});
