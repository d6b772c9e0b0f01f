/** Two models for tests, one of a single size, one of many; and a helper. */
import type { Catalog, HelperEntry, ModelEntry } from '../../core/catalog';

const small: ModelEntry = {
  id: 'small',
  name: 'Small',
  description: 'Paints small things.',
  licence: { name: 'none', url: 'about:blank' },
  source: { kind: 'bundled', path: 'models/small/' },
  downloadBytes: 1000,
  defaults: { sampler: 'euler', schedule: 'karras', steps: 3, cfgScale: 4, width: 64, height: 64 },
  size: { min: 64, max: 64, step: 16 },
  suggestions: ['a red apple', 'a cat'],
};

const large: ModelEntry = {
  ...small,
  id: 'large',
  name: 'Large',
  defaults: { sampler: 'dpmpp_2m', schedule: 'automatic', steps: 20, cfgScale: 7, width: 512, height: 768 },
  size: { min: 256, max: 1024, step: 8 },
};

const preview: HelperEntry = {
  id: 'taesd',
  name: 'TAESD',
  description: 'Sharp previews.',
  licence: { name: 'MIT', url: 'about:blank', commercialUse: 'allowed' },
  role: 'preview',
  family: 'sd15',
  source: { kind: 'hub', repo: 'a/taesd', revision: 'main', files: ['x'] },
  downloadBytes: 9.8e6,
  storedBytes: 5e6,
};

export const CATALOG = { version: 1, models: [small, large], helpers: [preview] } satisfies Catalog as Catalog & {
  models: [ModelEntry, ModelEntry];
};
