/** What goes to the engine with a request: what its prompts name of what is here, and no more. */
import { describe, expect, it } from 'vitest';
import type { StoredAdapter } from '../../engine/library-api';
import { pictureInputs, tiHashes } from './picture-inputs';

const DEFAULTS = { dialect: 'a1111', prompt: '', negativePrompt: '' } as const;

function stored(kind: StoredAdapter['kind'], name: string, aliases: string[] = []): StoredAdapter {
  const sha256 = name.padEnd(64, '0');
  return {
    kind,
    id: `id of ${name}`,
    name,
    fileName: `${name}.safetensors`,
    aliases,
    bytes: 1,
    addedAt: 0,
    hasPreview: false,
    triggerWords: [],
    notices: [],
    hashes: { sha256 } as StoredAdapter['hashes'],
  };
}

const adapters = [
  stored('lora', 'ink'),
  stored('embedding', 'EasyNegative'),
  stored('embedding', 'cat', ['kitty']),
  stored('embedding', '<gta5-artwork>'),
];
const asked: string[][] = [];
const shelf = {
  adapters,
  adapterFiles: (ids: readonly string[]): Promise<Blob[]> => {
    asked.push([...ids]);
    return Promise.resolve(ids.map((id) => new Blob([id])));
  },
};

const inputsOf = (prompt: string, negativePrompt = '') =>
  pictureInputs({ ...DEFAULTS, prompt, negativePrompt } as Parameters<typeof pictureInputs>[0], undefined, shelf);

describe('pictureInputs', () => {
  it('takes LoRAs by their tags, each once', async () => {
    const { adapters: loras, embeddings } = await inputsOf('a dog <lora:ink:1> <lora:ink:0.5>');
    expect(loras?.map(({ id }) => id)).toEqual(['id of ink']);
    expect(embeddings).toBeUndefined();
  });

  it('takes embeddings that either prompt may hold, whatever their case and spaces', async () => {
    const { adapters: loras, embeddings } = await inputsOf('a dog, embedding:kitty', 'easy negative');
    expect(loras).toBeUndefined();
    expect(embeddings?.map(({ names }) => names)).toEqual([['EasyNegative'], ['cat', 'kitty']]);
    expect(await embeddings?.[0].file.slice(0, 2).arrayBuffer()).toHaveProperty('byteLength', 2);
  });

  it('asks for no file where nothing is named', async () => {
    asked.length = 0;
    expect(await inputsOf('a dog in the snow')).toEqual({});
    expect(asked.flat()).toEqual([]);
  });
});

describe('tiHashes', () => {
  it.each([
    ['a cat', '', ['cat']],
    ['concatenate, cats', '', []],
    ['(cat:1.2), <gta5-artwork>', 'easynegative', ['EasyNegative', 'cat', '<gta5-artwork>']],
    ['a dog', '', undefined],
  ])('names what is a word of %s | %s', (prompt, negativePrompt, names) => {
    const hashes = tiHashes({ prompt, negativePrompt }, adapters);
    expect(hashes && Object.keys(hashes)).toEqual(names?.length === 0 ? undefined : names);
  });

  it('writes the first twelve digits of the whole file', () => {
    expect(tiHashes({ prompt: 'a cat', negativePrompt: '' }, adapters)).toEqual({ cat: 'cat000000000' });
  });
});
