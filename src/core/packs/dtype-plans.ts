/** Dtype plans: in which form a pack stores which weight. The reasons with their figures are in docs/benchmarks.md. */
import { elementCount, fitsNbits } from '../graph';
import { roleOf, type ComponentId, type Role } from '../networks/components';
import type { StoredForm } from '../graph';

export interface PlannedWeight {
  component: ComponentId;
  /** The weight's weightKey. */
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
const isTextEncoder = ({ component }: PlannedWeight): boolean => roleOf(component) === 'text';
/** Their sides, of previews too. */
const AUTOENCODERS: readonly Role[] = ['decoder', 'encoder', 'preview', 'preview_encoder'];
const isAutoencoder = ({ component }: PlannedWeight): boolean => AUTOENCODERS.includes(roleOf(component));

const vectors: PlanRule = {
  fits: isVector,
  form: 'float32',
  why: '1.3 % error of the U-Net in 8 bits, for a three-hundredth of its numbers',
};

/**
 * The rules of the plans that quantise; only the U-Net's matrices differ. Errors are of a component's whole output when these
 * weights alone are rounded, measured on the starter (`node tools/quantisation.mjs`; docs/benchmarks.md has all of them).
 */
const quantised = (matrices: 'nbits8' | 'nbits4'): readonly PlanRule[] => [
  vectors,
  {
    fits: ({ key }) => /\b(conv_in|conv_out|quant_conv|post_quant_conv)\b/.test(key),
    form: 'float16',
    why: "first and last layers: conv_out alone leaves 3.1 % in 8 bits, more than all other groups; 0.6 % of a U-Net's numbers",
  },
  {
    fits: ({ key }) => key.includes('conv_shortcut'),
    form: 'float16',
    why: '1.7 % in 8 bits for 2 % of the numbers: every residual sum goes through them',
  },
  {
    fits: ({ key }) => key.includes('token_embedding'),
    form: 'int8_channel',
    why: '0.6 % in 8 bits, one scale a token; the largest table, and 15 % in 4 bits',
  },
  {
    fits: ({ key }) => key.includes('position_embedding') || key.includes('text_projection'),
    form: 'float16',
    why: 'small; the projection makes the one vector that steers every layer of SDXL',
  },
  {
    fits: ({ key, isMatrix, shape }) => isMatrix && fitsNbits(shape) && /\b(time|add)_embedding\b/.test(key),
    form: 'nbits8',
    why: 'every layer takes the time through them: 0.4 % in 8 bits, 4.1 % in 4',
  },
  {
    fits: ({ key }) => key.includes('time_emb_proj'),
    form: 'int8_channel',
    why: 'joined into one product for many layers, which no packed kernel does',
  },
  {
    fits: (weight) => isAutoencoder(weight) && !isKernel(weight),
    form: 'float16',
    why: 'four matrices of attention in all',
  },
  {
    fits: (weight) => isTextEncoder(weight) && weight.isMatrix && fitsNbits(weight.shape),
    form: 'nbits8',
    why: 'in 4 bits single groups of layers leave 8 to 12 %, in 8 bits all together 1.3 %; all that is painted hangs on it',
  },
  {
    fits: ({ isMatrix, shape }) => isMatrix && fitsNbits(shape),
    form: matrices,
    why: 'what the plan is for: MatMulNBits reads them as they are; each kind leaves 0.05 to 0.3 % in 8 bits, 1 to 4.3 % in 4',
  },
  {
    fits: isKernel,
    form: 'int8_channel',
    why: 'half of the bytes for 2 % error, and no concept lost; no kernel reads them packed, so they are widened while loading',
  },
  { fits: everything, form: 'float16', why: 'rows that are no multiple of 32 cannot be packed' },
];

/** Plans by the name that pack.json holds. */
export const DTYPE_PLANS = {
  float32: { label: 'Full precision', rules: [{ fits: everything, form: 'float32', why: 'as it is' }] },
  float16: {
    label: 'Half precision',
    rules: [vectors, { fits: everything, form: 'float16', why: 'what most checkpoints are published in' }],
  },
  q8: { label: '8-bit', rules: quantised('nbits8') },
  q4: { label: '4-bit', rules: quantised('nbits4') },
  smallest: {
    label: 'Smallest',
    rules: [
      vectors,
      {
        fits: everything,
        form: 'palette4',
        why: '4, 5 or 6 bits, kernels 8, or half precision, by what rounding the very tensor leaves and how much of that is seen: weights/choose-bits.ts',
      },
    ],
  },
} as const satisfies Record<string, DtypePlan>;

export type DtypePlanId = keyof typeof DTYPE_PLANS;

export const isDtypePlanId = (id: string): id is DtypePlanId => Object.hasOwn(DTYPE_PLANS, id);

/** @returns the rule that decides */
export function planRule(plan: DtypePlan, weight: PlannedWeight): PlanRule {
  const rule = plan.rules.find(({ fits }) => fits(weight));
  if (!rule) throw new RangeError(`${plan.label}: no rule for ${weight.key}`);
  return rule;
}
