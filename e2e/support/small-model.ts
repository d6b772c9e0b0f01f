/** A small model that a hub offers, and the library's sheet that it is got in. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import * as app from '../../tools/lib/drive-app.mjs';
import { STARTER_MODEL } from '../../tools/lib/paths.mjs';
import { expect } from './app';
import { createHub, type Hub } from '../../src/platform/net/testing/hub-server';

/** The built-in model in the hub's layout, as a stranger's repository: its pictures can be judged. */
export const STARTER = STARTER_MODEL;
export const FILES = readdirSync(STARTER, { recursive: true, encoding: 'utf8' }).filter((path) =>
  /\.(json|safetensors)$/.test(path),
);
export const REPO = 'someone/small-model';

/** A catalogue that a person adds by its address. */
export const ENTRY = {
  id: 'small-model',
  name: 'Small model',
  description: 'Small drawings.',
  licence: { name: 'MIT', url: 'https://example.org/licence', commercialUse: 'allowed' },
  source: { kind: 'hub', repo: REPO, revision: 'main', files: FILES },
  family: 'starter',
  plan: 'float32',
  downloadBytes: 25_100_000,
  storedBytes: 50_200_000,
  defaults: { sampler: 'euler', schedule: 'sgm_uniform', steps: 8, cfgScale: 4, width: 128, height: 128 },
  size: { min: 128, max: 128, step: 32 },
  suggestions: ['a red apple'],
};

export function createModelHub(entry: object = ENTRY): Promise<Hub> {
  const files = FILES.map((path) => [`${REPO}/${path}`, readFileSync(join(STARTER, path))] as const);
  const catalogue = { version: 1, models: [entry] };
  return createHub({ ...Object.fromEntries(files), 'site/catalogue.json': Buffer.from(JSON.stringify(catalogue)) });
}

export const sheet = (page: Page): Locator => page.getByRole('dialog', { name: 'Models' });
export const row = (page: Page, name = ENTRY.name): Locator => sheet(page).getByRole('article', { name, exact: true });
export const get = (page: Page, name = ENTRY.name): Promise<void> =>
  row(page, name).getByRole('button', { name: /^Get/ }).click();
export const use = (page: Page, name = ENTRY.name): Locator => row(page, name).getByRole('button', { name: /^Use/ });

export async function openLibrary(page: Page, hub: Hub): Promise<void> {
  await page.goto('./?provider=wasm');
  await app.button(page, 'Models').first().click();
  await sheet(page).getByLabel('Download from').fill(hub.url);
  await sheet(page).getByLabel('Download from').press('Tab');
}

/** Types it into the field for names and addresses. */
export async function addByAddress(page: Page, address: string): Promise<void> {
  await sheet(page).getByLabel('Name or address of a model').fill(address);
  await sheet(page).getByRole('button', { name: 'Add', exact: true }).click();
}

export async function addCatalogue(page: Page, hub: Hub): Promise<void> {
  await addByAddress(page, `${hub.cdnUrl}/site/catalogue.json`);
  await expect(row(page)).toBeVisible();
}
