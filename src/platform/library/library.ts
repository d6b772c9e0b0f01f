/** The library behind the worker's face: downloads, imports, and what is on this computer. One transfer a model, any number at once. */
import { entryWithoutCatalog, HUB, type DeviceFacts, type FoundModels, type ModelEntry } from '../../core/catalog';
import type { Pack } from '../../core/packs';
import type { LibraryApi, LibrarySnapshot, PickedFile } from '../../engine/library-api';
import { assertRoom } from '../storage/quota';
import { isAddOnFile, sortPicked, storeAddOn } from './add-ons';
import { checkEntry } from './check-entry';
import { bytesOf, sourceOf, storedModel } from './describe-pack';
import { fetchJob } from './fetch-job';
import type { PickedModel } from './group-files';
import { DEFAULT_PLAN, importModel } from './import-model';
import { createJobs, type LibraryJob, type Jobs } from './jobs';
import { lookUp } from './look-up';
import { openPicked, ownPlace, withOwnName } from './own-place';
import { planJob } from './plan-job';
import type { LibraryPorts } from './ports';
import { storePack } from './store-pack';
import { writeTar } from './tar';
import type { Task } from './task';
import { Transfers } from './transfers';

/** The page is told at most so often. */
const REPORT_MS = 200;

const idOf = ({ id }: ModelEntry): string => id;

export class Library implements LibraryApi {
  readonly #ports: LibraryPorts;
  readonly #jobs: Jobs;
  readonly #transfers: Transfers;
  #hub = HUB;
  #onChange: (snapshot: LibrarySnapshot) => void = () => undefined;
  #isTelling = false;
  #facts: Promise<DeviceFacts> | undefined;
  /** Read when something was stored or deleted, not at each step of a transfer: the records hold all weights' names. */
  #stored: Promise<Pick<LibrarySnapshot, 'models' | 'adapters'>> | undefined;

