/** Which files an entry stands for, with sizes and digests, before the first byte is fetched. */
import { type ModelEntry, fileNameOf, HUB } from '../../core/catalog';
import { AppError } from '../../core/errors';
import { assertPack, parsePack, shardsOf } from '../../core/packs';
import { findHubFiles, fetchJson, resolveRevision, type HubOptions } from '../net/hub';
import type { LibraryJob } from './jobs';

/** @throws AppError */
export async function planJob(entry: ModelEntry, options: HubOptions): Promise<LibraryJob> {
  const { source, name } = entry;
  switch (source.kind) {
    case 'hub':
    case 'onnx': {
      const revision = await resolveRevision(source, options);
      const found = await findHubFiles({ ...source, revision }, source.files, options);
      // kept as of the hub itself: the mirror may be another one when the download goes on
      const files = found.map((file) => ({ ...file, url: atMirror(file.url, HUB, [options.hub ?? HUB]) }));
      return { entry, revision, files };
    }
    case 'url': {
      return {
        entry,
        files: [
          {
            name: source.name ?? fileNameOf(new URL(source.url).pathname),
            url: source.url,
            ...(source.sha256 && { sha256: source.sha256 }),
          },
        ],
      };
    }
    case 'pack': {
      const { value } = await fetchJson(name, source.url, options);
      const pack = parsePack(name, value);
      assertPack(pack);
      const files = shardsOf(pack).map(({ file, byteLength, sha256 }) => {
        return { name: file, url: new URL(file, source.url).href, byteLength, sha256 };
      });
      return { entry, pack, files };
    }
    case 'bundled':
    case 'imported':
      throw new AppError('bad-request', `${name}: there is nothing to download.`);
  }
}

/** The same file at another mirror of the hub. */
export function atMirror(url: string, hub: string, known: readonly string[] = [HUB]): string {
  const from = known.find((base) => url.startsWith(`${base}/`));
  return from === undefined ? url : hub + url.slice(from.length);
}
