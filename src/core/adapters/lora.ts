/** LoRA and LoCon: up · down. @see Hu et al. 2021, arXiv:2106.09685; kohya-ss/sd-scripts networks/lora.py */
import { asMatrix, columnsOf, outOf, show, type AdapterKind, type Factors, type KindInput } from './kind';
import { multiply } from './matrices';

export const DOWN = 'lora_down.weight';
export const UP = 'lora_up.weight';

export const lora = {
  name: 'a LoRA',
  signs: [[DOWN, UP]],
  reads: [DOWN, UP],
  misfit(shapes, target) {
    const [[rank, columns], [out, upRank]] = [asMatrix(shapes[DOWN]), asMatrix(shapes[UP])];
    if (rank !== upRank) return `has factors ${show(shapes[DOWN])} and ${show(shapes[UP])} of different ranks`;
    if (out !== outOf(target) || columns !== columnsOf(target))
      return `has factors for ${show([out, columns])}; the layer is ${show(target)}`;
    return undefined;
  },
  rank: (shapes) => shapes[DOWN][0],
  usesWeight: false,
  difference: (input) => fromFactors(factorsOf(input), input),
  factors: factorsOf,
} satisfies AdapterKind;

function factorsOf({ parts, scale }: KindInput): Factors {
  return { down: parts[DOWN].values, up: parts[UP].values, rank: parts[DOWN].shape[0], scale };
}

/** Product of the factors, [out, in·k·k]. */
export function fromFactors(
  { up, down, rank, scale }: Factors,
  { target, check }: Pick<KindInput, 'target' | 'check'>,
): Float32Array {
  return multiply(up, down, { rows: outOf(target), inner: rank, columns: columnsOf(target), check }, scale);
}
