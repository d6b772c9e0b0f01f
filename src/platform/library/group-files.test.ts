import { describe, expect, it } from 'vitest';
import { groupFiles } from './group-files';

const PACK = JSON.stringify({ version: 2, id: 'tiny-one', name: 'Tiny one' });
const pick = (...paths: string[]) =>
  paths.map((path) => ({ path, file: new Blob([path.endsWith('pack.json') ? PACK : 'x']) }));
const grouped = async (...paths: string[]) =>
  (await groupFiles(pick(...paths))).map(({ id, name, files }) => [id, name, files.map(({ path }) => path).join(' ')]);

describe('groupFiles', () => {
  it('takes the files of a pack for one model, which says its own name', async () => {
    expect(await grouped('pack.json', 'unet-0.bin', 'vae_decoder-0.bin')).toEqual([
      ['tiny-one', 'Tiny one', 'pack.json unet-0.bin vae_decoder-0.bin'],
    ]);
  });

  it('takes the folder of a pack for one model, and each pack of a folder of packs', async () => {
    expect(await grouped('mine/pack.json', 'mine/unet-0.bin', 'mine/README.md')).toEqual([
      ['mine', 'mine', 'pack.json unet-0.bin README.md'],
    ]);
    expect(await grouped('packs/a/pack.json', 'packs/a/unet-0.bin', 'packs/b/pack.json', 'packs/notes.txt')).toEqual([
      ['a', 'a', 'pack.json unet-0.bin'],
      ['b', 'b', 'pack.json'],
    ]);
  });

  it('takes checkpoints one by one, a folder as one, and leaves what lies beside', async () => {
    expect(await grouped('A b.safetensors', 'pack.json', 'unet-0.bin', 'notes.txt')).toEqual([
      ['a-b', 'A b', 'A b.safetensors'],
      ['tiny-one', 'Tiny one', 'pack.json unet-0.bin'],
    ]);
    expect(await grouped('sd/unet/config.json', 'sd/unet/x.safetensors', 'sd/model_index.json')).toEqual([
      ['sd', 'sd', 'unet/config.json unet/x.safetensors model_index.json'],
    ]);
  });

  it('takes a config.json with the one file that was picked beside it, and with none of several', async () => {
    expect(await grouped('config.json', 'weights.safetensors')).toEqual([
      ['weights', 'weights', 'weights.safetensors config.json'],
    ]);
    expect(await grouped('a.safetensors', 'config.json', 'b.safetensors')).toEqual([
      ['a', 'a', 'a.safetensors'],
      ['b', 'b', 'b.safetensors'],
    ]);
    expect(await grouped('sd/x.safetensors', 'config.json')).toEqual([['sd', 'sd', 'x.safetensors']]);
  });

  it.each([
    [['readme.txt'], 'not-a-model', /^There is no model in readme\.txt\. Choose a \.safetensors/],
    [
      ['p/a.png', 'p/b.png', 'p/c.png', 'p/d.png'],
      'not-a-model',
      /no model in a\.png, b\.png, c\.png, …, and no embedding\./,
    ],
    [[], 'not-a-model', /folder is empty/],
    [['unet-0.bin'], 'missing-file', /unet-0\.bin is one part of a pack\. Choose pack\.json and all/],
  ])('refuses %j with the way out', async (paths, code, message) => {
    await expect(groupFiles(pick(...paths))).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message) as string,
    });
  });
});
