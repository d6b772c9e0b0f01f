import { afterEach, describe, expect, it, vi } from 'vitest';
import facts from '../../../public/models/starter/gesso.json';
import { CATALOG } from '../testing/catalog';
import { fetchSubjects, namesAny } from './subjects';

afterEach(() => void vi.unstubAllGlobals());

const [model] = CATALOG.models;
const answer = (text: string, init?: ResponseInit): void =>
  void vi.stubGlobal('fetch', () => Promise.resolve(new Response(text, init)));

describe('fetchSubjects', () => {
  it('has the subjects and what else they are called', async () => {
    answer('{"subjects":["cat",7],"other_names":["kitten"]}');
    expect(await fetchSubjects(model, 'https://gesso.test/')).toEqual({ subjects: ['cat'], names: ['cat', 'kitten'] });
  });

  it.each(['null', '[]', '{"subjects":3}', '<!doctype html>'])('has none where the file says %s', async (text) => {
    vi.spyOn(console, 'info').mockImplementation(() => undefined);
    answer(text);
    expect((await fetchSubjects(model, 'https://gesso.test/')).names).toEqual([]);
  });

  it('has none of a model that is not bundled, and none where the file is missing', async () => {
    answer('', { status: 404 });
    expect((await fetchSubjects(model, 'https://gesso.test/')).names).toEqual([]);
    expect((await fetchSubjects({ ...model, source: { kind: 'imported' } }, '')).names).toEqual([]);
  });
});

describe('namesAny', () => {
  const names = [...facts.subjects, ...facts.other_names];

  it.each([
    'a red apple',
    'two CATS',
    '(kitten:1.2), watercolour',
    'an 8 ball',
    'ice-cream on the beach',
    'a hamburger',
    'boxes',
  ])('finds a subject in "%s"', (prompt) => expect(namesAny(prompt, names)).toBe(true));

  it.each(['', 'a photograph of my aunt', 'caterpillar', 'scar', '猫'])('finds none in "%s"', (prompt) =>
    expect(namesAny(prompt, names)).toBe(false),
  );
});
