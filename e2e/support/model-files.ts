/** The starter's files, their bytes damaged in one way at a time. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import type { Pack, PackComponent } from '../../src/core/packs';
import type { ComponentId } from '../../src/core/networks/components';
import { STARTER_PACK } from '../../tools/lib/paths.mjs';

export function readModelFile(path: string): Buffer {
  return readFileSync(join(STARTER_PACK, path));
}

/** The same pack.json, changed. */
export function withPack(file: Buffer, change: (pack: Pack) => void): Buffer {
  const pack = JSON.parse(file.toString('utf8')) as Pack;
  change(pack);
  return Buffer.from(JSON.stringify(pack));
}

export function componentOf(pack: Pack, id: ComponentId): PackComponent {
  const component = pack.components[id];
  if (!component) throw new Error(`the starter has no ${id}`);
  return component;
}

/** The build has packed it; what arrives unpacked is taken as it is, so that damage need not be packed again. */
export const addressOf = (path: string): string => `**/packed/${path}-*.gzip`;

/** Serves these bytes instead of a model file until `repairFile`. */
export async function damageFile(page: Page, path: string, body: Buffer): Promise<void> {
  await page.route(addressOf(path), (route) => route.fulfill({ body, contentType: 'application/octet-stream' }));
}

export async function repairFile(page: Page, path: string): Promise<void> {
  await page.unroute(addressOf(path));
}
