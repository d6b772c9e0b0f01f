/** LoCon with Tucker's decomposition: a kernel between two pointwise factors. @see LyCORIS modules/locon.py (use_tucker) */
import {
  asMatrix,
  columnsOf,
  kernelOf,
  outOf,
  product,
  show,
  type AdapterKind,
  type Factors,
  type KindInput,
} from './kind';
import { DOWN, fromFactors, UP } from './lora';
import { throughCore } from './matrices';

const MID = 'lora_mid.weight';

export const tuckerLora = {
  name: 'a LoCon',
  signs: [[DOWN, UP, MID]],
  reads: [DOWN, UP, MID],
  misfit(shapes, target) {
    const [[rank, input], [out, upRank]] = [asMatrix(shapes[DOWN]), asMatrix(shapes[UP])];
    const mid = shapes[MID];
    if (rank !== upRank || mid[0] !== rank || mid[1] !== rank)
      return `has factors ${show(shapes[DOWN])}, ${show(mid)} and ${show(shapes[UP])} of different ranks`;
    if (out !== outOf(target) || input * product(mid.slice(2)) !== columnsOf(target))
      return `has factors for ${show([out, input, ...mid.slice(2)])}; the layer is ${show(target)}`;
    return undefined;
  },
  rank: (shapes) => shapes[DOWN][0],
  usesWeight: false,
  difference: (input) => fromFactors(factorsOf(input), input),
  factors: factorsOf,
} satisfies AdapterKind;

/** The kernel goes into the factor that comes first: down' [n, in, k, k] = Σₘ mid[n, m] down[m, in]. */
function factorsOf({ parts, target, scale, check }: KindInput): Factors {
  const rank = parts[DOWN].shape[0];
  const down = throughCore(
    { core: parts[MID].values, b: parts[DOWN].values },
    { rank, columns: target[1] ?? 1, kernel: kernelOf(target), check },
  );
  return { down, up: parts[UP].values, rank, scale };
}
