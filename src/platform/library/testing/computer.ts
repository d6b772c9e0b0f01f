/** One computer for tests: its storage in memory, and tabs on it. */
import { browserPorts, cancelled } from '../../net/download-ports';
import { createAdapterStore } from '../../storage/adapter-store';
import { createPackStore } from '../../storage/pack-store';
import { memoryLocks, memoryValues } from '../../storage/testing/memory';
import { Library } from '../library';
import { stubImport } from './stub-import';

/** @param hub  its address; `tab()` is a library in a tab of this computer */
export function createComputer(hub: () => string, { quotaBytes }: { quotaBytes?: number } = {}) {
  const [values, packValues, locks] = [memoryValues(), memoryValues(), memoryLocks()];
  const packs = createPackStore({ values: packValues, locks });
  const adapters = createAdapterStore(memoryValues());
  const download = {
    ...browserPorts,
    online: () => Promise.resolve(),
    sleep: (ms: number, signal: AbortSignal) => {
      if (signal.aborted) return Promise.reject(cancelled());
      return ms >= 30_000 ? browserPorts.sleep(ms, signal) : new Promise<void>((resolve) => setTimeout(resolve));
    },
  };
  const room = () =>
    Promise.resolve({ usedBytes: 0, isPersistent: false, ...(quotaBytes !== undefined && { quotaBytes }) });
  const tab = async (importCheckpoint = stubImport) => {
    const measureDevice = () => Promise.reject(new Error('not asked for here'));
    const announce = (): void => undefined;
    const library = new Library({
      packs,
      adapters,
      values,
      locks,
      download,
      room,
      importCheckpoint,
      measureDevice,
      announce,
    });
    const snapshots = [await library.open({ hub: hub() }, (snapshot) => void snapshots.push(snapshot))];
    return { library, snapshots, now: () => library.open({ hub: hub() }, () => undefined) };
  };
  const shard = async (id: string) => {
    const { shards } = await packs.blobs(id);
    return Buffer.from((await shards[0]?.blob.arrayBuffer()) ?? []);
  };
  return { tab, values, packValues, packs, shard };
}
