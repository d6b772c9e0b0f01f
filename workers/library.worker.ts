/** The library's worker: downloads, imports and storage go on while a picture is being made. */
import { expose } from 'comlink';
import { importCheckpoint } from '../src/core/packs';
import type { LibraryApi } from '../src/engine/library-api';
import { measureDevice } from '../src/platform/gpu/measure-device';
import { fetchBuiltIn, withBuiltIn } from '../src/platform/library/built-in-adapters';
import { fetchBuiltInPacks } from '../src/platform/library/built-in-packs';
import { createHashesBeside } from '../src/platform/library/hashes-beside';
import { Library } from '../src/platform/library/library';
import { browserPorts } from '../src/platform/net/download-ports';
import { createAdapterStore } from '../src/platform/storage/adapter-store';
import { createFleetingProbe } from '../src/platform/storage/fleeting';
import { createKeyValue } from '../src/platform/storage/key-value';
import { createLocks } from '../src/platform/storage/locks';
import { createPackStore } from '../src/platform/storage/pack-store';
import { measureRoom } from '../src/platform/storage/quota';

/** Workers lie in a folder of the app. */
const APP = new URL('../', self.location.href).href;

const otherTabs = new BroadcastChannel('gesso-library');

const downloads = createKeyValue('gesso-downloads');
const isFleeting = createFleetingProbe(downloads);

const hashes = createHashesBeside(
  () => new Worker(new URL('./hash.worker.ts', import.meta.url), { type: 'module', name: 'hash' }),
);

const library = new Library({
  packs: createPackStore(),
  adapters: withBuiltIn(createAdapterStore(), fetchBuiltIn(APP)),
  builtInPacks: fetchBuiltInPacks(APP),
  values: downloads,
  locks: createLocks(),
  download: browserPorts,
  room: async () => ({ ...(await measureRoom()), isFleeting: await isFleeting() }),
  importCheckpoint: (input) => importCheckpoint({ ...input, hashes }),
  measureDevice,
  announce: () => otherTabs.postMessage('changed'),
});
otherTabs.onmessage = () => library.refresh();

const face: LibraryApi = {
  open: (setup, onChange) => library.open(setup, onChange),
  useHub: (hub) => library.useHub(hub),
  download: (entry) => library.download(entry),
  pause: (id) => library.pause(id),
  cancel: (id) => library.cancel(id),
  importFiles: (files, plan) => library.importFiles(files, plan),
  delete: (id) => library.delete(id),
  adapterFiles: (ids) => library.adapterFiles(ids),
  adapterPreview: (id) => library.adapterPreview(id),
  export: (id) => library.export(id),
  lookUp: (address) => library.lookUp(address),
  add: (entries) => library.add(entries),
  measureDevice: () => library.measureDevice(),
};

expose(face);
