/** The cases of the self-test by what they decide, in the order they are run. */
import type { Activations } from '../../../core/graph';
import { SELF_TEST_CASES, type SelfTestCase } from './cases';

export interface SelfTestGroup {
  activations: Activations;
  part: SelfTestCase['part'];
  /**
   * Largest relative error (L2) of a result. Measured on sound devices: 3e-7 in float32, 2e-3 in half precision; what was found
   * wrong so far was off by 3 % and more.
   */
  limit: number;
}

/** Packed matrices may be computed with inputs rounded to 8 bits, which those of the test do not show. */
export const SELF_TEST_GROUPS = {
  float32: { activations: 'float32', part: 'plain', limit: 1e-4 },
  packed32: { activations: 'float32', part: 'packed', limit: 1e-3 },
  float16: { activations: 'float16', part: 'plain', limit: 1e-2 },
  packed16: { activations: 'float16', part: 'packed', limit: 1e-2 },
} as const satisfies Record<string, SelfTestGroup>;

export type GroupId = keyof typeof SELF_TEST_GROUPS;

export const GROUP_IDS = Object.keys(SELF_TEST_GROUPS) as GroupId[];

export const casesOf = (group: GroupId): SelfTestCase[] =>
  SELF_TEST_CASES.filter(({ part }) => part === SELF_TEST_GROUPS[group].part);

/** What came of one case. */
export interface Outcome {
  group: GroupId;
  /** Name of the case. */
  operator: string;
  /** Relative, where it gave a result. */
  error?: number;
  /** Why it gave no numbers. */
  failure?: string;
}
