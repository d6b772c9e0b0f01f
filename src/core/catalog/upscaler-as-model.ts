/** An upscaler as the library gets and keeps it: in half precision, beside the helpers. */
import type { ModelEntry, UpscalerEntry } from './catalog';
import { entryWithoutCatalog } from './family-defaults';

export function upscalerAsModel({
  id,
  name,
  source,
  downloadBytes,
  scale: _scale,
  ...rest
}: UpscalerEntry): ModelEntry {
  const entry = entryWithoutCatalog(id, name, undefined, { source, downloadBytes });
  return { ...entry, ...rest, plan: 'float16', suggestions: [] };
}
