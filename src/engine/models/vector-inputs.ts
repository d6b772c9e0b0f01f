/** What a text encoder is given for vectors in place of ids. */
import type { ComponentId } from '../../core/networks/components';
import type { NamedTensor } from '../ports';
import type { PlacedVector } from './encoder';

/** Inputs for the vectors in a row of ids: see buildClipText. */
export function vectorInputs(
  places: readonly PlacedVector[],
  { component, width, length }: { component: ComponentId; width: number; length: number },
): Record<string, NamedTensor> {
  const vectors = new Float32Array(length * width);
  const isWord = new Float32Array(length).fill(1);
  for (const { position, embedding, index } of places) {
    const values = embedding.values.get(component);
    if (!values) throw new RangeError(`the embedding "${embedding.name}" has no vectors for ${component}`);
    vectors.set(values.subarray(index * width, (index + 1) * width), position * width);
    isWord[position] = 0;
  }
  return { vectors: { data: vectors, dims: [1, length, width] }, is_word: { data: isWord, dims: [1, length, 1] } };
}
