import { describe, expect, it } from 'vitest';
import manifest from '../../../models-manifest.json';
import { parseCatalog } from '.';

type Json = Record<string, unknown>;

/** The shipped manifest with one field of its first entry changed. */
function changed(change: (entry: Json) => void): unknown {
  const copy = structuredClone(manifest) as unknown as { models: Json[] };
  change(copy.models[0]);
  return copy;
}

describe('parseCatalog', () => {
  it('accepts the manifest that ships', () => {
    const { models } = parseCatalog(manifest);
    expect(models[0].id).toBe('starter');
    expect(models[0].suggestions.length).toBeGreaterThanOrEqual(8);
  });

  it.each<[string, (entry: Json) => void, RegExp]>([
    ['an entry without a name', (entry) => delete entry['name'], /models\[0\]\.name must be text/],
    ['an unknown source', (entry) => (entry['source'] = { kind: 'torrent' }), /models\[0\]\.source\.kind/],
    [
      'an unknown sampler',
      (entry) => ((entry['defaults'] as Json)['sampler'] = 'best'),
      /defaults\.sampler is not a known/,
    ],
    [
      'absurd steps',
      (entry) => ((entry['defaults'] as Json)['steps'] = 1e9),
      /defaults\.steps Steps must be from 1 to 150/,
    ],
    [
      'a size that is no number',
      (entry) => ((entry['size'] as Json)['min'] = '64'),
      /size\.min must be a whole number/,
    ],
    ['negative bytes', (entry) => (entry['downloadBytes'] = -1), /downloadBytes must be a whole number/],
    ['suggestions that are no texts', (entry) => (entry['suggestions'] = [1]), /suggestions must be a list of texts/],
  ])('refuses %s, naming it', (_what, change, message) => {
    expect(() => parseCatalog(changed(change))).toThrow(message);
  });

  it('refuses what is no catalogue at all, and two entries of one id', () => {
    expect(() => parseCatalog([])).toThrow(/must be an object/);
    expect(() => parseCatalog({ version: 2, models: [] })).toThrow(/version must be 1/);
    expect(() => parseCatalog({ version: 1, models: [] })).toThrow(/at least one model/);
    expect(() => parseCatalog({ ...manifest, models: [manifest.models[0], manifest.models[0]] })).toThrow(/same id/);
  });
});
