/** The starter's files, their bytes damaged in one way at a time. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { ROOT } from '../../tools/lib/paths.mjs';

const STARTER = join(ROOT, 'public', 'models', 'starter');

/** One tensor as a safetensors header describes it. */
interface TensorEntry {
  dtype: string;
  shape: number[];
  data_offsets: [number, number];
}
export type Header = Record<string, TensorEntry>;

export function readModelFile(path: string): Buffer {
  return readFileSync(join(STARTER, path));
}

const LENGTH_BYTES = 8;

/** The same file with its header changed; the data stays where it is. */
export function withHeader(file: Buffer, change: (header: Header) => void): Buffer {
  const length = Number(file.readBigUInt64LE(0));
  const header = JSON.parse(file.toString('utf8', LENGTH_BYTES, LENGTH_BYTES + length)) as Header;
  change(header);
  const text = Buffer.from(JSON.stringify(header));
  return Buffer.concat([lengthBytes(text.length), text, file.subarray(LENGTH_BYTES + length)]);
}

/** The same file with some bytes of one tensor overwritten. */
export function withTensorBytes(file: Buffer, name: string, bytes: Buffer): Buffer {
  const length = Number(file.readBigUInt64LE(0));
  const header = JSON.parse(file.toString('utf8', LENGTH_BYTES, LENGTH_BYTES + length)) as Header;
  const copy = Buffer.from(file);
  bytes.copy(copy, LENGTH_BYTES + length + entryOf(header, name).data_offsets[0]);
  return copy;
}

export function entryOf(header: Header, name: string): TensorEntry {
  const entry = header[name];
  if (!entry) throw new Error(`the starter has no tensor ${name}`);
  return entry;
}

export function lengthBytes(length: number | bigint): Buffer {
  const bytes = Buffer.alloc(LENGTH_BYTES);
  bytes.writeBigUInt64LE(BigInt(length));
  return bytes;
}

/** Serves these bytes instead of a model file until `repairFile`. */
export async function damageFile(page: Page, path: string, body: Buffer): Promise<void> {
  await page.route(`**/models/starter/${path}`, (route) =>
    route.fulfill({ body, contentType: 'application/octet-stream' }),
  );
}

export async function repairFile(page: Page, path: string): Promise<void> {
  await page.unroute(`**/models/starter/${path}`);
}
