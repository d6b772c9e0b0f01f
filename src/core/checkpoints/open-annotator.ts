/** Opens the file of a small network that draws hints. Of its weights, nothing is read yet. */
import { AppError } from '../errors';
import { openTensorFile, type ByteSource } from '../formats';
import { ANNOTATORS, recogniseAnnotator, type RecognisedAnnotator } from '../networks/annotators/recognise';
import { Checkpoint } from './checkpoint';
import { madeTensor, type StoredTensor } from './stored-tensor';

export interface OpenedAnnotator extends RecognisedAnnotator {
  /** Tensors by the names of the graph, which are the file's. */
  tensors: Checkpoint;
}

/** @throws AppError 'bad-file' for tensors that do not fit, 'unsupported-model' for a file of something else */
export async function openAnnotator(source: ByteSource): Promise<OpenedAnnotator> {
  const file = await openTensorFile(source);
  const found = recogniseIn(source.name, () => recogniseAnnotator(file.tensors));
  if (!found)
    throw new AppError(
      'unsupported-model',
      `${source.name}: this draws no hints that Gesso knows; it runs ${Object.values(ANNOTATORS)
        .flatMap(({ name, files }) => `${name} (${files.join(', ')})`)
        .join(', ')}`,
    );
  const stored = new Map<string, StoredTensor>();
  for (const [name, { key }] of found.names) {
    const entry = file.tensors.get(key);
    if (entry) stored.set(name, { file, key, entry, shape: entry.shape });
  }
  for (const [name, place] of found.made) {
    const made = madeTensor(file, place);
    if (made) stored.set(name, made);
  }
  const tensors = new Checkpoint(stored);
  tensors.assertFits(found.build('portable'));
  return { ...found, tensors };
}

function recogniseIn<T>(name: string, task: () => T): T {
  try {
    return task();
  } catch (error) {
    if (error instanceof AppError) throw new AppError(error.code, `${name}: ${error.message}`, { cause: error });
    throw error;
  }
}
