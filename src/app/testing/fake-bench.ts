/** A scripted benchmark for tests and for work on the page. */
import type { BenchReport } from '../../core/bench';
import { AppError } from '../../core/errors';
import type { BenchProgress, BenchSetup } from '../../engine/bench-api';
import type { BenchHandle } from '../../clients/bench-client';

export interface FakeBench extends BenchHandle {
  readonly setups: BenchSetup[];
}

const FAKE_REPORT: BenchReport = {
  program: 'gesso-test',
  repeat: 'open the page',
  startedAt: '2026-11-25T12:00:00.000Z',
  seconds: 81,
  device: {
    adapter: 'NVIDIA GeForce RTX 4090',
    provider: 'webgpu',
    host: 'Chrome 156, Linux x86_64',
    runtime: '1.31.0',
  },
  peaks: [
    { what: 'product of 4096 x 4096 matrices, float16, sums in float32 (our kernel, tiles of 128)', tflops: 24.1 },
    { what: 'product of 2048 x 2048 matrices, float16 (ONNX Runtime)', tflops: 11.3 },
  ],
  rows: [
    {
      model: 'Starter',
      component: 'unet',
      weights: 'float32',
      activations: 'float32',
      ...{ width: 128, height: 128, batch: 2, loadSeconds: 0.4, loadBytes: 3e7, firstMs: 820, ms: 9.1, runs: 20 },
      tflop: 0.012,
    },
    {
      model: 'Stable Diffusion 1.5, random weights',
      component: 'unet',
      weights: 'q8',
      activations: 'float16',
      ...{ width: 512, height: 512, batch: 2, loadSeconds: 3.2, loadBytes: 9e8, firstMs: 2400, ms: 212, runs: 8 },
      tflop: 1.61,
    },
  ],
  skipped: [],
};

/** @param stepMs of each of four steps; 0 ends at once */
export function createFakeBench(stepMs = 0): FakeBench {
  const setups: BenchSetup[] = [];
  let stop: () => void = () => undefined;
  return {
    setups,
    async run(setup, onProgress) {
      setups.push(setup);
      const stopped = new Promise<never>((_, reject) => {
        stop = () => reject(new AppError('cancelled', 'The benchmark was cancelled.'));
      });
      const rest = () => Promise.race([stopped, new Promise((resolve) => setTimeout(resolve, stepMs))]);
      const texts = ['Products of matrices', 'Products of matrices, by ONNX Runtime', 'Starter', 'Big model'];
      for (const [done, text] of texts.entries()) {
        const rows = FAKE_REPORT.rows.slice(0, Math.max(0, done - 2));
        const report = { ...FAKE_REPORT, peaks: FAKE_REPORT.peaks.slice(0, done), rows };
        const progress: BenchProgress = { text, done, total: texts.length, report };
        onProgress(progress);
        await rest();
      }
      return FAKE_REPORT;
    },
    stop: () => stop(),
  };
}
