/** Files of a model become a pack, whatever they are: a checkpoint, ready-made ONNX graphs, an upscaler, or a part that is lent to models. */
import type { ModelEntry } from '../../core/catalog';
import { importOnnx, isDtypePlanId, type DtypePlanId, type Pack } from '../../core/packs';
import { blobSource } from '../storage/blob-source';
import type { FetchedFile } from './fetch-job';
import { lentPart } from './model-parts';
import type { LibraryPorts } from './ports';
import type { Task } from './task';
import { isUpscaler } from './upscalers';

/** How imported files are stored where no catalogue says it: half the size of 16 bits. */
export const DEFAULT_PLAN: DtypePlanId = 'q8';

export interface ModelImport {
  entry: ModelEntry;
  files: readonly FetchedFile[];
  /** Where the files are from, as the pack says it. */
  source: Pick<Pack['source'], 'url' | 'sha256'>;
  task: Task;
}

/** @throws AppError as the importers of core/packs */
export async function importModel(
  { entry, files, source, task }: ModelImport,
  { packs, importCheckpoint }: Pick<LibraryPorts, 'packs' | 'importCheckpoint'>,
): Promise<Pack> {
  const { id, name, family, role, plan = DEFAULT_PLAN, source: from } = entry;
  const draft = await packs.create(id);
  const sources = files.map((file) => blobSource(file.name, file.blob));
  if (from.kind === 'onnx') {
    const onProgress = (done: number, total: number): void => task.progress('importing', done, total);
    return importOnnx({ sources, ...from.export, id, name, plan, draft, signal: task.signal, onProgress });
  }
  const upscales = role === 'upscaler' || (role === undefined && (await isUpscaler(sources)));
  const lent = role === undefined && !upscales ? await lentPart(sources) : role;
  return importCheckpoint({
    sources,
    ...{ id, name, draft, signal: task.signal, ...source },
    plan: upscales || lent === 'autoencoder' ? 'float16' : isDtypePlanId(plan) ? plan : DEFAULT_PLAN,
    ...(role === 'preview' && family && { previewFor: family }),
    ...(upscales && { isUpscaler: true }),
    ...(lent === 'autoencoder' && { isVae: true }),
    ...(lent === 'text' && { isText: true }),
    onProgress: ({ stage, name: part, done, total }) =>
      task.progress(stage === 'hashing' ? 'verifying' : 'importing', done, total, part),
  });
}
