/** Runs the self-test on an opened GPU, case after case. It belongs in a worker: a GPU that hangs blocks the thread that waits for it. */
import type { GroupId, Outcome } from './groups';
import { casesOf, SELF_TEST_GROUPS } from './groups';
import { runCase, type TestDevice } from './run-case';

/** How a run is asked for. */
export interface SelfTestRequest {
  /** Whether the device has subgroups, where the GPU offers them. */
  subgroups: boolean;
  groups: readonly GroupId[];
  /** How long a case may take. */
  patienceMs: number;
}

/**
 * A group ends at its first failure. Results after the device is lost are worthless, since runs may then resolve with
 * nonsense: `lost` ends the test.
 */
export async function runGroups(
  device: TestDevice & { lost: Promise<never> },
  groups: readonly GroupId[],
  tell: (outcome: Outcome) => void,
): Promise<void> {
  for (const group of groups)
    for (const test of casesOf(group)) {
      const { activations } = SELF_TEST_GROUPS[group];
      const run = runCase(test, device, activations).then(
        (error): Outcome => ({ group, operator: test.name, error }),
        (thrown: unknown): Outcome => ({ group, operator: test.name, failure: words(thrown) }),
      );
      const outcome = await Promise.race([run, device.lost]);
      await Promise.race([device.lost, settled()]);
      tell(outcome);
      if (outcome.failure !== undefined) break;
    }
}

/** Checks for a loss during the run before the result is trusted. */
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

const words = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));
