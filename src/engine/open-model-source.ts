/** From a catalogue's entry to the model's components, by where its files lie. */
import type { ModelEntry } from '../core/catalog';
import { openDiffusersFolder } from './diffusers-folder';
import type { LoadProgress } from './model-files';
import type { ModelSource } from './model-source';
import { openPackSource } from './pack-source';
import type { Ports, Runtime } from './ports';
import { withPreviewHelper } from './preview-helper';

export interface OpenInput {
  entry: ModelEntry;
  baseUrl: string;
  runtime: Runtime;
  ports: Ports;
  onProgress: LoadProgress;
}

/** @throws AppError naming the file at fault, 'missing-file' where the model is not on this computer */
export async function openModelSource({ entry, baseUrl, runtime, ports, onProgress }: OpenInput): Promise<ModelSource> {
  if (entry.source.kind === 'bundled') {
    const files = ports.createFiles(entry, baseUrl);
    return openDiffusersFolder({ files, runtime, ports, onProgress, totalBytes: entry.downloadBytes });
  }
  const open = await withPreviewHelper(await ports.packs.open(entry.id), ports.packs);
  return openPackSource({ open, runtime, ports, baseUrl });
}
