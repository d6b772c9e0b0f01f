/** Settings of another checkpoint that takes over on the way. See fields.ts. */
import type { Field } from './field';

/** @see A1111 modules/shared_options.py, hires_fix_refiner_pass */
export const REFINER_PASSES = {
  first: { label: 'first pass' },
  second: { label: 'second pass' },
  both: { label: 'both passes' },
} as const;

/** @see A1111 modules/processing_scripts/refiner.py */
export const REFINER_FIELDS = {
  refinerCheckpoint: {
    kind: 'choice',
    label: 'Refiner checkpoint',
    done: 'Refiner',
    group: 'refiner',
    choices: { none: { label: 'None' } },
    names: 'models',
    default: 'none',
    link: false,
  },
  refinerSwitchAt: {
    kind: 'number',
    label: 'Switch at',
    done: 'Refiner switch at',
    group: 'refiner',
    ...{ min: 0, max: 1, step: 0.01, integer: false },
    default: 0.8,
    link: false,
    axis: { label: 'Refiner switch at' },
  },
  refinerBySteps: {
    kind: 'flag',
    label: 'Switch by sampling steps',
    done: 'Refiner switched by sampling steps',
    group: 'refiner',
    default: false,
    link: false,
    axis: { label: 'Refiner switch by sampling steps' },
  },
  refinerPasses: {
    kind: 'choice',
    label: 'Refiner for',
    group: 'refiner',
    choices: REFINER_PASSES,
    default: 'second',
    link: false,
    axis: { label: 'Hires refiner' },
  },
} as const satisfies Record<string, Field>;
