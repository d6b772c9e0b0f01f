/** The whole of the self-test's worker: opens the GPU for itself, and tells what comes of each case. */
import { AppError } from '../../../core/errors';
import { findGpu, openGpu } from '../device';
import { createGpuRuntime } from '../gpu-runtime';
import { loadOrt } from '../ort-module';
import type { Outcome } from './groups';
import { runGroups, type SelfTestRequest } from './run-groups';

/** @throws AppError 'device-lost' where the GPU goes or cannot be opened */
export async function runSelfTest(
  { subgroups, groups }: Pick<SelfTestRequest, 'subgroups' | 'groups'>,
  tell: (outcome: Outcome) => void,
): Promise<void> {
  const ort = await loadOrt();
  const found = await findGpu();
  const device = typeof found === 'string' ? found : await openGpu(found, { subgroups });
  if (typeof found === 'string' || typeof device === 'string') throw new AppError('device-lost', String(device));
  const runtime = createGpuRuntime(ort, device, found.name);
  try {
    await runGroups(runtime, groups, tell);
  } finally {
    await runtime.dispose();
  }
}
