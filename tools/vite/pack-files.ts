/**
 * Packs what hosts send as it is: ONNX Runtime's .wasm with Zstandard, the starter's weights with gzip (Zstandard makes them no
 * smaller). The page unpacks them (src/platform/net), so that the first visit is as small on every host. Scripts and styles lie there
 * with gzip too: the service worker takes those that the page has not fetched itself (workers/keep-texts.ts).
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { crc32, gzipSync } from 'node:zlib';
import { compress, init } from '@bokuweb/zstd-wasm';
import type { Plugin } from 'vite';
import { splitPlanes, type Numbers } from '../../src/core/bytes/planes';
import type { Pack, StoredWeight } from '../../src/core/packs';
import type { Flavour, PackedFile, PackedFiles } from '../../src/platform/net/packed-files';
import { CACHE, ROOT } from '../lib/paths.mjs';

const FLAVOURS: readonly Flavour[] = ['jspi', 'asyncify'];
const STARTER = 'models/starter/';
const UPSCALER = 'models/upscaler/';
/** The same as in src/platform/net/packed-files.ts, which needs a browser. */
const PACKED_FOLDER = 'packed/';
const PACKED_TEXTS = `${PACKED_FOLDER}texts/`;

/** What no picture made of words alone needs. */
const NEEDED_LATER = ['vae_encoder', 'taesd_encoder'];

interface Packing {
  /** Extension: none that servers know, for many undo `.gz` and `.zst` on the way. */
  name: string;
  level: number;
  pack(bytes: Buffer, level: number): Uint8Array;
  /** The unpacker checks a sum that the file brings along. */
  checksItself: boolean;
}

const GZIP: Packing = {
  name: 'gzip',
  level: 9,
  pack: (bytes, level) => gzipSync(bytes, { level }),
  checksItself: true,
};
/** 2.8 MB of the runtime's 16.8, where gzip leaves 4.1. Level 22 would save 0.6 % for half as much time again. */
const ZSTANDARD: Packing = { name: 'zstd', level: 19, pack: compress, checksItself: false };

type PackedBytes = Omit<PackedFile, 'bytes'> & { bytes: Buffer };

interface Packed {
  /** Packed models by path from the app's address. */
  models: Map<string, PackedBytes>;
  runtime: Map<Flavour, PackedBytes>;
  /** Bytes that the starter downloads for its first picture, as packed. */
  downloadBytes: number;
}

export function packFiles(): Plugin {
  let packed: Packed;
  return {
    name: 'pack-files',
    apply: 'build',
    enforce: 'pre',
    async config() {
      packed = await pack();
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
      packTexts(assets, join(dir, PACKED_TEXTS));
    },
  };
}

function packTexts(assets: string, folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(assets).filter((name) => /\.(js|css)$/.test(name)))
    writeFileSync(join(folder, `${name}.${GZIP.name}`), gzipSync(readFileSync(join(assets, name)), { level: 9 }));
}

async function pack(): Promise<Packed> {
  await init();
  const models = new Map([[`${STARTER}pack.json`, packFile(join(ROOT, 'public', STARTER, 'pack.json'), GZIP)]]);
  let downloadBytes = 0;
  for (const { component, path, bytes } of packShards(STARTER)) {
    models.set(path, bytes);
    if (!NEEDED_LATER.includes(component)) downloadBytes += bytes.bytes.length;
  }
  for (const { path, bytes } of packShards(UPSCALER)) models.set(path, bytes);
  const require = createRequire(import.meta.url);
  const wasm = (flavour: Flavour): string => require.resolve(`onnxruntime-web/ort-wasm-simd-threaded.${flavour}.wasm`);
  const runtime = new Map(FLAVOURS.map((flavour) => [flavour, packFile(wasm(flavour), ZSTANDARD)]));
  return { models, runtime, downloadBytes };
}

/** Weights in planes, where their numbers have several bytes: 4 % less of the starter, 13 % less of the upscaler. */
function packShards(model: string): { component: string; path: string; bytes: PackedBytes }[] {
  const folder = join(ROOT, 'public', model);
  const { components } = JSON.parse(readFileSync(join(folder, 'pack.json'), 'utf8')) as Pack;
  return Object.entries(components).flatMap(([component, { shards, weights }]) =>
    shards.map(({ file }, shard) => {
      const numbers = Object.values(weights).flatMap((weight) => numbersOf(weight, shard));
      const split = (bytes: Buffer): Uint8Array => splitPlanes(bytes, numbers);
      return { component, path: model + file, bytes: { ...packFile(join(folder, file), GZIP, split), isSplit: true } };
    }),
  );
}

/** Bytes of a number, by form; scales are float32. */
const FLOAT32 = 4;
const SIZES: Readonly<Record<string, number>> = { float16: 2, float32: FLOAT32 };

function numbersOf(weight: StoredWeight, shard: number): Numbers[] {
  const parts = [
    { part: weight.data, size: SIZES[weight.form] },
    { part: 'scales' in weight ? weight.scales : undefined, size: FLOAT32 },
  ];
  return parts.flatMap(({ part, size }) =>
    part?.shard === shard && size !== undefined ? { offset: part.offset, length: part.byteLength, size } : [],
  );
}

function listed({ models, runtime }: Packed): PackedFiles {
  const list = (all: Map<string, PackedBytes>): Record<string, PackedFile> =>
    Object.fromEntries([...all].map(([key, { bytes, ...facts }]) => [key, { ...facts, bytes: bytes.length }]));
  return { runtime: list(runtime), files: list(models) };
}

const hash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Kept between builds: the two flavours of the runtime take half a minute. */
function packFile(path: string, packing: Packing, split?: (bytes: Buffer) => Uint8Array): PackedBytes {
  const { name, level, pack, checksItself } = packing;
  const plain = readFileSync(path);
  const bytes = split ? Buffer.from(split(plain)) : plain;
  const folder = join(CACHE, 'packed');
  const digest = hash(bytes);
  const kept = join(folder, `${digest}-${level}.${name}`);
  if (!existsSync(kept)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(kept, pack(bytes, level));
  }
  return {
    file: `${basename(path)}-${digest.slice(0, 8)}.${name}`,
    bytes: readFileSync(kept),
    ...(checksItself ? {} : { crc32: crc32(bytes) }),
  };
}
