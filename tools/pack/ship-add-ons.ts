/** LoRA and embedding of the starter, as tools/starter trains them, go into the app with a list of what they are. */
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describeAddOn, modelShapes, stemOf, type OwnModel } from '../../src/core/adapters';
import { bytesSource, openTensorFile } from '../../src/core/formats';
import { isAdapted } from '../../src/core/networks/published/layer-names';
import type { ComponentId } from '../../src/core/networks/components';
import type { Pack } from '../../src/core/packs';
import type { StoredAdapter } from '../../src/engine/library-api';
import { ADD_ONS_FOLDER } from '../../src/platform/library/built-in-adapters';
import { ROOT, STARTER_PACK } from '../lib/paths.mjs';

export const ADD_ONS = join(ROOT, 'public', ADD_ONS_FOLDER);
const LIST = join(ROOT, 'src/platform/library/built-in-adapters.json');
/** Strength in a LoRA's tag. */
const WEIGHT = 0.8;

/** The starter alone: what its files fit. */
function starter(): OwnModel {
  const { id, components } = JSON.parse(readFileSync(join(STARTER_PACK, 'pack.json'), 'utf8')) as Pack;
  const parts = (Object.keys(components) as ComponentId[]).filter(isAdapted);
  return {
    id,
    shapes: () =>
      modelShapes(parts.map((part) => [part, { file: `starter: ${part}`, config: components[part]?.config }])),
  };
}

/** What the library lists of the files in the app, LoRAs first. @throws AppError as `describeAddOn` */
export async function listAddOns(): Promise<StoredAdapter[]> {
  const model = starter();
  const files = readdirSync(ADD_ONS).filter((name) => name.endsWith('.safetensors'));
  const all = await Promise.all(
    files.map(async (fileName): Promise<StoredAdapter> => {
      const bytes = readFileSync(join(ADD_ONS, fileName));
      const facts = await describeAddOn(await openTensorFile(bytesSource(fileName, bytes)), [model]);
      const name = stemOf(fileName);
      return {
        ...facts,
        id: `${facts.kind}-${facts.hashes.sha256.slice(0, 16)}`,
        ...{ name, fileName, bytes: bytes.length, addedAt: 0, isBuiltIn: true },
        ...(facts.kind === 'lora' && { weight: WEIGHT }),
        hasPreview: existsSync(join(ADD_ONS, `${name}.webp`)),
      };
    }),
  );
  return all.sort((a, b) => (a.kind === b.kind ? (a.name < b.name ? -1 : 1) : a.kind === 'lora' ? -1 : 1));
}

/** @param folder  with the .safetensors and their .webp @returns what was written, in words */
export async function shipAddOns(folder?: string): Promise<string> {
  mkdirSync(ADD_ONS, { recursive: true });
  if (folder !== undefined)
    for (const name of readdirSync(folder))
      if (/\.(safetensors|webp)$/.test(name)) copyFileSync(join(folder, name), join(ADD_ONS, basename(name)));
  const all = await listAddOns();
  writeFileSync(LIST, `${JSON.stringify(all, undefined, 2)}\n`);
  const bytes = all.reduce((sum, one) => sum + one.bytes, 0);
  return `${ADD_ONS}: ${all.map(({ name }) => name).join(', ')}, ${bytes} bytes`;
}

export const keptList = (): unknown => JSON.parse(readFileSync(LIST, 'utf8'));
