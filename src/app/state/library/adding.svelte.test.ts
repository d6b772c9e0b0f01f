/** Adding models: each answer belongs to its question. */
import { describe, expect, it } from 'vitest';
import { entryWithoutCatalog, type FoundModels, type ModelEntry } from '../../../core/catalog';
import { AppError } from '../../../core/errors';
import { Adding } from './adding.svelte';

const entry = (id: string, source: Partial<ModelEntry['source'] & { kind: 'hub' }> = {}): ModelEntry =>
  entryWithoutCatalog(id, id, 'sd15', {
    source: { kind: 'hub', repo: 'who/it', revision: 'main', files: [`${id}.safetensors`], ...source },
    downloadBytes: 2e9,
  });
const only = (found: ModelEntry): FoundModels => ({ title: 'who/it', choices: [{ name: found.id, entry: found }] });

function create(found: FoundModels, known: ModelEntry[] = [], stored: string[] = []) {
  const added: string[] = [];
  const adding = new Adding({
    api: {
      lookUp: () => Promise.resolve(found),
      add: (entries) => {
        added.push(...entries.map(({ id }) => id));
        return Promise.resolve([...entries]);
      },
    },
    entries: () => known,
    stored: () => stored,
    before: () => Promise.resolve(),
  });
  return { adding, added };
}

describe('Adding', () => {
  it('tells of what was asked for last, though an earlier one ends later', async () => {
    const { adding, added } = create(only(entry('it')));
    let fail: (error: Error) => void = () => undefined;
    const first = adding.importing(() => new Promise((_, reject) => (fail = reject)));
    await Promise.resolve();
    await adding.lookUp('who/it');
    fail(new AppError('bad-file', 'x.ckpt: it is damaged'));
    await first;
    expect(added).toEqual(['it']);
    expect([adding.place, adding.words, adding.problem]).toEqual(['address', 'Added to the list.', undefined]);
  });

  it('is busy until the last one is done', async () => {
    const { adding } = create(only(entry('it')));
    const first = adding.lookUp('who/it');
    let end: (ids: string[]) => void = () => undefined;
    const second = adding.importing(() => new Promise((resolve) => (end = resolve)));
    await first;
    expect([adding.place, adding.busy, adding.words]).toEqual(['files', 'Reading …', '']);
    end(['own']);
    await second;
    expect([adding.busy, adding.ids]).toEqual([undefined, ['own']]);
  });

  it('gives the id of what is here, and in no list of models, to nothing else', async () => {
    const { adding, added } = create(only(entry('diffusion_pytorch_model')), [], ['diffusion_pytorch_model']);
    await adding.lookUp('who/vae');
    expect(added).toEqual(['diffusion_pytorch_model-2']);
  });

  const folder = ['unet/config.json', 'vae/config.json'];
  const within = (root: string): string[] => folder.map((file) => `${root}/${file}`);
  it.each<[string, Partial<ModelEntry['source'] & { kind: 'hub' }>, boolean]>([
    ['with other files of the same folder', { files: [...folder, 'unet/model.safetensors'] }, true],
    ['in a folder of it', { files: within('v2') }, false],
    ['of another revision', { files: folder, revision: 'fp16' }, false],
  ])('knows a pipeline %s', async (_, source, isKnown) => {
    const { adding, added } = create(only(entry('it', source)), [entry('it', { files: folder })]);
    await adding.lookUp('who/it');
    expect(added).toEqual(isKnown ? [] : ['it-2']);
    expect(adding.words).toBe(isKnown ? 'it is in the list already.' : 'Added to the list.');
  });
});
