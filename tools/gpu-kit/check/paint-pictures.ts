/** Whole pictures of the built-in model through the app's own engine, against those of torch, diffusers and k-diffusion. */
import manifest from '../../../models-manifest.json';
import { bundledPath, parseCatalog, type ModelEntry } from '../../../src/core/catalog';
import type { PictureRow } from '../../../src/core/bench';
import { AppError } from '../../../src/core/errors';
import { bytesSource } from '../../../src/core/formats';
import { psnr } from '../../../src/core/image/testing/psnr';
import { Engine } from '../../../src/engine/engine';
import { openBundledPack } from '../../../src/engine/models/bundled-pack';
import type { ModelFiles, Ports } from '../../../src/engine/ports';
import { createClipTokenizer } from '../../../src/platform/text/clip-tokenizer';
import { goldenRequest, type Golden } from '../../../workers/testing/golden';
import type { CheckHost } from './check-host';
import type { CheckDevice } from './open-device';

/** A reference with its size; its pixels lie beside it, as they are. */
type Sized = Golden & { width: number; height: number };

/** float32 leaves truncation to 8 bits, half precision a level here and there: 61 to 69 and 50 to 57 dB were seen on lavapipe. */
export const MIN_PSNR_DB = { float32: 50, float16: 45 } as const;

const [STARTER] = parseCatalog(manifest).models;
/** The starter treated as people's own models are: computed in half precision, where the built-in one is computed in full on every device. */
const IMPORTED: ModelEntry = { ...STARTER, id: 'imported', source: { kind: 'imported' } };
const MUCH = 24e9;

interface Form {
  entry: ModelEntry;
  /** Said to be there: matrices are then widened. */
  memoryBytes?: number;
}

export interface PicturesHost extends Pick<CheckHost, 'read' | 'now' | 'tell'> {
  onRow(row: PictureRow): void;
}

/** A row for each picture in each form; each is painted twice, for the first compiles. */
export async function paintPictures({ runtime, device }: CheckDevice, host: PicturesHost): Promise<void> {
  const halfPrecision = device.features.has('shader-f16');
  const half: Form[] = [{ entry: IMPORTED }, { entry: IMPORTED, memoryBytes: MUCH }];
  const engine = new Engine(
    createPorts(host, { ...runtime, device: { provider: 'webgpu', adapter: '', halfPrecision } }),
  );
  for (const { entry, memoryBytes } of [{ entry: STARTER }, ...(halfPrecision ? half : [])] satisfies Form[]) {
    await engine.open({ provider: 'webgpu', baseUrl: '', memoryBytes });
    for (const name of await readJson<string[]>(host, 'names')) await paintGolden(engine, { entry, name, host });
  }
}

async function paintGolden(
  engine: Engine,
  { entry, name, host }: { entry: ModelEntry; name: string; host: PicturesHost },
): Promise<void> {
  await host.tell({ type: 'progress', text: `picture, ${name}` });
  try {
    const golden = await readJson<Sized>(host, name);
    const expected = await host.read(`pictures/${name}.rgba`);
    const { width, height } = golden;
    const request = goldenRequest(golden, { model: entry.id, width, height });
    const start = host.now();
    await engine.generate(request, entry, () => undefined);
    const between = host.now();
    const { pixels, timings } = await engine.generate(request, entry, () => undefined);
    const { activations = 'float32', isWidened = false, plan } = timings.model ?? {};
    host.onRow({
      name,
      activations,
      weights: isWidened ? 'widened' : plan,
      firstSeconds: (between - start) / 1000,
      seconds: (host.now() - between) / 1000,
      psnr: psnr(pixels.data, expected),
      limit: MIN_PSNR_DB[activations],
    });
  } catch (thrown) {
    host.onRow({ name, failure: thrown instanceof Error ? thrown.message : String(thrown) });
  }
}

const readJson = async <T>({ read }: Pick<CheckHost, 'read'>, name: string): Promise<T> =>
  JSON.parse(new TextDecoder().decode(await read(`pictures/${name}.json`))) as T;

function createPorts(
  { read, now }: Pick<CheckHost, 'read' | 'now'>,
  runtime: Awaited<ReturnType<Ports['createRuntime']>>,
): Ports {
  const nothing = (): Promise<void> => Promise.resolve();
  const rest = (ms?: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
  const folder = bundledPath(STARTER) ?? '';
  const files: ModelFiles = { open: async (path) => bytesSource(path, await read(`${folder}${path}`)) };
  return {
    // of the kit, which closes it
    createRuntime: () => Promise.resolve({ ...runtime, dispose: nothing }),
    createFiles: () => files,
    packs: {
      open: (id) =>
        id === IMPORTED.id
          ? openBundledPack({ files, name: id, onProgress: () => undefined })
          : Promise.reject(new AppError('missing-file', `${id}: no such pack`)),
    },
    createTokenizer: createClipTokenizer,
    createClipTokenizer: () => Promise.reject(new AppError('missing-file', 'The built-in model brings its own words.')),
    calls: { read: () => Promise.resolve([]), write: nothing, remove: nothing },
    now,
    breathe: () => rest(),
    rest,
  };
}
