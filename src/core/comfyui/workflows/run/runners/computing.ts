/** Nodes that compute a number of others: worked out while the graph is compiled. */
import { evaluate } from '../../../arithmetic';
import { roundHalfEven } from '../../../../math';
import type { Place, Runners } from '../graph-walk';
import type { Value } from '../values';
import { literal } from './values';

export const COMPUTING_RUNNERS: Runners = {
  /** ComfyUI's own: as it is, without what is behind the point, and whether it is anything. */
  compute: (at) => {
    const value = computed(at, 'expression', (name) => inputOf(at, `values.${name}`));
    return [...literal(value), ...literal(Math.trunc(value)), ...literal(value !== 0)];
  },
  /** @see cubiq/ComfyUI_essentials SimpleMath: what nothing is joined to is 0 */
  compute_rounded: (at) => {
    const value = computed(at, 'value', (name) => {
      if (!/^[abc]$/.test(name)) return undefined;
      return at.value(name) === undefined ? 0 : inputOf(at, name);
    });
    return [...literal(roundHalfEven(value)), ...literal(value)];
  },
  /** @see pythongosssss/ComfyUI-Custom-Scripts math_expression.py */
  compute_cut: (at) => {
    const value = computed(at, 'expression', (name) => inputOf(at, name));
    return [...literal(Math.trunc(value)), ...literal(value)];
  },
};

/** @throws Stop where it is no expression that is known here */
function computed(at: Place, name: string, variables: (name: string) => number | undefined): number {
  const expression = at.text(name).trim();
  const value = evaluate(expression, variables);
  if (value === undefined) throw at.stop(`"${expression}" cannot be worked out here.`);
  return assertExact(at, value);
}

/** A number that is joined to it, or a side of a picture: `a`, `a.width`. @throws Stop where it is not known yet */
function inputOf(at: Place, said: string): number | undefined {
  const [, name, side] = /^(.+?)(?:\.(width|height))?$/.exec(said) ?? [];
  const value = name === undefined ? undefined : at.value(name);
  if (!value) return undefined;
  if (side !== undefined) return sideOf(at, value, side === 'width' ? 'width' : 'height');
  if (value.type !== 'literal') return undefined;
  const plain = typeof value.value === 'string' || value.value === null ? NaN : Number(value.value);
  return Number.isNaN(plain) ? undefined : assertExact(at, plain);
}

/** ComfyUI's seeds have up to 64 bits. @throws Stop for one that would lose digits: another picture would come, without a word */
function assertExact(at: Place, value: number): number {
  if (Number.isInteger(value) && !Number.isSafeInteger(value))
    throw at.stop(`${value} has more digits than can be reckoned with here.`);
  return value;
}

function sideOf(at: Place, value: Value, side: 'width' | 'height'): number | undefined {
  if (value.type !== 'IMAGE' && value.type !== 'LATENT') return undefined;
  const [{ size }] = value.items;
  if (size) return size[side];
  throw at.stop('how large this picture becomes is not known before it is made, which does not run here.');
}
