import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Outcome } from './groups';
import { createWorkerProbe, type ProbeMessage } from './worker-probe';

class FakeWorker {
  onmessage: ((event: { data: ProbeMessage }) => void) | undefined;
  onerror: ((event: { message: string; preventDefault(): void }) => void) | undefined;
  isAlive = true;
  asked: unknown;
  postMessage(data: unknown): void {
    this.asked = data;
  }
  terminate(): void {
    this.isAlive = false;
  }
}

const REQUEST = { subgroups: true, groups: ['float32'], patienceMs: 1000 } as const;
const outcome: Outcome = { group: 'float32', operator: 'matrices', error: 0 };

function begin(): { worker: FakeWorker; told: Outcome[]; probe: Promise<void> } {
  const worker = new FakeWorker();
  const told: Outcome[] = [];
  const probe = createWorkerProbe(() => worker as unknown as Worker)(REQUEST, (one) => told.push(one));
  probe.catch(() => undefined);
  return { worker, told, probe };
}

afterEach(() => void vi.useRealTimers());

describe('createWorkerProbe', () => {
  it('tells each outcome, and ends the worker when it is done', async () => {
    const { worker, told, probe } = begin();
    expect(worker.asked).toEqual(REQUEST);
    worker.onmessage?.({ data: { type: 'outcome', outcome } });
    worker.onmessage?.({ data: { type: 'done' } });
    await probe;
    expect(told).toEqual([outcome]);
    expect(worker.isAlive).toBe(false);
  });

  it('ends a worker that falls silent, and says so', async () => {
    vi.useFakeTimers();
    const { worker, told, probe } = begin();
    for (let case_ = 0; case_ < 3; case_ += 1) {
      await vi.advanceTimersByTimeAsync(900);
      worker.onmessage?.({ data: { type: 'outcome', outcome } });
    }
    expect(worker.isAlive).toBe(true);
    await vi.advanceTimersByTimeAsync(1001);
    await expect(probe).rejects.toMatchObject({ code: 'device-lost', message: 'The GPU gave no answer for 1 s.' });
    expect(told).toHaveLength(3);
    expect(worker.isAlive).toBe(false);
  });

  it('hands on why the worker failed', async () => {
    const lost = begin();
    lost.worker.onmessage?.({ data: { type: 'failed', code: 'device-lost', message: 'GPU: gone.' } });
    await expect(lost.probe).rejects.toMatchObject({ code: 'device-lost', message: 'GPU: gone.' });
    const strange = begin();
    strange.worker.onmessage?.({ data: { type: 'failed', code: 'RangeError', message: 'too long' } });
    await expect(strange.probe).rejects.toMatchObject({ code: 'internal', message: 'too long' });
    expect([lost.worker.isAlive, strange.worker.isAlive]).toEqual([false, false]);
  });

  it('ends the worker at once when it is told to stop, and starts none after that', async () => {
    const stop = new AbortController();
    const worker = new FakeWorker();
    const spawn = vi.fn(() => worker as unknown as Worker);
    const probe = createWorkerProbe(spawn)(REQUEST, () => undefined, stop.signal);
    stop.abort();
    await expect(probe).rejects.toMatchObject({ code: 'cancelled' });
    expect(worker.isAlive).toBe(false);
    await expect(createWorkerProbe(spawn)(REQUEST, () => undefined, stop.signal)).rejects.toMatchObject({
      code: 'cancelled',
    });
    expect(spawn).toHaveBeenCalledTimes(1);
  });

  it('says where the worker did not start', async () => {
    const { worker, probe } = begin();
    worker.onerror?.({ message: '', preventDefault: () => undefined });
    await expect(probe).rejects.toMatchObject({ code: 'internal', message: /its worker did not start/ });
    expect(worker.isAlive).toBe(false);
  });
});
