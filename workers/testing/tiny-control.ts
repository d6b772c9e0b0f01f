/** Tiny ControlNets and adapters of the fixtures, imported as a person would import their files. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { ControlEntry } from '../../src/core/catalog';
import { bytesSource } from '../../src/core/formats';
import { importCheckpoint, type DtypePlanId } from '../../src/core/packs';
import { roleOf, type ComponentId } from '../../src/core/networks/components';
import { memoryPacks, type MemoryPacks } from '../../src/core/packs/testing/memory-packs';
import type { PaintingWith } from '../../src/engine/testing/paint-with';
import { createNodeRuntime } from './node-ports';

/** @param folders  of src/engine/fixtures/pipelines */
export async function openTinyControls(
  folders: readonly string[],
  plan: DtypePlanId = 'float32',
): Promise<NonNullable<PaintingWith['controls']>> {
  const store = memoryPacks();
  const entries: ControlEntry[] = [];
  for (const folder of folders) entries.push(await importTinyControl(folder, { store, plan }));
  return { entries, packs: { open: (id) => Promise.resolve(store.open(id)) }, runtime: createNodeRuntime() };
}

/** Puts it into the store under its folder's name. */
export async function importTinyControl(
  folder: string,
  { store, plan }: { store: MemoryPacks; plan: DtypePlanId },
): Promise<ControlEntry> {
  const at = (file: string): string =>
    fileURLToPath(new URL(`../../src/engine/fixtures/pipelines/${folder}/${file}`, import.meta.url));
  const sources = [
    bytesSource('diffusion_pytorch_model.safetensors', await readFile(at('weights.safetensors'))),
    // adapters of pictures are published without
    ...(existsSync(at('config.json')) ? [bytesSource('config.json', await readFile(at('config.json')))] : []),
  ];
  const draft = store.create(folder);
  const common = { id: folder, name: folder };
  const { components } = await importCheckpoint({ ...common, sources, plan, draft, onProgress: () => undefined });
  const isTower = roleOf(Object.keys(components)[0] as ComponentId) === 'vision';
  return { ...common, source: { kind: 'imported' }, downloadBytes: 0, ...(isTower && { isTower }) };
}
