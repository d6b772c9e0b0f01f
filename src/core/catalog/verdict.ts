/** What a device can run, and why; which model to get first. */
import { familyOf, USUAL_FAMILY } from '../families';
import type { ModelEntry } from './catalog';

/** What was measured. */
export interface DeviceFacts {
  hasWebGpu: boolean;
  /** The GPU in the adapter's own words. */
  adapter: string;
  /** Software, or a processor's own. */
  isSoftware: boolean;
  shaderF16: boolean;
  maxBufferBytes: number;
  /** Multiply-adds of a plain matrix product, in TFLOPS; undefined where nothing was measured. */
  tflops?: number;
}

export interface Verdict {
  /** `slow`: it runs, but a picture takes minutes. */
  level: 'good' | 'slow' | 'no';
  /** Reasons, one sentence each. */
  reasons: string[];
  /** A rough estimate of one picture at the entry's defaults; undefined where nothing was measured. */
  secondsPerPicture?: number;
}

/** wasm on some cores, in TFLOPS: measured on laptops at 10 to 40 GMAC/s. */
const CPU_TFLOPS = 0.04;
/** A picture that takes longer is not waited for. */
const SLOW_SECONDS = 120;
/** The heap of a 32-bit wasm module, less what the runtime needs itself. */
const WASM_BYTES = 3.5e9;

/** @param freeBytes room in the browser's storage; undefined where it is not known */
export function judge(entry: ModelEntry, facts: DeviceFacts, freeBytes?: number): Verdict {
  const { needs = {}, source, downloadBytes = 0, storedBytes = downloadBytes } = entry;
  if (source.kind === 'bundled') return { level: 'good', reasons: ['Built in: nothing to download.'] };
  const no: string[] = [];
  const toStore = downloadBytes + storedBytes;
  if (freeBytes !== undefined && toStore > freeBytes)
    no.push(`It needs ${gigabytes(toStore)} of storage while it is being stored; ${gigabytes(freeBytes)} are free.`);
  if (facts.hasWebGpu) {
    if (needs.shaderF16 && !facts.shaderF16)
      no.push('It needs 16-bit floats on the GPU, which this one does not offer.');
    if (needs.bufferBytes !== undefined && needs.bufferBytes > facts.maxBufferBytes)
      no.push(
        `It needs GPU buffers of ${megabytes(needs.bufferBytes)}; this GPU allows ${megabytes(facts.maxBufferBytes)}.`,
      );
  } else if ((needs.gpuBytes ?? 0) > WASM_BYTES) {
    no.push(
      `Without WebGPU at most ${gigabytes(WASM_BYTES)} of memory can be used; it needs ${gigabytes(needs.gpuBytes ?? 0)}.`,
    );
  }
  if (no.length > 0) return { level: 'no', reasons: no };
  return judgeSpeed(entry, facts);
}

function judgeSpeed(entry: ModelEntry, facts: DeviceFacts): Verdict {
  const reasons: string[] = [];
  const tflops = facts.hasWebGpu ? facts.tflops : CPU_TFLOPS;
  if (!facts.hasWebGpu) reasons.push('There is no WebGPU here: it runs on the CPU.');
  else if (facts.isSoftware) reasons.push('WebGPU runs in software here.');
  const gpuBytes = entry.needs?.gpuBytes;
  if (facts.hasWebGpu && gpuBytes !== undefined) {
    const used = facts.shaderF16 ? gpuBytes : gpuBytes * 1.6;
    const width = facts.shaderF16 ? 'with 16-bit floats' : 'with 32-bit floats, as this GPU offers no others';
    reasons.push(`It takes about ${gigabytes(used)} of GPU memory ${width}.`);
  }
  if (tflops === undefined) return { level: facts.isSoftware ? 'slow' : 'good', reasons };
  const secondsPerPicture = workTflop(entry) / tflops;
  reasons.push(
    `About ${duration(secondsPerPicture)} a picture, ${facts.hasWebGpu ? 'by what was measured' : 'as a guess'}.`,
  );
  return { level: secondsPerPicture > SLOW_SECONDS ? 'slow' : 'good', reasons, secondsPerPicture };
}

/** One picture at the entry's defaults. */
function workTflop({ family = USUAL_FAMILY, defaults }: ModelEntry): number {
  const { pass, decode, size } = familyOf(family).work;
  const area = (defaults.width * defaults.height) / size ** 2;
  const passes = defaults.steps * (defaults.cfgScale > 1 ? 2 : 1);
  return area * (pass * passes + decode);
}

const rankOf = ({ family = USUAL_FAMILY }: ModelEntry): number => familyOf(family).rank;

/**
 * The best model that runs well here, free to use for everything; undefined where only what is built in does.
 */
export function recommend(
  entries: readonly ModelEntry[],
  facts: DeviceFacts,
  freeBytes?: number,
): { entry: ModelEntry; verdict: Verdict } | undefined {
  return entries
    .filter(({ licence, source }) => source.kind !== 'bundled' && licence.commercialUse === 'allowed')
    .map((entry) => ({ entry, verdict: judge(entry, facts, freeBytes) }))
    .filter(({ verdict }) => verdict.level === 'good')
    .toSorted((a, b) => rankOf(b.entry) - rankOf(a.entry))[0];
}

function megabytes(bytes: number): string {
  return bytes >= 1e9 ? gigabytes(bytes) : `${Math.round(bytes / 1e6)} MB`;
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}

function duration(seconds: number): string {
  if (seconds < 1) return 'a second';
  return seconds < 90 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} minutes`;
}
