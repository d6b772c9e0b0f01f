/** What a model of a family likes when nobody has said more: for imported files and for addresses. */
import type { ModelFamily } from '../families/family';
import type { HelperEntry, ModelEntry } from './catalog';

type Likes = Pick<ModelEntry, 'defaults' | 'size'>;

/** A side of a latent cell: pictures may have any number of them along each side. */
const CELL_PIXELS = 8;

const SD15: Likes = {
  defaults: { sampler: 'dpmpp_2m', schedule: 'karras', steps: 25, cfgScale: 7, width: 512, height: 512 },
  size: { min: 128, max: 1024, step: CELL_PIXELS },
};

/** @see A1111's defaults; sizes each family was trained at. */
export const FAMILY_DEFAULTS: Record<ModelFamily, Likes> = {
  sd15: SD15,
  sd21: { ...SD15, defaults: { ...SD15.defaults, width: 768, height: 768 } },
  sdxl: {
    defaults: { ...SD15.defaults, width: 1024, height: 1024, cfgScale: 6 },
    size: { min: 256, max: 1536, step: CELL_PIXELS },
  },
  starter: {
    defaults: { sampler: 'euler', schedule: 'sgm_uniform', steps: 8, cfgScale: 4, width: 128, height: 128 },
    size: { min: 128, max: 128, step: 32 },
  },
};

/** Entries that were kept when sizes had to halve evenly name 64 pixels; ready-made graphs may still need them. */
export const withCellSteps = (entry: ModelEntry): ModelEntry =>
  entry.source.kind === 'onnx' || entry.size.step !== 64
    ? entry
    : { ...entry, size: { ...entry.size, step: CELL_PIXELS } };

const UNKNOWN_LICENCE = { name: 'not known: see where the file comes from', url: '' };

/** The entry of a model that is in no catalogue. */
export function entryWithoutCatalog(
  id: string,
  name: string,
  family: ModelFamily | undefined,
  rest: Pick<ModelEntry, 'source' | 'downloadBytes'>,
): ModelEntry {
  return {
    id,
    name,
    description: 'Added by you.',
    licence: UNKNOWN_LICENCE,
    ...(family && { family }),
    ...FAMILY_DEFAULTS[family ?? 'sd15'],
    suggestions: ['a lighthouse on a cliff at dusk, oil painting', 'a red fox in the snow', 'a bowl of oranges'],
    ...rest,
  };
}

/** A helper as the library gets and keeps it: in half precision, which is all it is published in. */
export function helperAsModel({ id, name, family, source, downloadBytes, ...rest }: HelperEntry): ModelEntry {
  const entry = entryWithoutCatalog(id, name, family, { source, downloadBytes });
  return { ...entry, ...rest, plan: 'float16', suggestions: [] };
}

/** A model of one's own with such a name would be taken for the one that ships with the app. */
const BUNDLED_IDS: ReadonlySet<string> = new Set(['starter']);

/** An id from a file's name: "Deliberate v2.safetensors" → "deliberate-v2". */
export function idFromName(name: string): string {
  const id = name
    .replace(/\.(safetensors|ckpt|pt|json|tar)$/i, '')
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+|-+$/g, '')
    .slice(0, 80);
  if (id === '') return 'model';
  return BUNDLED_IDS.has(id) ? `${id}-own` : id;
}