  constructor(ports: LibraryPorts) {
    this.#ports = ports;
    this.#jobs = createJobs(ports.values);
    this.#transfers = new Transfers({
      ...{ ports, jobs: this.#jobs },
      onChange: () => this.#changed(),
      onProgress: () => this.#tell(),
      onOtherTab: () => this.refresh(),
    });
  }

  async open({ hub }: { hub: string }, onChange: (snapshot: LibrarySnapshot) => void): Promise<LibrarySnapshot> {
    this.#hub = hub;
    this.#onChange = onChange;
    const snapshot = await this.#snapshot();
    void this.#sweep();
    return snapshot;
  }

  /** The page need not wait for it. */
  async #sweep(): Promise<void> {
    try {
      const bytes = await this.#ports.packs.sweep();
      await this.#jobs.sweep();
      if (bytes > 0) this.#tell();
    } catch (error) {
      console.warn('What broken imports have left could not be removed.', error);
    }
  }

  useHub(hub: string): void {
    this.#hub = hub;
  }

  /** Another tab has changed something. */
  refresh(): void {
    this.#stored = undefined;
    this.#tell();
  }

  download(entry: ModelEntry): Promise<void> {
    return this.#transfers.run({ id: entry.id, name: entry.name, canPause: true }, async (task) => {
      const job =
        (await this.#jobs.get(entry.id)) ??
        (await planJob(entry, { ...this.#hubOptions(task.signal), onWait: (reason, ms) => task.wait(reason, ms) }));
      await this.#assertRoom(job);
      await this.#jobs.put(job);
      const partNames = job.files.map((_, i) => this.#jobs.partName(entry.id, i));
      const files = await fetchJob(job, partNames, this.#hub, this.#ports, task);
      task.enter('importing');
      const [first] = files;
      const picked = first && { path: nameIn(entry, first.name), file: first.blob };
      if (!job.pack && files.length === 1 && picked && (await isAddOnFile(picked))) {
        await this.#storeAddOn({ ...entry, picked, all: [] }, task);
        await this.#jobs.deleteEntry(entry.id);
      } else if (job.pack)
        await storePack({ ...job.pack, id: entry.id, name: entry.name }, files, this.#ports.packs, task);
      else if ((await importModel({ entry, files, task, source: sourceOf(job) }, this.#ports)).role)
        await this.#jobs.deleteEntry(entry.id);
      await this.#jobs.delete(entry.id);
    });
  }

  async pause(id: string): Promise<void> {
    await this.#transfers.stop(id, 'pause');
  }

  async cancel(id: string): Promise<void> {
    await this.#transfers.stop(id, 'cancel');
    this.#transfers.forget(id);
    await this.#jobs.delete(id);
    this.#changed();
  }

  async importFiles(files: PickedFile[], plan: string = DEFAULT_PLAN): Promise<string[]> {
    const { addOns, models } = await sortPicked(files);
    const failures: unknown[] = [];
    const ids: string[] = [];
    for (const picked of models) {
      const model = await ownPlace(picked, await this.#packs(), (await this.#jobs.entries()).map(idOf));
      await this.#transfers
        .run({ id: model.id, name: model.name, canPause: false }, (task) => this.#importPicked(model, plan, task))
        .then(
          () => ids.push(model.id),
          (error: unknown) => failures.push(error), // the others can be fine
        );
    }
    for (const picked of addOns) {
      const name = picked.path.slice(picked.path.lastIndexOf('/') + 1);
      await this.#transfers
        .run({ id: `file-${picked.path}`, name, canPause: false }, async (task) => {
          await this.#assertRoomFor(picked.file.size, name);
          // What lies beside it is known by its whole path.
          const whole = files.find(({ file }) => file === picked.file) ?? picked;
          ids.push(await this.#storeAddOn({ picked: whole, all: files }, task));
        })
        .catch((error: unknown) => failures.push(error));
    }
    // Where some came, the others tell of it in their transfers.
    if (ids.length === 0 && failures.length > 0) throw failures[0];
    return ids;
  }

  adapterFiles(ids: string[]): Promise<Blob[]> {
    return Promise.all(ids.map((id) => this.#ports.adapters.file(id)));
  }

  adapterPreview(id: string): Promise<Blob | undefined> {
    return this.#ports.adapters.preview(id);
  }

  async #storeAddOn(
    adding: { picked: PickedFile; all: readonly PickedFile[] } & Pick<ModelEntry, 'triggerWords' | 'promptName'>,
    task: Task,
  ): Promise<string> {
    const packs = [...(await this.#packs()), ...((await this.#ports.builtInPacks?.()) ?? [])];
    const onProgress = (done: number, total: number): void => task.progress('importing', done, total);
    const { picked, all, triggerWords, promptName } = adding;
    const about = { picked, all, triggerWords, promptName, packs };
    return storeAddOn(this.#ports.adapters, { ...about, signal: task.signal, onProgress });
  }

  async #packs(): Promise<Pack[]> {
    return (await this.#ports.packs.list()).map(({ pack }) => pack);
  }

  async delete(id: string): Promise<void> {
    await this.cancel(id);
    await this.#ports.packs.delete(id);
    await this.#ports.adapters.delete(id);
    await this.#jobs.deleteEntry(id);
    this.#changed();
  }

  async export(id: string): Promise<Blob> {
    const { pack, shards } = await this.#ports.packs.blobs(id);
    const json = new Blob([JSON.stringify(pack)], { type: 'application/json' });
    return writeTar([{ path: 'pack.json', blob: json }, ...shards.map(({ file, blob }) => ({ path: file, blob }))]);
  }

  lookUp(address: string): Promise<FoundModels> {
    return lookUp(address, this.#askOptions());
  }

  async add(entries: ModelEntry[]): Promise<ModelEntry[]> {
    const options = this.#askOptions();
    const checked = await Promise.all(
      entries.map((entry) => (isDescribed(entry) ? entry : checkEntry(entry, options))),
    );
    const named: ModelEntry[] = [];
    const others = [...(await this.#packs()), ...(await this.#jobs.entries())];
    for (const entry of checked) named.push(withOwnName(entry, [...others, ...named]));
    for (const entry of named) await this.#jobs.putEntry(entry);
    this.#changed();
    return named;
  }

  measureDevice(): Promise<DeviceFacts> {
    this.#facts ??= this.#ports.measureDevice();
    return this.#facts;
  }

  async #importPicked(picked: PickedModel, plan: string, task: Task): Promise<void> {
    const { id, name, title, files } = picked;
    const bytes = files.reduce((sum, { file }) => sum + file.size, 0);
    await this.#assertRoomFor(bytes, id);
    task.progress('importing', 0, bytes);
    const { files: fetched, pack } = await openPicked(picked);
    if (pack) {
      await storePack({ ...pack, id, ...(title !== undefined && { name: title }) }, fetched, this.#ports.packs, task);
    } else {
      const entry = newEntry(id, name, { kind: 'imported' });
      const { family, role } = await importModel(
        { entry: { ...entry, plan }, files: fetched, task, source: {} },
        this.#ports,
      );
      if (role) return; // an upscaler, a VAE, a text encoder or a ControlNet: found by its pack
      await this.#jobs.putEntry(entryWithoutCatalog(id, name, family, { source: entry.source, downloadBytes: bytes }));
    }
  }

  async #assertRoom(job: LibraryJob): Promise<void> {
    const total = job.files.reduce((sum, { byteLength = 0 }) => sum + byteLength, 0);
    const { storedBytes = total, id } = job.entry;
    await this.#assertRoomFor(Math.max(0, total - (await this.#transfers.presentBytes(id))) + storedBytes, id);
  }

  async #assertRoomFor(bytes: number, id: string): Promise<void> {
    const others = (await this.#ports.packs.list()).filter(({ pack }) => pack.id !== id);
    const deletable = others.map(({ pack, ownBytes }) => ({ name: pack.name, bytes: ownBytes }));
    assertRoom(bytes, await this.#ports.room(), deletable);
  }

  #hubOptions(signal: AbortSignal) {
    return { ports: this.#ports.download, signal, hub: this.#hub };
  }

  /** Somebody waits for the answer: few tries, and no waiting for a network. */
  #askOptions() {
    const { ports, ...options } = this.#hubOptions(new AbortController().signal);
    return { ...options, ports: { ...ports, online: () => Promise.resolve() }, tries: 2 };
  }

  #changed(): void {
    this.#stored = undefined;
    this.#ports.announce();
    this.#tell();
  }

  /** Soon, once for many changes. */
  #tell(): void {
    if (this.#isTelling) return;
    this.#isTelling = true;
    this.#ports.download
      .sleep(REPORT_MS, new AbortController().signal)
      .then(() => {
        this.#isTelling = false;
        return this.#snapshot();
      })
      .then(this.#onChange, (error: unknown) => console.warn('The library could not be listed.', error));
  }

  /** Transfers first: what has just come is seen twice rather than not at all. */
  async #snapshot(): Promise<LibrarySnapshot> {
    const transfers = await this.#transfers.list();
    const stored = await this.#listStored();
    return {
      ...stored,
      entries: await this.#jobs.entries(),
      transfers,
      storage: { usedBytes: bytesOf(stored), ...(await this.#ports.room()) },
    };
  }

  #listStored(): Promise<Pick<LibrarySnapshot, 'models' | 'adapters'>> {
    const list = async () => {
      const [packs, adapters] = await Promise.all([this.#ports.packs.list(), this.#ports.adapters.list()]);
      return { models: packs.map(storedModel), adapters };
    };
    this.#stored ??= list().catch((error: unknown) => {
      this.#stored = undefined;
      throw error;
    });
    return this.#stored;
  }
}

/** A catalogue may have a better name than a file that is called as all of its kind are. */
const nameIn = ({ promptName }: ModelEntry, name: string): string =>
  promptName === undefined ? name : promptName + name.slice(name.lastIndexOf('.'));

/** Whether an entry comes from a catalogue, which names family and size of each. */
function isDescribed({ family, source }: ModelEntry): boolean {
  return family !== undefined && !(source.kind === 'url' && source.name !== undefined);
}

function newEntry(id: string, name: string, source: ModelEntry['source']): ModelEntry {
  return entryWithoutCatalog(id, name, undefined, { source });
}
