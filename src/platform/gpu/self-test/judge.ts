/** What a GPU may be used for, by what its self-test found. */
import type { Ability, AbilityReport } from '../../../engine/api';
import { casesOf, GROUP_IDS, SELF_TEST_GROUPS, type GroupId, type Outcome } from './groups';

/** What the GPU says that it has. */
export interface Offered {
  halfPrecision: boolean;
  subgroups: boolean;
}

/** What decides an ability. Full precision is at the bottom of all. */
const DECIDED_BY: Readonly<Record<Ability, readonly GroupId[]>> = {
  fullPrecision: ['float32'],
  halfPrecision: ['float32', 'float16'],
  fastAttention: ['float32'],
  packedMatrices: ['float32', 'packed32', 'float16', 'packed16'],
};

/** Outcomes on the device with subgroups, if it has them, and on one without, if that was needed. */
export interface Found {
  outcomes: readonly Outcome[];
  withoutSubgroups?: readonly Outcome[] | undefined;
}

type Finding = Omit<AbilityReport, 'isUsed'>;

export const groupsFor = ({ halfPrecision }: Pick<Offered, 'halfPrecision'>): GroupId[] =>
  GROUP_IDS.filter((id) => halfPrecision || SELF_TEST_GROUPS[id].activations === 'float32');

/** The groups to run for such abilities of what is offered. */
export const groupsOf = (needs: readonly Ability[], offered: Pick<Offered, 'halfPrecision'>): GroupId[] =>
  groupsFor(offered).filter((id) => id === 'float32' || needs.some((need) => DECIDED_BY[need].includes(id)));

export const isAllRight = (outcomes: readonly Outcome[], groups: readonly GroupId[]): boolean =>
  groups.every((group) => finding(outcomes, group).found === 'right');

/** The worst that is known of a group. */
function finding(outcomes: readonly Outcome[], group: GroupId): Finding {
  const its = outcomes.filter((outcome) => outcome.group === group);
  const failed = its.find(({ failure }) => failure !== undefined);
  if (failed) return { found: 'failed', operator: failed.operator, failure: failed.failure };
  const worst = its.reduce<Outcome | undefined>((a, b) => (a && errorOf(a) >= errorOf(b) ? a : b), undefined);
  if (worst && errorOf(worst) > SELF_TEST_GROUPS[group].limit)
    return { found: 'wrong', operator: worst.operator, error: errorOf(worst) };
  return { found: its.length === casesOf(group).length ? 'right' : 'untested' };
}

/** Infinity does not survive JSON; a number that is wrong beyond all measure does. */
const errorOf = ({ error = 0 }: Outcome): number => Math.min(error, 1e9);

const RANK = { wrong: 0, failed: 1, untested: 2, absent: 3, right: 4 } as const;

/** The first of the worst. */
const worstOf = (findings: readonly Finding[]): Finding =>
  findings.reduce((a, b) => (RANK[b.found] < RANK[a.found] ? b : a));

/** Each ability by itself: what is not right is not used. */
export function judge({ outcomes, withoutSubgroups }: Found, offered: Offered): Record<Ability, AbilityReport> {
  const groups = groupsFor(offered);
  const attention = judgeSubgroups({ outcomes, withoutSubgroups }, offered, groups);
  const used = attention.isUsed || !withoutSubgroups ? outcomes : withoutSubgroups;
  const halfPrecision: Finding = offered.halfPrecision ? finding(used, 'float16') : { found: 'absent' };
  const packed = groups
    .filter((id) => SELF_TEST_GROUPS[id].part === 'packed')
    // where half precision is left out, what it does to packed matrices is of no account
    .filter((id) => SELF_TEST_GROUPS[id].activations === 'float32' || halfPrecision.found === 'right');
  return {
    fullPrecision: report(finding(used, 'float32')),
    halfPrecision: report(halfPrecision),
    fastAttention: attention,
    packedMatrices: report(worstOf(packed.map((id) => finding(used, id)))),
  };
}

const report = (found: Finding): AbilityReport => ({ isUsed: found.found === 'right', ...found });

/** Subgroups are to blame for what is right without them. */
function judgeSubgroups(
  { outcomes, withoutSubgroups }: Found,
  { subgroups }: Offered,
  groups: readonly GroupId[],
): AbilityReport {
  if (!subgroups) return report({ found: 'absent' });
  const blamed = groups
    .map((group) => [finding(outcomes, group), withoutSubgroups && finding(withoutSubgroups, group)] as const)
    .filter(([found, without]) => found.found !== 'right' && without?.found === 'right')
    .map(([found]) => found);
  if (blamed.length > 0) return report(worstOf(blamed));
  // Nothing gets better without them. Where all fails, what is left to try is the smaller device.
  return report({ found: finding(outcomes, 'float32').found === 'right' ? 'right' : 'untested' });
}
