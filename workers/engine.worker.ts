/** The engine's worker: real adapters behind the ports, the engine on a comlink wire. */
import { expose, transfer } from 'comlink';
import { bundledPath } from '../src/core/catalog';
import type { EngineWorkerApi, EventListener } from '../src/engine/api';
import { createBreath } from './breathe';
import { createSharedWish } from '../src/engine/run/shared-wish';
import { Engine } from '../src/engine/engine';
import { createRuntime } from '../src/platform/gpu/create-runtime';
import { createWorkerProbe } from '../src/platform/gpu/self-test/worker-probe';
import { picturePixels } from '../src/platform/library/picture-embeddings';
import { createFetchFiles } from '../src/platform/net/fetch-files';
import { createCallStore } from '../src/platform/storage/call-store';
import { createExaminationStore } from '../src/platform/storage/examination-store';
import { createTrialStore } from '../src/platform/storage/trial-store';
import { createPackStore } from '../src/platform/storage/pack-store';
import { createClipTokenizer } from '../src/platform/text/clip-tokenizer';
import { loadShippedTokenizer } from '../src/platform/text/shipped-tokenizer';

const examinations = createExaminationStore();
const probe = createWorkerProbe(
  () => new Worker(new URL('./self-test.worker.ts', import.meta.url), { type: 'module', name: 'self-test' }),
);

/** Told how the runtime comes in. */
let onOpening: EventListener | undefined;

const wish = createSharedWish();

const engine = new Engine({
  createRuntime: (choice, { examineAgain: again, needs } = {}) =>
    createRuntime(choice, {
      examiner: {
        ...{ probe, examinations, needs, onTesting: () => onOpening?.({ type: 'stage', stage: 'testing' }) },
        ...(again && { again }),
      },
      onFetch: (loadedBytes, totalBytes) => onOpening?.({ type: 'loading', file: 'runtime', loadedBytes, totalBytes }),
    }),
  createFiles: (model, baseUrl) => createFetchFiles(new URL(bundledPath(model) ?? '', baseUrl).href),
  packs: createPackStore(),
  createTokenizer: createClipTokenizer,
  createClipTokenizer: (padding, baseUrl) => loadShippedTokenizer(padding, createFetchFiles(baseUrl).open),
  decodePicture: picturePixels,
  calls: createCallStore(),
  trials: createTrialStore(),
  onDevice: (device) => onOpening?.({ type: 'device', device }),
  wish,
  now: () => performance.now(),
  breathe: createBreath(() => performance.now()),
  rest: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
});

const face: EngineWorkerApi = {
  // Held until the worker is gone, however it ends: also while it is too busy to answer.
  live: (lock) =>
    new Promise((resolve, reject) => {
      navigator.locks.request(lock, () => new Promise(() => resolve())).catch(reject);
    }),
  watch: (buffer) => {
    wish.watch(buffer);
    return Promise.resolve();
  },
  open: (setup, onEvent) => {
    onOpening = onEvent;
    return engine.open(setup);
  },
  examine: (setup) => {
    // Whoever listened to the last opening has heard all of it.
    onOpening = undefined;
    return engine.examine(setup);
  },
  load: (model, onEvent, shape) => engine.load(model, onEvent, shape),
  generate: async (request, model, onEvent, inputs) => {
    const picture = await engine.generate(request, model, onEvent, inputs);
    return transfer(picture, [picture.pixels.data.buffer]);
  },
  run: async (workflow, inputs, onEvent) => {
    const result = await engine.run(workflow, inputs, onEvent);
    // The engine may keep them for the next run, and one may stand there twice: a buffer that was handed over is gone.
    const images = result.images.map((image) => ({ ...image, data: image.data.slice() }));
    return transfer(
      { ...result, images },
      images.map(({ data }) => data.buffer),
    );
  },
  cancel: () => engine.cancel(),
  countTokens: (text, model, reading) => engine.countTokens(text, model, reading),
};

expose(face);
