/** Holds a Control-LoRA's tensors against what its graphs need: what it does not hold is its model's, or differs from that by two factors. */
import { AppError } from '../errors';
import { elementCount } from '../graph';
import { factorsOf } from '../networks/control/control-lora-file';
import type { Tensors } from './collect';
import { fitTensors } from './fit';
import type { NeededTensor } from './needed';
import { whereIs, type StoredTensor } from './stored-tensor';

/** What no model has. */
const OWN = /^controlnet_/;

/** @returns what the file holds: whole tensors, and factors by their own names; `missing` is what no model has, either @throws AppError 'bad-file' as fitTensors */
export function fitOnBase(
  tensors: Tensors,
  needed: readonly NeededTensor[],
  wanted?: string,
): ReturnType<typeof fitTensors> {
  const isChanged = ({ name }: NeededTensor): boolean => tensors.has(factorsOf(name).up);
  const isBases = (one: NeededTensor): boolean => isChanged(one) || (!tensors.has(one.name) && !OWN.test(one.name));
  const fitted = fitTensors(
    tensors,
    needed.filter((one) => !isBases(one)),
    wanted,
  );
  for (const { name, shape } of needed.filter(isChanged)) {
    const { up, down } = factorsOf(name);
    const [first, second] = [tensors.get(up), tensors.get(down)];
    if (!first || !second) throw new RangeError(`${name}: told as changed, without both of its factors`);
    const [out, ...inner] = shape;
    const rank = second.shape[0] ?? 0;
    fitted.tensors.set(up, shaped(first, [out, rank]));
    fitted.tensors.set(down, shaped(second, [rank, ...inner]));
  }
  return fitted;
}

/** Factors of convolutions are stored flat or as kernels: the numbers are the same. */
function shaped(tensor: StoredTensor, shape: readonly number[]): StoredTensor {
  if (shape[0] === tensor.shape[0] && elementCount(shape) === elementCount(tensor.shape)) return { ...tensor, shape };
  throw new AppError(
    'bad-file',
    `${whereIs(tensor)} has shape [${tensor.shape.join(', ')}]; the other tensors ask for [${shape.join(', ')}]`,
  );
}
