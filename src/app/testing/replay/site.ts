/** A site with one pack, over a line that breaks. */
import type { ModelEntry } from '../../../core/catalog';
import { entryWithoutCatalog } from '../../../core/catalog';
import { sha256 } from '../../../core/math';
import type { Pack } from '../../../core/packs';
import type { DownloadPorts } from '../../../platform/net/download-ports';
import { cancelled } from '../../../platform/net/download-ports';
import type { Life, World } from './world';

/** Bytes of a chunk: few, so that each shard of the model has several. */
export const CHUNK_BYTES = 100;
const SIZES = [350, 120, 90];
const BASE = 'https://site.test/model/';

export const SHARDS: ReadonlyMap<string, Uint8Array<ArrayBuffer>> = new Map(
  SIZES.map((size, i) => [`all-${i}.bin`, Uint8Array.from({ length: size }, (_, at) => (at * 7 + i * 31) % 251)]),
);

const PACK: Pack = {
  version: 1,
  ...{ id: 'far', name: 'Far', plan: 'q8', family: 'sd15', scheduler: {}, tokenizer: 'clip' },
  source: { name: 'far.safetensors', byteLength: 560, layout: 'diffusers' },
  components: {
    unet: {
      config: {},
      weights: {},
      shards: [...SHARDS].map(([file, bytes]) => ({ file, byteLength: bytes.length, sha256: sha256(bytes) })),
      onnx: { graph: { shard: 0, offset: 0, byteLength: 350 }, tensors: [] },
    },
  },
};

export const FAR: ModelEntry = {
  ...entryWithoutCatalog('far', 'Far', 'sd15', {
    source: { kind: 'pack', url: `${BASE}pack.json` },
    downloadBytes: 560,
  }),
  storedBytes: 560,
};

/** The network of one worker. */
export function createLine(world: World, life: Life): DownloadPorts {
  const later = <T>(ms: number, give: () => T): Promise<T> =>
    new Promise((resolve) => void world.after(ms, () => resolve(give())));
  const ports: DownloadPorts = {
    now: () => world.now,
    random: () => world.random(),
    online: () => Promise.resolve(),
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(cancelled());
        const id = world.after(ms, resolve);
        signal.addEventListener('abort', () => (world.forget(id), reject(cancelled())), { once: true });
      }),
    async fetch(url, init) {
      await later(5 + world.random() * 40, () => undefined);
      const luck = world.random();
      if (luck < 0.05) throw new TypeError('Failed to fetch');
      if (luck < 0.08) return answerOf(503, {}, []);
      const name = url.slice(BASE.length);
      const whole = name === 'pack.json' ? new TextEncoder().encode(JSON.stringify(PACK)) : SHARDS.get(name);
      if (!whole) return answerOf(404, {}, []);
      const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(new Headers(init.headers).get('range') ?? '') ?? [];
      const bytes = from === undefined ? whole : whole.subarray(Number(from), Number(to) + 1);
      const range = `bytes ${from}-${Number(from) + bytes.length - 1}/${whole.length}`;
      const half = bytes.length >> 1;
      const pieces = [bytes.slice(0, half), luck < 0.12 ? undefined : bytes.slice(half)];
      return answerOf(
        from === undefined ? 200 : 206,
        from === undefined ? {} : { 'content-range': range },
        pieces,
        () => later(5 + world.random() * 40, () => undefined),
      );
    },
  };
  return life.gate(ports);
}

/** @param pieces  undefined: the line breaks */
function answerOf(
  status: number,
  headers: Record<string, string>,
  pieces: readonly (Uint8Array | undefined)[],
  rest: () => Promise<void> = () => Promise.resolve(),
): Response {
  const left = pieces.values();
  async function read(): Promise<{ done: boolean; value?: Uint8Array }> {
    await rest();
    const { done, value } = left.next();
    if (done) return { done: true };
    if (!value) throw new TypeError('network error');
    return { done: false, value };
  }
  const body = { getReader: () => ({ read }) };
  return { status, statusText: '', ok: status < 300, headers: new Headers(headers), body } as unknown as Response;
}
