/** Skimmed CFG: guidance counts less where it only pushes values farther out. */
import type { Answers, GuidedAt } from './answers';

type At = Pick<GuidedAt, 'x' | 'scale'>;

/** Whether guidance pushes a value outwards. `flips`: also values that guidance carries over to the other side of x. */
function isOuter(x: number, p: number, n: number, { scale, flips }: { scale: number; flips: boolean }): boolean {
  const guided = n + scale * (p - n);
  const isSame = Math.sign(p - n) === Math.sign(p) && Math.sign(p) === Math.sign(guided);
  return isSame && (flips || Math.sign(guided) === Math.sign(guided - x));
}

export interface SkimTerms {
  /** The scale where it pushes outwards, for the positive's and for the negative's share. */
  positiveScale: number;
  negativeScale: number;
  /** The filter of values that change sides is off. */
  flips: boolean;
}

/**
 * First the negative's answer is drawn back, seen as the guiding one; then the positive's, against what came of that.
 *
 * @see github.com/Extraltodeus/Skimmed_CFG skimmed_CFG.py skimmed_CFG
 */
export function skimmed({ positive, negative }: Answers, at: At, terms: SkimTerms): Answers {
  if (isNothing(negative)) return { positive, negative };
  const { positiveScale, negativeScale, flips } = terms;
  const back = drawnBack(negative, positive, at, { to: negativeScale, flips });
  return { negative: back, positive: drawnBack(positive, back, at, { to: positiveScale, flips }) };
}

function drawnBack(
  p: Float32Array,
  n: Float32Array,
  { x, scale }: At,
  { to, flips }: { to: number; flips: boolean },
): Float32Array {
  return p.map((value, i) =>
    isOuter(x[i], value, n[i], { scale, flips }) ? value - ((scale - to) * (value - n[i])) / scale : value,
  );
}

/**
 * Where guidance pushes outwards, of the negative's answer only a share is left beside the positive's: 0 is none.
 *
 * @param order  whose push is looked at first: the positive's, or the negative's
 * @see Skimmed_CFG skimReplacePreCFGNode, SkimmedCFGLinInterpCFGPreCFGNode, SkimmedCFGLinInterpDualScalesCFGPreCFGNode
 */
export function mixedWhereOuter(
  { positive, negative }: Answers,
  { x, scale }: At,
  { order, shares }: { order: 'positive' | 'negative'; shares: { positive: number; negative: number } },
): Answers {
  if (isNothing(negative)) return { positive, negative };
  let left = negative;
  for (const side of order === 'positive' ? (['positive', 'negative'] as const) : (['negative', 'positive'] as const))
    left = left.map((n, i) => {
      const p = positive[i];
      const push = { scale, flips: false };
      const isPushed = side === 'positive' ? isOuter(x[i], p, n, push) : isOuter(x[i], n, p, push);
      return isPushed ? p * (1 - shares[side]) + n * shares[side] : n;
    });
  return { positive, negative: left };
}

/** The share that makes guidance by `scale` one by `to`. */
export const shareFor = (to: number, scale: number): number => (to - 1) / (scale - 1);

const isNothing = (answer: Float32Array): boolean => answer.every((value) => value === 0);
