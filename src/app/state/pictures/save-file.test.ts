import { describe, expect, it } from 'vitest';
import { pictureFileName } from './save-file';

describe('pictureFileName', () => {
  it.each([
    ['a red apple', 'gesso-7-a-red-apple.png'],
    ['', 'gesso-7-picture.png'],
    ['../../etc/passwd', 'gesso-7-etc-passwd.png'],
    ['(Ein) "Häuschen": <b>', 'gesso-7-ein-häuschen-b.png'],
    ['赤い林檎', 'gesso-7-赤い林檎.png'],
    ['🦊!!', 'gesso-7-🦊.png'],
    ['a 👩🏽‍🚀 on 🇨🇭 ❤️', 'gesso-7-a-👩🏽‍🚀-on-🇨🇭-❤️.png'],
    ['z\u0361a\u0321lgo', 'gesso-7-z\u0361a\u0321lgo.png'],
    ['!!', 'gesso-7-picture.png'],
  ])('names %j', (prompt, name) => expect(pictureFileName({ seed: 7, prompt })).toBe(name));

  it('stays short whatever the prompt, and never cuts a letter in two', () => {
    expect(pictureFileName({ seed: 1, prompt: 'word '.repeat(5000) }).length).toBeLessThan(60);
    expect(() => encodeURIComponent(pictureFileName({ seed: 1, prompt: '𝒳'.repeat(60) }))).not.toThrow();
  });
});
