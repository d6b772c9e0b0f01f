import { describe, expect, it } from 'vitest';
import { takeLoras } from './numbered-loras';

const namesIn = (prompt: string, name = 'ink') =>
  takeLoras(new Map([['Lora_0 Model name', name]]), prompt).map((lora) => lora.name);

describe('takeLoras', () => {
  it.each(['a pear <lora:ink>', 'a pear <lora:ink:0.5>', '<lyco:Ink:1>'])(
    'does not tell twice what %s names',
    (prompt) => expect(namesIn(prompt)).toEqual([]),
  );

  it.each(['colours :ink: and more', '<lora:inky>', '<lora:my ink:1>', '<hypernet:ink:1>'])(
    'tells what %s names not',
    (prompt) => expect(namesIn(prompt)).toEqual(['ink']),
  );

  it('takes no name for a pattern', () => {
    expect(namesIn('<lora:a(1)+b:1>', 'a(1)+b')).toEqual([]);
    expect(namesIn('<lora:v1x5:1>', 'v1.5 ')).toHaveLength(1);
    expect(namesIn('<lora:a.b:1>', 'a.b')).toEqual([]);
    expect(namesIn('<lora:a-b:1>', 'a.b')).toEqual(['a.b']);
  });

  it.each([
    ['ink (0.8)', 'ink', 0.8],
    ['ink.safetensors : 1', 'ink', 1],
    ['ink (-1)', 'ink', -1],
    ['ink (1)', 'ink (1)', 1],
    ['ink (2).safetensors', 'ink (2)', 1],
  ])('takes a number in brackets for a weight only with a point or a sign: %s', (value, name, unet) => {
    expect(takeLoras(new Map([['Lora_0 Model name', value]]), '')).toEqual([{ name, unet, text: unet }]);
  });
});
