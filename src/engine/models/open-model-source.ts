/** From a catalogue's entry to the model's components, by where its files lie. */
import type { ModelEntry, OnnxExport } from '../../core/catalog';
import { familyOf } from '../../core/families';
import type { Tokenizer } from '../../core/tokenizer';
import { openBundledPack, type ReadingProgress } from './bundled-pack';
import { openReader } from './bundled-reader';
import { createExportSource } from './export-source';
import type { ModelSource } from './model-source';
import { packExportFiles } from './pack-export-files';
import { openPackSource } from './pack-source';
import type { Ports, Runtime } from '../ports';
import { withPreviewHelper } from './preview-helper';

export interface OpenInput {
  entry: ModelEntry;
  baseUrl: string;
  runtime: Runtime;
  ports: Pick<Ports, 'createFiles' | 'packs' | 'createTokenizer' | 'createClipTokenizer'>;
  onProgress: ReadingProgress;
  /** Matrices are not widened for speed: memory was short for this model before. */
  staysPacked?: boolean;
  /** Nor are kernels of convolutions: memory was short even so. */
  packsKernels?: boolean;
}

/** @throws AppError naming the file at fault, 'missing-file' where the model is not on this computer */
export async function openModelSource(input: OpenInput): Promise<ModelSource> {
  const { entry, baseUrl, runtime, ports, onProgress, staysPacked = false, packsKernels = false } = input;
  if (entry.source.kind === 'bundled') {
    const files = ports.createFiles(entry, baseUrl);
    const open = await openBundledPack({ files, name: entry.name, onProgress });
    const source = await openPackSource({ open, runtime, ports, baseUrl, extras: open.extras, isWidened: true });
    return { ...source, reader: openReader(open.extras, files) };
  }
  if (entry.source.kind === 'onnx') return openExport(entry.source.export, { entry, baseUrl, runtime, ports });
  const open = await withPreviewHelper(await ports.packs.open(entry.id), ports.packs);
  return openPackSource({ open, runtime, ports, baseUrl, staysPacked, packsKernels });
}

async function openExport(
  description: OnnxExport,
  { entry, baseUrl, runtime, ports }: Omit<OpenInput, 'onProgress'>,
): Promise<ModelSource> {
  const open = await ports.packs.open(entry.id);
  const tokenizers: Tokenizer[] = [];
  for (const { padding } of familyOf(description.family).texts)
    tokenizers.push(await ports.createClipTokenizer(padding, baseUrl));
  return createExportSource({ description, files: packExportFiles(open), tokenizers, runtime, plan: open.pack.plan });
}
