/** Makes the runtime: WebGPU where there is a GPU that computes rightly, else the CPU through wasm, saying so. */
import { AppError } from '../../core/errors';
import type { Ability, DeviceExamination, DeviceReport, ProviderChoice } from '../../engine/api';
import type { Runtime } from '../../engine/ports';
import { findGpu, openGpu, type FoundGpu, type GpuOptions } from './device';
import { examinedOnce, type Examiner } from './examined-once';
import type { Examined } from './self-test/examine';
import { createGpuRuntime } from './gpu-runtime';
import { loadOrt, type FetchListener, type OrtModule } from './ort-module';
import { createOrtSession } from './ort-session';

export interface RuntimeParts {
  /** Tests the GPU before it is used; without one it is trusted. */
  examiner?: Omit<Examiner, 'version'>;
  /** What is used of the GPU instead of what it was found to do rightly: for tests. */
  gpu?: GpuOptions;
  /** Told how the runtime's .wasm comes in, where it has to be fetched. */
  onFetch?: FetchListener;
}

const SOFTWARE = 'The only GPU that this browser offers is software, which would take fifty times as long as the CPU.';

/** @throws AppError 'no-webgpu' when WebGPU was demanded and is not there */
export async function createRuntime(choice: ProviderChoice, parts: RuntimeParts = {}): Promise<Runtime> {
  const ort = await loadOrt(parts.onFetch);
  if (choice === 'wasm') return createCpuRuntime(ort);
  const gpu = await openExamined(ort, choice, parts);
  if ('runtime' in gpu) return gpu.runtime;
  if (choice === 'webgpu') throw new AppError('no-webgpu', gpu.fallbackReason);
  return createCpuRuntime(ort, gpu);
}

/** Why there is no GPU, or none that is used: one sentence. */
type NoGpu = Pick<DeviceReport, 'examination'> & { fallbackReason: string };

async function openExamined(
  ort: OrtModule,
  choice: ProviderChoice,
  { examiner, gpu }: RuntimeParts,
): Promise<{ runtime: Runtime } | NoGpu> {
  let found = await findGpu();
  if (typeof found === 'string') return { fallbackReason: found };
  if (found.isSoftware && choice === 'auto') return { fallbackReason: SOFTWARE };
  let examination: Examined | string | undefined;
  const versioned = examiner && { ...examiner, version: ort.env.versions.web ?? ort.env.versions.common };
  // Software takes minutes for the test, and is used by those alone who ask for it.
  if (versioned && (!found.isSoftware || versioned.again)) {
    examination = await examinedOnce(found, versioned);
    if (choice === 'auto' && isUnsound(examination)) return { fallbackReason: unsoundness(examination), examination };
    found = await findGpu(); // the test may have taken the first along
    if (typeof found === 'string') return { fallbackReason: found };
  }
  const known = typeof examination === 'object' ? examination : undefined;
  const device = await openGpu(found, gpu ?? usedOptions(found, known, examiner !== undefined));
  if (typeof device === 'string') return { fallbackReason: device };
  return { runtime: createExaminedRuntime(ort, { found, device, examination, examiner: versioned }) };
}

const isUnsound = (examination: DeviceExamination | string): examination is DeviceExamination =>
  typeof examination === 'object' && !examination.abilities.fullPrecision.isUsed;

function unsoundness({ abilities: { fullPrecision } }: DeviceExamination): string {
  const { found, operator } = fullPrecision;
  if (found === 'wrong') return `This GPU computes wrong numbers (${operator}), so that it is not used.`;
  return `This GPU failed in its self-test (${operator ?? 'nothing was computed'}), so that it is not used.`;
}

/** ONNX Runtime's flash attention takes at least so many keys a step, whatever the lanes are. */
const LEAST_LANES = 8;

