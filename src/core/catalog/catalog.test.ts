import { describe, expect, it } from 'vitest';
import manifest from '../../../models-manifest.json';
import { chooseHubFiles, entryWithoutCatalog, HUB, idFromName, parseCatalog, readTree, withCellSteps } from '.';

type Json = Record<string, unknown>;

/** The shipped manifest with one field of its first entry changed. */
function changed(change: (entry: Json) => void): unknown {
  const copy = structuredClone(manifest) as unknown as { models: Json[] };
  change(copy.models[0]);
  return copy;
}

const withSource = (source: Json) => (entry: Json) => void (entry['source'] = source);
const hubSource = (part: Json) => withSource({ kind: 'hub', repo: 'a/b', revision: 'main', files: ['x'], ...part });

describe('parseCatalog', () => {
  it('accepts the manifest that ships', () => {
    const { models } = parseCatalog(manifest);
    expect(models[0].id).toBe('starter');
    expect(models[0].suggestions.length).toBeGreaterThanOrEqual(8);
    for (const { id, licence, source, needs, storedBytes, family } of models) {
      expect(licence.commercialUse, id).toBeDefined();
      expect([family, storedBytes, source.kind === 'bundled' || needs], id).not.toContain(undefined);
    }
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
      'a source that leaves its repository',
      hubSource({ files: ['../x'] }),
      /source\.files must be a list of paths within/,
    ],
    ['a repository that is none', hubSource({ repo: 'https://x' }), /source\.repo must be an owner and a name/],
    ['an address that is not safe', withSource({ kind: 'url', url: 'http://x.org/a.safetensors' }), /must be an https/],
    ['a digest that is none', withSource({ kind: 'url', url: 'https://x.org/a', sha256: 'AB' }), /64 hexadecimal/],
    [
      'a licence that hides what it allows',
      (entry) => delete (entry['licence'] as Json)['commercialUse'],
      /commercialUse/,
    ],
    ['an id that is no key', (entry) => (entry['id'] = 'a:b'), /models\[0\]\.id must be/],
    ['an unknown plan', (entry) => (entry['plan'] = 'q2'), /plan must be one of "float32"/],
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

describe('readTree and chooseHubFiles', () => {
  const oid = 'a'.repeat(64);
  const tree = readTree(
    [
      { type: 'directory', path: 'unet', size: 0 },
      { type: 'file', path: 'unet/w.safetensors', size: 4, lfs: { oid, size: 3_438_167_540 } },
      { type: 'file', path: 'unet/w.fp16.safetensors', size: 4, lfs: { oid, size: 1_719_125_304 } },
      { type: 'file', path: 'unet/config.json', size: 743 },
      { type: 'file', path: 5 },
      null,
    ],
    'a/b',
  );
  const at = { repo: 'a/b', revision: 'c0ffee' };

  it('takes the half-precision variant under the plain name, with the digest of its bytes', () => {
    expect(chooseHubFiles(HUB, at, ['unet/w.safetensors', 'unet/config.json'], tree)).toEqual([
      {
        name: 'unet/w.safetensors',
        url: 'https://huggingface.co/a/b/resolve/c0ffee/unet/w.fp16.safetensors',
        byteLength: 1_719_125_304,
        sha256: oid,
      },
      { name: 'unet/config.json', url: 'https://huggingface.co/a/b/resolve/c0ffee/unet/config.json', byteLength: 743 },
    ]);
  });

  it('names what the repository lacks, and refuses a listing that is none', () => {
    expect(() => chooseHubFiles(HUB, at, ['vae/w.safetensors'], tree)).toThrow('a/b: the repository has no vae/w.saf');
    expect(() => readTree({ error: 'x' }, 'a/b')).toThrow(/is no list/);
  });
});

describe('idFromName', () => {
  it('makes ids that are keys of any name', () => {
    expect(['Deliberate v2.safetensors', '???', 'Ünïcode (1).ckpt'].map(idFromName)).toEqual([
      'deliberate-v2',
      'model',
      'n-code-1',
    ]);
  });

  it('never gives the id of a bundled model', () => {
    const bundled = parseCatalog(manifest).models.filter(({ source }) => source.kind === 'bundled');
    expect(bundled.length).toBeGreaterThan(0);
    for (const { id } of bundled) expect(idFromName(`${id}.safetensors`)).toBe(`${id}-own`);
  });
});

describe('withCellSteps', () => {
  it('lets entries that were kept with steps of 64 pixels paint every size of whole cells', () => {
    const entry = entryWithoutCatalog('a', 'A', 'sd15', { source: { kind: 'imported' }, downloadBytes: 1 });
    expect(entry.size.step).toBe(8);
    expect(withCellSteps({ ...entry, size: { ...entry.size, step: 64 } })).toEqual(entry);
    const starter = { ...entry, size: { min: 128, max: 128, step: 32 } };
    expect(withCellSteps(starter)).toBe(starter);
  });

  it('leaves ready-made graphs alone, which may not halve other sizes', () => {
    const { models } = parseCatalog(manifest);
    for (const entry of models.filter(({ source }) => source.kind === 'onnx')) expect(withCellSteps(entry)).toBe(entry);
  });
});
