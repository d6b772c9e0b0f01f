/** The benchmark's worker: a device of its own, closed when the worker is ended. */
import { expose } from 'comlink';
import { bundledPath } from '../src/core/catalog';
import type { BenchApi } from '../src/engine/bench-api';
import { runBench } from '../src/engine/bench/run-bench';
import type { CallStore } from '../src/engine/ports';
import { createRuntime } from '../src/platform/gpu/create-runtime';
import { findGpu, openGpu } from '../src/platform/gpu/device';
import { measureMatmulPeaks } from '../src/platform/gpu/matmul-peak';
import { loadOrt } from '../src/platform/gpu/ort-module';
import { createWorkerProbe } from '../src/platform/gpu/self-test/worker-probe';
import { createFetchFiles } from '../src/platform/net/fetch-files';
import { createExaminationStore } from '../src/platform/storage/examination-store';
import { createPackStore } from '../src/platform/storage/pack-store';
import { createClipTokenizer } from '../src/platform/text/clip-tokenizer';
import { loadShippedTokenizer } from '../src/platform/text/shipped-tokenizer';

const now = (): number => performance.now();
const examinations = createExaminationStore();
const probe = createWorkerProbe(
  () => new Worker(new URL('./self-test.worker.ts', import.meta.url), { type: 'module', name: 'self-test' }),
);

async function measurePeaks() {
  const found = await findGpu();
  const device = typeof found === 'string' ? found : await openGpu(found);
  if (typeof device === 'string') return [{ what: 'products of matrices', failure: device }];
  try {
    return await measureMatmulPeaks(device, now);
  } finally {
    device.destroy();
  }
}

/** A picture that is measured is never gone on with. */
const FORGETFUL: CallStore = {
  read: () => Promise.resolve([]),
  write: () => Promise.resolve(),
  remove: () => Promise.resolve(),
};

const face: BenchApi = {
  run: (setup, onProgress) =>
    runBench(
      setup,
      {
        createRuntime: (choice) => createRuntime(choice, { examiner: { probe, examinations } }),
        createFiles: (model, baseUrl) => createFetchFiles(new URL(bundledPath(model) ?? '', baseUrl).href),
        packs: createPackStore(),
        calls: FORGETFUL,
        createTokenizer: createClipTokenizer,
        createClipTokenizer: (padding, baseUrl) => loadShippedTokenizer(padding, createFetchFiles(baseUrl).open),
        now,
        breathe: () => new Promise((resolve) => setTimeout(resolve)),
        rest: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
        measurePeaks,
        date: () => new Date().toISOString(),
        runtimeVersion: async () => {
          const { versions } = (await loadOrt()).env;
          return versions.web ?? versions.common;
        },
      },
      onProgress,
    ),
};

expose(face);
