/** What the library is made of; the worker wires the real ones, tests their own. */
import type { DeviceFacts } from '../../core/catalog';
import type { ImportInput, Pack } from '../../core/packs';
import type { DownloadPorts } from '../net/download-ports';
import type { AdapterStore } from '../storage/adapter-store';
import type { KeyValue } from '../storage/key-value';
import type { Locks } from '../storage/locks';
import type { ManagedPackStore } from '../storage/pack-store';
import type { StorageRoom } from '../storage/quota';

export interface LibraryPorts {
  packs: ManagedPackStore;
  adapters: AdapterStore;
  /** Models that come with the app: LoRAs may be for them. */
  builtInPacks?(): Promise<Pack[]>;
  /** Chunks, jobs and entries. */
  values: KeyValue;
  locks: Locks;
  download: DownloadPorts;
  /** Bytes that are fetched at once; without it, as many as a download likes. */
  chunkBytes?: number;
  room(): Promise<StorageRoom>;
  /** Writes the pack into the draft and commits it. */
  importCheckpoint(input: ImportInput): Promise<Pack>;
  measureDevice(): Promise<DeviceFacts>;
  /** Tells the other tabs that something changed. */
  announce(): void;
}
