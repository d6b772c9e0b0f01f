/** TAESD kept as a pack of its own: any model of its family borrows it. */
import { AppError } from '../../core/errors';
import { knownFamily } from '../../core/families/what-runs';
import { packProblem, type OpenPack } from '../../core/packs';
import type { PackStore } from '../ports';

/** The pack, with the components of the helper that is on this computer, where it has none itself. */
export async function withPreviewHelper(open: OpenPack, packs: Pick<PackStore, 'open'>): Promise<OpenPack> {
  const { previewHelper: id, preview, previewEncoder } = knownFamily(open.pack.family, open.pack.name);
  if (id === undefined || open.pack.components[preview]) return open;
  const helper = await packs.open(id).catch((error: unknown) => {
    if (error instanceof AppError && error.code === 'missing-file') return undefined;
    throw error;
  });
  // a helper that is damaged must not keep a model from painting: its row in the library says what is wrong
  if (!helper || packProblem(helper.pack) !== undefined) return open;
  const { components } = helper.pack;
  const borrowed = [preview, previewEncoder].filter((component) => components[component] !== undefined);
  const files = new Set(borrowed.flatMap((component) => components[component]?.shards.map(({ file }) => file) ?? []));
  return {
    pack: {
      ...open.pack,
      components: {
        ...open.pack.components,
        ...Object.fromEntries(borrowed.map((component) => [component, components[component]])),
      },
    },
    shard: (file) => (files.has(file) ? helper : open).shard(file),
  };
}
