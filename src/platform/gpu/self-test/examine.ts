/** Examines a GPU: runs the self-test, once more without subgroups where something is wrong, and judges. */
import { toAppError } from '../../../core/errors';
import type { Ability, DeviceExamination } from '../../../engine/api';
import { casesOf, type GroupId, type Outcome } from './groups';
import { groupsFor, groupsOf, isAllRight, judge, type Found, type Offered } from './judge';
import type { SelfTestRequest } from './run-groups';

/**
 * Runs groups of the self-test apart from everything else, so that what hangs or breaks there breaks nothing here.
 *
 * @throws AppError 'device-lost' where the device was lost or gave no answer; 'cancelled' after `signal`; any other where the test
 *   could not be begun
 */
export type Probe = (request: SelfTestRequest, tell: (outcome: Outcome) => void, signal?: AbortSignal) => Promise<void>;

/** A case takes a fraction of a second on a GPU, the first some seconds with loading; browsers give up on a GPU after ten. */
const PATIENCE_MS = 20_000;

/** An examination that can be continued. */
export interface Examined extends DeviceExamination {
  /** What it was judged by, while it is unfinished: groups that were run, and what came of them. */
  found?: Found & { groups: readonly GroupId[] };
}

export interface ExamineOptions {
  probe: Probe;
  offered: Offered;
  /** What has to be known afterwards; all where left out. */
  needs?: readonly Ability[] | undefined;
  /** What is known already, and not asked again. */
  before?: Examined | undefined;
  /** How long a case may take. */
  patienceMs?: number;
  /** Milliseconds since 1970. */
  now?: () => number;
  signal?: AbortSignal | undefined;
}

/** Whether all that these needs ask for is known. */
export const isKnown = ({ found }: Examined, needs: readonly Ability[] | undefined, offered: Offered): boolean =>
  !found || wantedFor(needs, offered).every((group) => found.groups.includes(group));

const wantedFor = (needs: readonly Ability[] | undefined, offered: Offered): GroupId[] =>
  needs ? groupsOf(needs, offered) : groupsFor(offered);

/** @throws AppError what `probe` throws where the test could not be begun, or was stopped: nothing more is known then */
export async function examine({
  probe,
  offered,
  needs,
  before,
  patienceMs = PATIENCE_MS,
  now = Date.now,
  signal,
}: ExamineOptions): Promise<Examined> {
  const at = now();
  const known = before?.found;
  const wanted = wantedFor(needs, offered);
  const groups = groupsFor(offered).filter((group) => wanted.includes(group) || known?.groups.includes(group));
  const run = async (subgroups: boolean, from: readonly Outcome[], done: readonly GroupId[]): Promise<Outcome[]> => {
    const missing = groups.filter((group) => !done.includes(group));
    return [...from, ...(await measure(probe, { subgroups, groups: missing, patienceMs }, signal))];
  };
  const outcomes = await run(offered.subgroups, known?.outcomes ?? [], known?.groups ?? []);
  const without = known?.withoutSubgroups;
  const withoutSubgroups =
    without !== undefined || (offered.subgroups && !isAllRight(outcomes, groups))
      ? await run(false, without ?? [], without ? (known?.groups ?? []) : [])
      : undefined;
  const abilities = judge({ outcomes, withoutSubgroups }, offered);
  const seconds = (now() - at) / 1000 + (before?.seconds ?? 0);
  // what comes after broken float32 would not be used
  if (groups.length === groupsFor(offered).length || !abilities.fullPrecision.isUsed) return { abilities, seconds, at };
  return { abilities, seconds, at, isUnfinished: true, found: { groups, outcomes, withoutSubgroups } };
}

/** Goes on behind a group that took the device along. What comes after broken float32 would not be used. */
async function measure(probe: Probe, request: SelfTestRequest, signal?: AbortSignal): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (let rest = request.groups; rest.length > 0;) {
    try {
      await probe({ ...request, groups: rest }, (outcome) => outcomes.push(outcome), signal);
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
