/** The pack behind an entry of the catalogue: in the library, or bundled with the app and fetched when it is first used. */
import type { ModelEntry } from '../../core/catalog';
import type { EventListener } from '../api';
import type { Ports } from '../ports';
import { openBundledPack } from './bundled-pack';

/** @throws AppError 'missing-file', 'offline' */
export function openEntry(
  entry: Pick<ModelEntry, 'id' | 'name' | 'source' | 'downloadBytes'>,
  { ports, baseUrl, onEvent }: { ports: Pick<Ports, 'createFiles' | 'packs'>; baseUrl: string; onEvent: EventListener },
): ReturnType<Ports['packs']['open']> {
  const { id, name, source, downloadBytes: totalBytes = 0 } = entry;
  if (source.kind !== 'bundled') return ports.packs.open(id);
  const files = ports.createFiles(entry, baseUrl);
  const onProgress = (file: string, loadedBytes: number): void =>
    onEvent({ type: 'loading', file, loadedBytes, totalBytes });
  return openBundledPack({ files, name, onProgress, hasExtras: false });
}
