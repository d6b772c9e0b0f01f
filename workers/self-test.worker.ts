/** Tests what the GPU computes, apart from the engine: a GPU that hangs takes this worker along and nothing else. */
import { toAppError } from '../src/core/errors';
import { runSelfTest } from '../src/platform/gpu/self-test/run-self-test';
import type { SelfTestRequest } from '../src/platform/gpu/self-test/run-groups';
import type { ProbeMessage } from '../src/platform/gpu/self-test/worker-probe';

const tell = (message: ProbeMessage): void => self.postMessage(message);

self.onmessage = ({ data }: MessageEvent<SelfTestRequest>) => {
  runSelfTest(data, (outcome) => tell({ type: 'outcome', outcome })).then(
    () => tell({ type: 'done' }),
    (thrown: unknown) => {
      const { code, message } = toAppError(thrown);
      tell({ type: 'failed', code, message });
    },
  );
};
