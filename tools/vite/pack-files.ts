/**
 * Packs with gzip what hosts send as it is: ONNX Runtime's .wasm, and the starter's weights. The page unpacks them
 * (src/platform/net), so that the first visit is as small on every host.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';
import type { Pack } from '../../src/core/packs';
import type { Flavour, PackedFile, PackedFiles } from '../../src/platform/net/packed-files';
import { CACHE, ROOT } from '../lib/paths.mjs';

const FLAVOURS: readonly Flavour[] = ['jspi', 'asyncify'];
const STARTER = 'models/starter/';
/** The same as in src/platform/net/packed-files.ts, which needs a browser. */
const PACKED_FOLDER = 'packed/';

/** What no picture made of words alone needs. */
const NEEDED_LATER = ['vae_encoder', 'taesd_encoder'];

interface Gzipped {
  file: string;
  bytes: Buffer;
}

interface Packed {
  /** Packed models by path from the app's address. */
  models: Map<string, Gzipped>;
  runtime: Map<Flavour, Gzipped>;
  /** Bytes that the starter downloads for its first picture, as packed. */
  downloadBytes: number;
}

export function packFiles(): Plugin {
  let packed: Packed;
  return {
    name: 'pack-files',
    apply: 'build',
    enforce: 'pre',
    config() {
      packed = pack();
      return { define: { 'import.meta.env.GESSO_PACKED': JSON.stringify(listed(packed)) } };
    },
    /** The bar counts what really comes. */
    transform(code, id) {
      if (!id.endsWith('/models-manifest.json')) return undefined;
      const manifest = JSON.parse(code) as { models: { source: { path?: string }; downloadBytes: number }[] };
      const starter = manifest.models.find(({ source }) => source.path === STARTER);
      if (!starter) throw new Error(`models-manifest.json has no model at ${STARTER}.`);
      starter.downloadBytes = packed.downloadBytes;
      return { code: JSON.stringify(manifest), map: null };
    },
    writeBundle({ dir = '' }) {
      const assets = join(dir, 'assets');
      // The runtime's own scripts name them; nothing asks for them.
      for (const name of readdirSync(assets)) if (/^ort-.*\.wasm$/.test(name)) rmSync(join(assets, name));
      for (const path of packed.models.keys()) rmSync(join(dir, path));
      mkdirSync(join(dir, PACKED_FOLDER), { recursive: true });
      for (const { file, bytes } of [...packed.runtime.values(), ...packed.models.values()])
        writeFileSync(join(dir, PACKED_FOLDER, file), bytes);
    },
  };
}

function pack(): Packed {
  const folder = join(ROOT, 'public', STARTER);
  const models = new Map([[`${STARTER}pack.json`, gzip(join(folder, 'pack.json'))]]);
  const { components } = JSON.parse(readFileSync(join(folder, 'pack.json'), 'utf8')) as Pack;
  let downloadBytes = 0;
  for (const [component, { shards }] of Object.entries(components))
    for (const { file } of shards) {
      const packed = gzip(join(folder, file));
      models.set(STARTER + file, packed);
      if (!NEEDED_LATER.includes(component)) downloadBytes += packed.bytes.length;
    }
  const require = createRequire(import.meta.url);
  const wasm = (flavour: Flavour): string => require.resolve(`onnxruntime-web/ort-wasm-simd-threaded.${flavour}.wasm`);
  const runtime = new Map(FLAVOURS.map((flavour) => [flavour, gzip(wasm(flavour))]));
  return { models, runtime, downloadBytes };
}

function listed({ models, runtime }: Packed): PackedFiles {
  const list = (all: Map<string, Gzipped>): Record<string, PackedFile> =>
    Object.fromEntries([...all].map(([key, { file, bytes }]) => [key, { file, bytes: bytes.length }]));
  return { runtime: list(runtime), files: list(models) };
}

const hash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Kept between builds: level 9 takes some seconds for the runtime. */
function gzip(path: string): Gzipped {
  const bytes = readFileSync(path);
  const folder = join(CACHE, 'gzip');
  const digest = hash(bytes);
  const kept = join(folder, `${digest}.gz`);
  if (!existsSync(kept)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(kept, gzipSync(bytes, { level: 9 }));
  }
  // Many servers, ours too, send a `.gz` as unpacked on the way; the page keeps only what it can check by gzip's own sum.
  return { file: `${basename(path)}-${digest.slice(0, 8)}.gzip`, bytes: readFileSync(kept) };
}
