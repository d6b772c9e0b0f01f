import { describe, expect, it } from 'vitest';
import { notesBeside, pictureBeside, readSidecar } from './sidecars';

const pick = (path: string, text = '') => ({ path, file: new Blob([text]) });

describe('readSidecar', () => {
  it('reads what A1111 and Civitai Helper keep', () => {
    expect(readSidecar('{"activation text": "inky, ink wash ", "preferred weight": 0.7}')).toEqual({
      triggerWords: ['inky', 'ink wash'],
      weight: 0.7,
    });
    expect(readSidecar('{"trainedWords": ["a, b", "b"], "name": "v1"}')).toEqual({ triggerWords: ['a', 'b'] });
    expect(readSidecar('{"activation text": "", "preferred weight": 0}')).toEqual({});
    expect(['{', '[]', 'null', '{"trainedWords": 3}'].map(readSidecar)).toEqual([{}, {}, {}, {}]);
  });
});

describe('what lies beside a file', () => {
  const file = pick('loras/ink.v1.safetensors');
  const all = [
    file,
    pick('loras/ink.v1.preview.png', 'preview'),
    pick('loras/ink.v1.civitai.info', '{"trainedWords":["theirs"]}'),
    pick('loras/ink.v1.json', '{"activation text":"mine"}'),
    pick('loras/ink.json', '{"activation text":"another"}'),
    pick('other/ink.v1.png', 'elsewhere'),
  ];

  it('goes by its stem and its folder; the user’s own notes count first', async () => {
    expect(await notesBeside(file, all)).toEqual({ triggerWords: ['mine'], weight: undefined });
    expect(await pictureBeside(file, all)?.text()).toBe('preview');
    expect(await pictureBeside(file, [...all, pick('loras/ink.v1.jpg', 'own')])?.text()).toBe('own');
    expect(pictureBeside(pick('x.safetensors'), all)).toBeUndefined();
  });
});