/** What an examination found right. Without one that was to be, what is most often found wrong is left out. */
function usedOptions(
  { subgroupSize }: FoundGpu,
  examination: DeviceExamination | undefined,
  isToBeExamined: boolean,
): GpuOptions {
  if (!examination) return { subgroups: !isToBeExamined && subgroupSize >= LEAST_LANES };
  const { halfPrecision, fastAttention } = examination.abilities;
  // what is not tested yet is there to be tested, and not used before
  const mayComeYet = examination.isUnfinished === true && halfPrecision.found === 'untested';
  return { halfPrecision: halfPrecision.isUsed || mayComeYet, subgroups: fastAttention.isUsed };
}

interface Opened {
  found: FoundGpu;
  device: GPUDevice;
  examination: Examined | string | undefined;
  examiner: Examiner | undefined;
}

function createExaminedRuntime(ort: OrtModule, opened: Opened): Runtime {
  const { found, device, examination, examiner } = opened;
  const isUnfinished = typeof examination === 'object' && examination.isUnfinished === true;
  return {
    device: deviceReport(opened),
    ...createGpuRuntime(ort, device, found.name),
    ...(isUnfinished && examiner && { examineMore: (...asked) => examineMore(opened, examiner, ...asked) }),
  };
}

async function examineMore(
  opened: Opened,
  examiner: Examiner,
  needs: readonly Ability[],
  stopped?: Promise<void>,
): Promise<DeviceReport | undefined> {
  const stop = new AbortController();
  void stopped?.then(() => stop.abort());
  const examination = await examinedOnce(opened.found, {
    ...examiner,
    needs,
    signal: stop.signal,
    again: false,
    onTesting: undefined,
  });
  if (typeof examination === 'object') {
    const { fullPrecision, fastAttention } = examination.abilities;
    if (!fullPrecision.isUsed || fastAttention.isUsed !== opened.device.features.has('subgroups')) return undefined;
  }
  return deviceReport({ ...opened, examination });
}

function deviceReport({ found, device, examination }: Omit<Opened, 'examiner'>): DeviceReport {
  const offersHalf = device.features.has('shader-f16');
  const known = typeof examination === 'object' ? toldOf(examination) : undefined;
  return {
    provider: 'webgpu',
    adapter: found.name,
    maxBufferBytes: device.limits.maxStorageBufferBindingSize,
    halfPrecision: offersHalf && (known?.abilities.halfPrecision.isUsed ?? true),
    ...(known && { examination: known, packedMatrices: known.abilities.packedMatrices.isUsed }),
    notes: [...(typeof examination === 'string' ? [examination] : []), ...deviceNotes(found, device)],
  };
}

/** What it was judged by is nobody's business. */
function toldOf({ found: _, ...examination }: Examined): DeviceExamination {
  return examination;
}

/** What WebGPU promises of every GPU. */
const LEAST_BUFFER_BYTES = 128 * 2 ** 20;

function deviceNotes({ isSoftware }: FoundGpu, { limits }: GPUDevice): string[] {
  const notes: string[] = [];
  if (isSoftware) notes.push('This GPU is software: the CPU alone would be much faster.');
  if (limits.maxStorageBufferBindingSize <= LEAST_BUFFER_BYTES)
    notes.push('This GPU gives no buffer above 128 MB, so that large pictures may not fit.');
  if (!('Suspending' in WebAssembly))
    notes.push('This browser has no JavaScript Promise Integration, so that each step takes more of the CPU’s time.');
  return notes;
}

function createCpuRuntime(ort: OrtModule, noGpu?: NoGpu): Runtime {
  const threads = ort.env.wasm.numThreads ?? 1;
  const device: DeviceReport = {
    provider: 'wasm',
    adapter: `CPU, ${threads} thread${threads === 1 ? '' : 's'}`,
    ...noGpu,
  };
  return {
    device,
    target: 'portable',
    lost: new Promise<never>(() => undefined),
    createSession: (graph, options) => createOrtSession(ort, ['wasm'], graph, options),
    dispose: () => Promise.resolve(),
  };
}
