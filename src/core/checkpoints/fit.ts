/** Holds what a component's graphs need against what there is. */
import { assertFits } from './checkpoint';
import type { Tensors } from './collect';
import type { NeededTensor } from './needed';
import type { StoredTensor } from './stored-tensor';

export interface Fitted {
  /** Those that are needed, with the shapes that the graphs ask for. */
  tensors: Tensors;
  missing: string[];
  /** Keys of which no part is needed. */
  unused: string[];
}

/**
 * @param wanted says in an error where the shape comes from
 * @throws AppError 'bad-file' where a tensor has another shape or no float dtype
 */
export function fitTensors(tensors: Tensors, needed: readonly NeededTensor[], wanted?: string): Fitted {
  const fitted: Tensors = new Map();
  const missing: string[] = [];
  for (const { name, shape } of needed) {
    const found = tensors.get(name);
    if (!found) {
      missing.push(name);
      continue;
    }
    const shaped = reshaped(found, shape);
    assertFits(shaped, shape, wanted);
    fitted.set(name, shaped);
  }
  const used = new Set([...fitted.values()].map(({ key }) => key));
  const unused = [...new Set([...tensors.values()].map(({ key }) => key))].filter((key) => !used.has(key));
  return { tensors: fitted, missing, unused };
}

/** Convolutions of one pixel and linear layers are the same numbers: files have either for the same layer. */
function reshaped(tensor: StoredTensor, shape: readonly number[]): StoredTensor {
  return withoutOnes(tensor.shape) === withoutOnes(shape) ? { ...tensor, shape } : tensor;
}

const withoutOnes = (shape: readonly number[]): string => shape.filter((n) => n !== 1).join();
