/**
 * OFT as PEFT, OneTrainer and kohya's oft_v2 have it today: blocks of a weight's columns, each turned. Of each block's skew matrix the
 * upper half is stored. @see huggingface/peft tuners/oft/layer.py; Nerogar/OneTrainer LoRAModule.py; kohya-ss/sd-scripts networks/oft_v2.py
 */
import { columnsOf, neededWeight, show, type AdapterKind, type KindInput, type PartShapes } from './kind';
import { NEUMANN_TERMS, neumannRotation, plainCayley, turnColumns } from './column-rotation';

const SKEW = 'oft_R.weight';

export const oftV2 = {
  name: 'an OFT',
  signs: [[SKEW]],
  reads: [SKEW],
  misfit(shapes, target) {
    const size = blockSize(shapes);
    const [count] = shapes[SKEW];
    if (size === undefined) return `has blocks of ${shapes[SKEW][1]} numbers, which are no half of a square`;
    const columns = columnsOf(target);
    if (target.length >= 2 && (count * size === columns || (count === 1 && columns % size === 0))) return undefined;
    return `turns ${count * size} columns; the layer is ${show(target)}`;
  },
  usesWeight: true,
  difference(input) {
    const { parts, target, peft, check } = input;
    const weight = neededWeight(input);
    const { values, shape } = parts[SKEW];
    const size = blockSize({ [SKEW]: shape }) ?? 1;
    const columns = columnsOf(target);
    const terms = peft?.cayleyTerms ?? NEUMANN_TERMS;
    const own = Array.from({ length: shape[0] }, (_, block) => {
      const skew = skewOf(values.subarray(block * shape[1], (block + 1) * shape[1]), size);
      return terms === 'exact' ? plainCayley(skew, size, check) : neumannRotation(skew, { size, terms, check });
    });
    const rotations = Array.from({ length: columns / size }, (_, block) => own[shape[0] === 1 ? 0 : block]);
    const turned = Float64Array.from(weight);
    turnColumns(turned, rotations, { size, columns, isTransposed: isOfWeight(input), check });
    return weight.map((old, i) => turned[i] - old);
  },
} satisfies AdapterKind;

/** Linear layers have what they are given turned, and so has PEFT of convolutions; the others turn a convolution's weight. */
const isOfWeight = ({ target, peft }: KindInput): boolean => target.length === 4 && peft === undefined;

/** b where a block has b · (b − 1) / 2 numbers. */
function blockSize(shapes: PartShapes): number | undefined {
  const [, numbers] = shapes[SKEW];
  if (shapes[SKEW].length !== 2 || numbers < 1) return undefined;
  const size = Math.round((1 + Math.sqrt(1 + 8 * numbers)) / 2);
  return (size * (size - 1)) / 2 === numbers ? size : undefined;
}

/** The upper half, row by row; the lower is its negative. */
function skewOf(upper: Float32Array, size: number): Float64Array {
  const skew = new Float64Array(size * size);
  let at = 0;
  for (let i = 0; i < size; i++)
    for (let j = i + 1; j < size; j++, at++) {
      skew[i * size + j] = upper[at];
      skew[j * size + i] = -upper[at];
    }
  return skew;
}
