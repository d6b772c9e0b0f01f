/** The starter in half precision, `tools/starter/model`, becomes the 8-bit pack of the app, `public/models/starter`. */
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { importCheckpoint, type DtypePlanId, type Pack, type PackDraft } from '../../src/core/packs';
import { ROOT, STARTER_MODEL, STARTER_PACK } from '../lib/paths.mjs';
import { PACK_FILE } from './folder-packs';
import { openSources } from '../../src/core/testing/open-sources';

export const STARTER_PLAN: DtypePlanId = 'q8';
const MANIFEST = join(ROOT, 'models-manifest.json');

/** @param folder  as tools/starter/export.py and latent_rgb.py leave it: diffusers layout, reference.json, gesso.json, examples.webp */
export function takeModel(folder: string): void {
  rmSync(STARTER_MODEL, { recursive: true, force: true });
  for (const name of ['model_index.json', 'scheduler', 'text_encoder', 'tokenizer', 'unet', 'vae'])
    cpSync(join(folder, name), join(STARTER_MODEL, name), { recursive: true });
  for (const name of ['gesso.json', 'examples.webp']) cpSync(join(folder, name), join(STARTER_PACK, name));
  cpSync(join(folder, 'reference.json'), join(ROOT, 'tools/starter/fixtures/reference.json'));
}

/** Writes pack and sizes. @returns what was written, in words */
export async function shipStarter(): Promise<string> {
  const files = await packStarter();
  for (const name of readdirSync(STARTER_PACK)) if (/\.bin$/.test(name)) rmSync(join(STARTER_PACK, name));
  let bytes = 0;
  for (const [name, content] of files) {
    writeFileSync(join(STARTER_PACK, name), content);
    bytes += content.length;
  }
  const text = readFileSync(MANIFEST, 'utf8');
  const field = (key: string): RegExp => new RegExp(`("id": "starter",[^]*?"${key}": )\\d+`);
  const sized = text.replace(field('downloadBytes'), `$1${bytes}`).replace(field('storedBytes'), `$1${bytes}`);
  writeFileSync(MANIFEST, sized);
  return `${STARTER_PACK}: ${STARTER_PLAN}, ${(bytes / 1e6).toFixed(2)} MB in ${files.size} files`;
}

/** Files of the pack by name, the same ones from the same model. */
export async function packStarter(): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  const draft: PackDraft = {
    addShard: (file, bytes) => Promise.resolve(void files.set(file, bytes.slice())),
    commit: (pack: Pack) => Promise.resolve(void files.set(PACK_FILE, new TextEncoder().encode(JSON.stringify(pack)))),
    abort: () => Promise.resolve(files.clear()),
  };
  const { sources, dispose } = await openSources(STARTER_MODEL);
  try {
    const onProgress = (): void => undefined;
    await importCheckpoint({ sources, id: 'starter', name: 'Gesso starter', plan: STARTER_PLAN, draft, onProgress });
    return files;
  } finally {
    await dispose();
  }
}
