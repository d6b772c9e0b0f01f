/** The narrow export on ONNX Runtime's CPU provider: it loads without its weights' file, and runs at a size that it was not traced at. */
import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import * as ort from 'onnxruntime-web';
import { describe, expect, it } from 'vitest';
import { TimeBudget, type BenchRow } from '../../../src/core/bench';
import { createOrtSession, type Ort } from '../../../src/platform/gpu/ort-session';
import { timePeer } from './peer-graph';

describe('timePeer', () => {
  it('times the exported U-Net, its numbers finite', async () => {
    const rows: BenchRow[] = [];
    const now = () => performance.now();
    const read = async (path: string) =>
      new Uint8Array(gunzipSync(await readFile(new URL(`../${path}.gz`, import.meta.url))));
    const createSession = (graph: Parameters<typeof createOrtSession>[2]) =>
      createOrtSession(ort as unknown as Ort, ['wasm'], graph);
    await timePeer(
      { createSession },
      {
        ...{ now, read, isQuick: true, enoughMs: 0, maxRuns: 1, longMs: 0 },
        calls: [{ width: 64, height: 128, batch: 2 }],
        budget: new TimeBudget(60, now),
        onRow: (row) => rows.push(row),
      },
    );
    expect(rows.map(({ failure, note }) => failure ?? note)).toEqual([undefined]);
    expect(rows[0].loadBytes).toBe(17_171_328);
    expect(rows[0].ms).toBeGreaterThan(0);
    expect(rows[0].tflop).toBeGreaterThan(0);
  }, 300_000);
});
