/** What a model of a family likes when nobody has said more: for imported files and for addresses. */
import { CELL_PIXELS, familyIds, familyOf, USUAL_FAMILY, type ModelFamily } from '../families';
import { BUILT_IN_CONTROL } from './built-in-control';
import type { HelperEntry, ModelEntry } from './catalog';

/** What models of a family like. */
export function likesOf(family: ModelFamily): Pick<ModelEntry, 'defaults' | 'size'> {
  const { defaults, size } = familyOf(family);
  return { defaults, size };
}

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
    ...likesOf(family ?? USUAL_FAMILY),
    suggestions: ['a lighthouse on a cliff at dusk, oil painting', 'a red fox in the snow', 'a bowl of oranges'],
    ...rest,
  };
}

/** A helper as the library gets and keeps it: in half precision, which is all it is published in. */
export function helperAsModel({ id, name, family, source, downloadBytes, ...rest }: HelperEntry): ModelEntry {
  const entry = entryWithoutCatalog(id, name, family, { source, downloadBytes });
  return { ...entry, ...rest, plan: 'float16', suggestions: [] };
}

/** What one has with such a name would be taken for that which ships with the app. */
const isBuiltIn = (id: string): boolean =>
  id === BUILT_IN_CONTROL.id || familyIds().some((family) => familyOf(family).builtIn === id);

/** An id from a file's name: "Deliberate v2.safetensors" → "deliberate-v2". */
export function idFromName(name: string): string {
  const id = name
    .replace(/\.(safetensors|ckpt|pt|json|tar)$/i, '')
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+|-+$/g, '')
    .slice(0, 80);
  if (id === '') return 'model';
  return isBuiltIn(id) ? `${id}-own` : id;
}
