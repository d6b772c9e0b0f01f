import { afterEach, describe, expect, it, vi } from 'vitest';
import { CATALOG } from '../../testing/catalog';
import { fetchSubjects } from './subjects';

afterEach(() => void vi.unstubAllGlobals());

const [model] = CATALOG.models;
const READER =
  '{"names":{"cat":{"taught":["kitten"]}},"colours":[],"backgrounds":[],"styles":[],"sizes":[],"uncounted":[]}';
const answer = (text: string, init?: ResponseInit): void =>
  void vi.stubGlobal('fetch', () => Promise.resolve(new Response(text, init)));

describe('fetchSubjects', () => {
  it('has the subjects, and a reader where the model describes one', async () => {
    answer(`{"subjects":["cat",7],"reader":${READER}}`);
    const { subjects, reader } = await fetchSubjects(model, 'https://gesso.test/');
    expect(subjects).toEqual(['cat']);
    expect((await reader?.read('a photo of kittens'))?.draws).toBe('a kitten and a kitten');
  });

  it('reads English alone where the other languages cannot be had', async () => {
    vi.spyOn(console, 'info').mockImplementation(() => undefined);
    vi.stubGlobal('fetch', (url: URL) =>
      url.href.endsWith('gesso.json')
        ? Promise.resolve(new Response(`{"reader":${READER}}`))
        : Promise.reject(new Error('offline')),
    );
    const { reader } = await fetchSubjects(model, 'https://gesso.test/');
    expect(await reader?.read('eine Katze')).toMatchObject({ isUnknown: true });
    expect(await reader?.read('eine cat')).toMatchObject({ draws: 'a cat', leftOut: ['eine'] });
  });

  it('asks for the other languages again at the next word', async () => {
    vi.spyOn(console, 'info').mockImplementation(() => undefined);
    const asked: string[] = [];
    vi.stubGlobal('fetch', (url: URL) => {
      asked.push(url.pathname);
      return url.pathname.endsWith('gesso.json')
        ? Promise.resolve(new Response(`{"reader":${READER}}`))
        : asked.length < 3
          ? Promise.reject(new Error('offline'))
          : Promise.resolve(new Response('{"subjects":["cat"],"languages":{"de":{"names":"katze","colours":{}}}}'));
    });
    const { reader } = await fetchSubjects(model, 'https://gesso.test/');
    expect((await reader?.read('Katze'))?.isUnknown).toBe(true);
    expect((await reader?.read('Katze'))?.draws).toBe('a cat');
    await reader?.read('Katzen');
    expect(asked).toHaveLength(3);
  });

  it.each(['null', '[]', '{"subjects":3}', '<!doctype html>', '{"reader":{"names":{}}}'])(
    'has none where the file says %s',
    async (text) => {
      vi.spyOn(console, 'info').mockImplementation(() => undefined);
      answer(text);
      expect(await fetchSubjects(model, 'https://gesso.test/')).toEqual({ subjects: [] });
    },
  );

  it('has none of a model that is not bundled, and none where the file is missing', async () => {
    answer('', { status: 404 });
    expect(await fetchSubjects(model, 'https://gesso.test/')).toEqual({ subjects: [] });
    expect(await fetchSubjects({ ...model, source: { kind: 'imported' } }, '')).toEqual({ subjects: [] });
  });
});
