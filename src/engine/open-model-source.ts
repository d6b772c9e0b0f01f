/** From a catalogue's entry to the model's components, by where its files lie. */
import type { ModelEntry } from '../core/catalog';
import { openDiffusersFolder } from './diffusers-folder';
import type { LoadProgress } from './model-files';
import type { ModelSource } from './model-source';
import type { Ports, Runtime } from './ports';

export interface OpenInput {
  entry: ModelEntry;
  baseUrl: string;
  runtime: Runtime;
  ports: Ports;
  onProgress: LoadProgress;
}

/** @throws AppError naming the file at fault */
export function openModelSource({ entry, baseUrl, runtime, ports, onProgress }: OpenInput): Promise<ModelSource> {
  const files = ports.createFiles(entry, baseUrl);
  return openDiffusersFolder({ files, runtime, ports, onProgress, totalBytes: entry.downloadBytes });
}
