/** Opens and makes packs in a real browser; the spec calls it by name. */
import { bytesSyncSource } from '../../src/core/formats';
import { importCheckpoint, parsePack, type DtypePlanId, type Pack } from '../../src/core/packs';
import { memoryPacks } from '../../src/core/packs/testing/memory-packs';
import { smallModel, type SmallFamily } from '../../src/core/packs/testing/small-models';
import { createRuntime } from '../../src/platform/gpu/create-runtime';
import { runComponents } from './run-components';

declare global {
  interface Window {
    /** @param folder  address of a pack's folder @returns what its components compute */
    runHosted(folder: string, provider: 'webgpu' | 'wasm'): Promise<Record<string, number[]>>;
    /** @returns the pack.json of what an import makes here */
    packHere(family: SmallFamily, plan: DtypePlanId): Promise<Pack>;
  }
}

let runtime: ReturnType<typeof createRuntime> | undefined;

window.runHosted = async (folder, provider) => {
  const fetched = (file: string): Promise<Response> => fetch(`${folder}/${file}`);
  const pack = parsePack(folder, await (await fetched('pack.json')).json());
  const shard = async (file: string) =>
    bytesSyncSource(file, new Uint8Array(await (await fetched(file)).arrayBuffer()));
  return runComponents({ pack, shard }, await (runtime ??= createRuntime(provider)));
};

window.packHere = async (family, plan) => {
  const draft = memoryPacks().create(family);
  const sources = smallModel(family, 'true');
  return importCheckpoint({ sources, id: family, name: family, plan, draft, onProgress: () => undefined });
};
