/** Answers in the shape that Civitai's API documents; names and numbers are made up. */
import { describe, expect, it } from 'vitest';
import type { CivitaiAddress } from '.';
import { civitaiApiAddress, readCivitaiAnswer } from './civitai-files';

const ADDRESS: CivitaiAddress = { kind: 'civitai', site: 'https://civitai.com', modelId: '7', search: '' };

const file = (part: object = {}) => ({
  id: 1,
  name: 'painter_v2.safetensors',
  type: 'Model',
  sizeKB: 2_082_642.5,
  primary: true,
  metadata: { format: 'SafeTensor', size: 'pruned', fp: 'fp16' },
  hashes: { SHA256: 'AB'.repeat(32), AutoV2: 'ABABABABAB' },
  downloadUrl: 'https://civitai.com/api/download/models/70',
  ...part,
});
const version = (part: object = {}) => ({ id: 70, name: 'v2', baseModel: 'SD 1.5', files: [file()], ...part });
const model = (part: object = {}) => ({
  id: 7,
  name: 'Painter',
  type: 'Checkpoint',
  modelVersions: [version()],
  ...part,
});
const read = (answer: unknown, address = ADDRESS) => readCivitaiAnswer(answer, address);
const problems = (answer: unknown) => read(answer).choices.map(({ problem }) => problem);

describe('readCivitaiAnswer', () => {
  it('makes an entry of a checkpoint: name, size, digest, family, page', () => {
    const { title, choices } = read(model());
    expect(title).toBe('Painter on Civitai');
    expect(choices).toHaveLength(1);
    expect(choices[0]).toMatchObject({
      name: 'v2 · SD 1.5 · painter_v2.safetensors',
      byteLength: 2_132_625_920,
      entry: {
        id: 'painter_v2',
        name: 'Painter v2',
        family: 'sd15',
        downloadBytes: 2_132_625_920,
        page: 'https://civitai.com/models/7',
        source: {
          kind: 'url',
          url: 'https://civitai.com/api/download/models/70',
          name: 'painter_v2.safetensors',
          sha256: 'ab'.repeat(32),
        },
      },
    });
  });

  it('reads the answer of one version, which names its model within', () => {
    const answer = version({ modelId: 7, model: { name: 'Painter', type: 'Checkpoint' } });
    expect(read(answer)).toMatchObject({ title: 'Painter on Civitai', choices: [{ entry: { name: 'Painter v2' } }] });
  });

  it('offers every version and every file of weights, the main one first', () => {
    const files = [
      file({ name: 'full.safetensors', primary: false }),
      file(),
      file({ name: 'x.yaml', type: 'Config' }),
    ];
    const answer = model({ modelVersions: [version({ files }), version({ name: 'v1' })] });
    expect(read(answer).choices.map(({ name }) => name)).toEqual([
      'v2 · SD 1.5 · painter_v2.safetensors',
      'v2 · SD 1.5 · full.safetensors',
      'v1 · SD 1.5 · painter_v2.safetensors',
    ]);
  });

  it('takes the one file that a Download button means', () => {
    const files = [
      file(),
      file({ name: 'full.ckpt', primary: false, metadata: { format: 'PickleTensor', size: 'full', fp: 'fp32' } }),
    ];
    const search = '?type=Model&format=PickleTensor&size=full&fp=fp32';
    const { choices } = read(model({ modelVersions: [version({ files })] }), { ...ADDRESS, search });
    expect(choices.map(({ name }) => name)).toEqual(['v2 · SD 1.5 · full.ckpt']);
  });

  it.each([
    ['a VAE', model({ type: 'VAE' }), /this is an autoencoder \(VAE\) alone, which cannot be used yet/],
    ['a kind that nobody knows', model({ type: 'Poses' }), /“Poses”/],
    ['a model for Flux', model({ modelVersions: [version({ baseModel: 'Flux.1 D' })] }), /made for Flux\.1 D/],
    ['Pony V7, which is no SDXL', model({ modelVersions: [version({ baseModel: 'Pony V7' })] }), /made for Pony V7/],
    [
      'what may only be used there',
      model({ modelVersions: [version({ usageControl: 'Generation' })] }),
      /does not let/,
    ],
    ['GGUF', model({ modelVersions: [version({ files: [file({ metadata: { format: 'GGUF' } })] })] }), /format GGUF/],
    [
      'a file without an address',
      model({ modelVersions: [version({ files: [file({ downloadUrl: null })] })] }),
      /no download/,
    ],
  ])('says why %s cannot be used', (_what, answer, message) => {
    expect(problems(answer)).toEqual([expect.stringMatching(message)]);
  });

  it.each([
    ['LORA', 'lora'],
    ['DoRA', 'lora'],
    ['TextualInversion', 'embedding'],
  ])('lists a %s, with its words', (type, role) => {
    const { choices } = read(model({ type, modelVersions: [version({ trainedWords: ['inky', 3] })] }));
    expect(choices).toMatchObject([{ entry: { role, family: 'sd15', triggerWords: ['inky'] } }]);
  });

  it.each([
    ['Pony', 'sdxl'],
    ['Illustrious', 'sdxl'],
    ['SDXL Lightning', 'sdxl'],
    ['SD 2.1 768', 'sd21'],
    ['Other', undefined],
  ])('knows the family of %s', (baseModel, family) => {
    expect(read(model({ modelVersions: [version({ baseModel })] })).choices[0]?.entry?.family).toBe(family);
  });

  it('refuses another answer', () => {
    for (const answer of [null, {}, { error: 'Model not found' }, []])
      expect(() => read(answer)).toThrow(/names no model/);
  });
});

describe('civitaiApiAddress', () => {
  it('asks for the version where one is meant', () => {
    expect(civitaiApiAddress(ADDRESS)).toBe('https://civitai.com/api/v1/models/7');
    expect(civitaiApiAddress({ ...ADDRESS, versionId: '70' })).toBe('https://civitai.com/api/v1/model-versions/70');
  });
});
