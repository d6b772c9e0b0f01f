/** The GPU's examination: the one kept for this GPU, browser and runtime, else a new one. */
import { AppError, toAppError } from '../../core/errors';
import type { DeviceExamination } from '../../engine/api';
import type { FoundGpu } from './device';
import { examine, type Probe } from './self-test/examine';

/** Raised when the self-test asks other things, so that what was found before is asked again. */
const SELF_TEST_VERSION = 1;

/** Software takes most of a minute to compile one kernel for attention, more on a busy computer. */
const SOFTWARE_PATIENCE_MS = 10 * 60_000;

export interface ExaminationStore {
  get(key: string): Promise<DeviceExamination | undefined>;
  set(key: string, examination: DeviceExamination): Promise<void>;
}

export interface Examiner {
  probe: Probe;
  examinations: ExaminationStore;
  /** Of the runtime. */
  version: string;
  /** Whether the GPU is tested although it was tested before. */
  again?: boolean;
}

/** What an examination holds for: another driver, browser or runtime computes otherwise. */
export function examinationKey({ adapter: { info, features } }: FoundGpu, version: string): string {
  const { vendor, architecture, device, description } = info;
  const names = [...features].sort().join(' ');
  return JSON.stringify([SELF_TEST_VERSION, version, navigator.userAgent, vendor, architecture, device, description, names]); // prettier-ignore
}

/** @returns the examination, or one sentence that says why there is none */
export async function examinedOnce(gpu: FoundGpu, examiner: Examiner): Promise<DeviceExamination | string> {
  const { examinations, probe, version, again = false } = examiner;
  const key = examinationKey(gpu, version);
  const kept = again ? undefined : await examinations.get(key).catch(unkept);
  if (kept) return kept;
  try {
    const { features } = gpu.adapter;
    const offered = { halfPrecision: features.has('shader-f16'), subgroups: features.has('subgroups') };
    const examination = await examine({ probe, offered, ...(gpu.isSoftware && { patienceMs: SOFTWARE_PATIENCE_MS }) });
    await examinations.set(key, examination).catch(unkept);
    return examination;
  } catch (thrown) {
    return toAppError(thrown).message;
  }
}

/** Where nothing can be stored, as in some private windows, each visit examines anew. */
const unkept = (thrown: unknown): undefined => {
  console.info('What the self-test found is not kept.', thrown instanceof AppError ? thrown.message : thrown);
};
