/** Dtype plans: in which form a pack stores which weight. The reasons with their figures are in docs/benchmarks.md. */
import { elementCount, fitsNbits } from '../graph';
import type { ComponentId, StoredForm } from './pack';

export interface PlannedWeight {
  component: ComponentId;
  /** Its weightKey. */
  key: string;
  shape: readonly number[];
  /** Whether a linear layer multiplies by it: it may then be packed for MatMulNBits. */
  isMatrix: boolean;
}

export interface PlanRule {
  fits(weight: PlannedWeight): boolean;
  form: StoredForm;
  why: string;
}

export interface DtypePlan {
  label: string;
  /** The first that fits decides. */
  rules: readonly PlanRule[];
}

const everything = (): boolean => true;

/** Biases and the gains of norms: [c], and as the portable target wants them [c, 1, 1]. */
const isVector = ({ shape }: PlannedWeight): boolean => elementCount(shape) === Math.max(...shape);
const isKernel = ({ shape }: PlannedWeight): boolean => shape.length === 4;
const isAutoencoder = ({ component }: PlannedWeight): boolean => /^(vae|taesd)_/.test(component);

const vectors: PlanRule = {
  fits: isVector,
  form: 'float32',
  why: 'a thousandth of the bytes; they set the level of whole channels',
};

/** The rules of the plans that quantise; only the form of matrices differs. */
const quantised = (matrices: 'nbits8' | 'nbits4'): readonly PlanRule[] => [
  vectors,
  {
    fits: ({ key }) => key.includes('token_embedding'),
    form: 'int8_channel',
    why: 'a third of a small text encoder; one scale a token',
  },
  {
    fits: ({ key }) => key.includes('position_embedding') || key.includes('text_projection'),
    form: 'float16',
    why: 'a few kilobytes; the projection makes the one vector that steers every layer of SDXL',
  },
  {
    fits: ({ key }) => /\b(time_embedding|add_embedding|time_emb_proj)\b/.test(key),
    form: 'float16',
    why: 'every layer takes the time through them; 2 % of the parameters',
  },
  {
    fits: ({ component, key }) => component === 'unet' && /^(padRows\()?conv_(in|out)\b/.test(key),
    form: 'float16',
    why: 'first and last layer; a thousandth of the bytes',
  },
  {
    fits: (weight) => isAutoencoder(weight) && !isKernel(weight),
    form: 'float16',
    why: 'four matrices of attention in all',
  },
  {
    fits: ({ isMatrix, shape }) => isMatrix && fitsNbits(shape),
    form: matrices,
    why: 'what the plan is for: MatMulNBits reads them as they are',
  },
  {
    fits: isKernel,
    form: 'int8_channel',
    why: 'no kernel reads them packed: widened while loading, half the download',
  },
  { fits: everything, form: 'float16', why: 'rows that are no multiple of 32 cannot be packed' },
];

/** By the name that pack.json holds. */
export const DTYPE_PLANS = {
  float32: { label: 'Full precision', rules: [{ fits: everything, form: 'float32', why: 'as it is' }] },
  float16: {
    label: 'Half precision',
    rules: [vectors, { fits: everything, form: 'float16', why: 'what most checkpoints are published in' }],
  },
  q8: { label: '8-bit', rules: quantised('nbits8') },
  q4: { label: '4-bit', rules: quantised('nbits4') },
} as const satisfies Record<string, DtypePlan>;

export type DtypePlanId = keyof typeof DTYPE_PLANS;

export const isDtypePlanId = (id: string): id is DtypePlanId => Object.hasOwn(DTYPE_PLANS, id);

/** @returns the rule that decides */
export function planRule(plan: DtypePlan, weight: PlannedWeight): PlanRule {
  const rule = plan.rules.find(({ fits }) => fits(weight));
  if (!rule) throw new RangeError(`${plan.label}: no rule for ${weight.key}`);
  return rule;
}
