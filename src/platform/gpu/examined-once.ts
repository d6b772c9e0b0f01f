/** The GPU's examination: the one kept for this GPU, browser and runtime, else a new one. */
import { AppError, toAppError } from '../../core/errors';
import type { Ability } from '../../engine/api';
import type { FoundGpu } from './device';
import { examine, isKnown, type Examined, type Probe } from './self-test/examine';

/** Raised when the self-test asks other things, so that what was found before is asked again. */
const SELF_TEST_VERSION = 1;

/** Software takes most of a minute to compile one kernel for attention, more on a busy computer. */
const SOFTWARE_PATIENCE_MS = 10 * 60_000;

export interface ExaminationStore {
  get(key: string): Promise<Examined | undefined>;
  set(key: string, examination: Examined): Promise<void>;
}

export interface Examiner {
  probe: Probe;
  examinations: ExaminationStore;
  /** Version of the runtime. */
  version: string;
  /** Whether the GPU is tested although it was tested before. */
  again?: boolean;
  /** What has to be known; all where left out. */
  needs?: readonly Ability[] | undefined;
  /** Told when a test begins. */
  onTesting?: (() => void) | undefined;
  signal?: AbortSignal | undefined;
}

/** What an examination holds for: another driver, browser or runtime computes otherwise. */
function examinationKey({ adapter: { info, features } }: FoundGpu, version: string): string {
  const { vendor, architecture, device, description } = info;
  const names = [...features].sort().join(' ');
  return JSON.stringify([SELF_TEST_VERSION, version, navigator.userAgent, vendor, architecture, device, description, names]); // prettier-ignore
}

/** Where nothing can be stored, as in some private windows, each visit examines anew, but not each model. */
const remembered = new WeakMap<ExaminationStore, Map<string, Examined>>();

/**
 * What is known is not asked again: of an unfinished examination only what such needs add.
 *
 * @returns the examination, or one sentence that says why there is none
 * @throws AppError 'cancelled' after `signal`
 */
export async function examinedOnce(gpu: FoundGpu, examiner: Examiner): Promise<Examined | string> {
  const { examinations, probe, version, again = false, needs, signal } = examiner;
  const key = examinationKey(gpu, version);
  const memory = remembered.get(examinations) ?? new Map<string, Examined>();
  remembered.set(examinations, memory);
  const { features } = gpu.adapter;
  const offered = { halfPrecision: features.has('shader-f16'), subgroups: features.has('subgroups') };
  const before = again ? undefined : (memory.get(key) ?? (await examinations.get(key).catch(unkept)));
  if (before && isKnown(before, needs, offered)) return before;
  examiner.onTesting?.();
  try {
    const patience = gpu.isSoftware && { patienceMs: SOFTWARE_PATIENCE_MS };
    const examination = await examine({ probe, offered, needs, before, signal, ...patience });
    await examinations.set(key, examination).then(
      () => memory.delete(key),
      (thrown: unknown) => {
        unkept(thrown);
        memory.set(key, examination);
      },
    );
    return examination;
  } catch (thrown) {
    const error = toAppError(thrown);
    if (error.code === 'cancelled') throw error;
    return error.message;
  }
}

const unkept = (thrown: unknown): undefined => {
  console.info('What the self-test found is not kept.', thrown instanceof AppError ? thrown.message : thrown);
};
