/** Examines a GPU: runs the self-test, once more without subgroups where something is wrong, and judges. */
import { toAppError } from '../../../core/errors';
import type { DeviceExamination } from '../../../engine/api';
import { casesOf, type GroupId, type Outcome } from './groups';
import { groupsFor, isAllRight, judge, type Offered } from './judge';
import type { SelfTestRequest } from './run-groups';

/**
 * Runs groups of the self-test apart from everything else, so that what hangs or breaks there breaks nothing here.
 *
 * @throws AppError 'device-lost' where the device was lost or gave no answer; any other where the test could not be begun
 */
export type Probe = (request: SelfTestRequest, tell: (outcome: Outcome) => void) => Promise<void>;

/** A case takes a fraction of a second on a GPU, the first some seconds with loading; browsers give up on a GPU after ten. */
const PATIENCE_MS = 20_000;

export interface ExamineOptions {
  probe: Probe;
  offered: Offered;
  /** How long a case may take. */
  patienceMs?: number;
  /** Milliseconds since 1970. */
  now?: () => number;
}

/** @throws AppError what `probe` throws where the test could not be begun: nothing is known then */
export async function examine({
  probe,
  offered,
  patienceMs = PATIENCE_MS,
  now = Date.now,
}: ExamineOptions): Promise<DeviceExamination> {
  const at = now();
  const groups = groupsFor(offered);
  const outcomes = await measure(probe, { subgroups: offered.subgroups, groups, patienceMs });
  const withoutSubgroups =
    offered.subgroups && !isAllRight(outcomes, groups)
      ? await measure(probe, { subgroups: false, groups, patienceMs })
      : undefined;
  return { abilities: judge({ outcomes, withoutSubgroups }, offered), seconds: (now() - at) / 1000, at };
}

/** Goes on behind a group that took the device along. What comes after broken float32 would not be used. */
async function measure(probe: Probe, request: SelfTestRequest): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (let rest = request.groups; rest.length > 0;) {
    try {
      await probe({ ...request, groups: rest }, (outcome) => outcomes.push(outcome));
      return outcomes;
    } catch (thrown) {
      const error = toAppError(thrown);
      if (error.code !== 'device-lost') throw error;
      const broken = rest.find((group) => !isThrough(outcomes, group)) ?? rest[0];
      const operator = nextCase(outcomes, broken);
      outcomes.push({ group: broken, operator, failure: error.message });
      if (broken === 'float32') return outcomes;
      rest = rest.slice(rest.indexOf(broken) + 1);
    }
  }
  return outcomes;
}

const its = (outcomes: readonly Outcome[], group: GroupId): Outcome[] =>
  outcomes.filter((outcome) => outcome.group === group);

const isThrough = (outcomes: readonly Outcome[], group: GroupId): boolean =>
  its(outcomes, group).length === casesOf(group).length ||
  its(outcomes, group).some(({ failure }) => failure !== undefined);

/** The one that was under way. */
const nextCase = (outcomes: readonly Outcome[], group: GroupId): string =>
  casesOf(group)[its(outcomes, group).length]?.name ?? group;
