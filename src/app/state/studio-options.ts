/** What the page's state is given to begin with. */
import type { Catalog } from '../../core/catalog';
import type { LibraryApi } from '../../engine/library-api';
import type { BenchHandle } from '../../clients/bench-client';
import type { PageEngine } from '../../clients/engine-client';
import type { AssetStore } from './start/asset-store';
import type { finishPicture } from './pictures/finish-picture';
import type { GalleryStore } from './gallery/gallery-store';
import type { Store } from './kept/storage';
import type { WordStore } from './words/words.svelte';

export interface StudioOptions {
  api: PageEngine;
  bench: BenchHandle;
  /** The catalogue, with at least the model that the page begins with. */
  catalog: Catalog;
  /** All of it, where that is not all. */
  fetchCatalog?: () => Promise<Catalog>;
  store: Store;
  library: { api: LibraryApi; store: Store };
  /** Folder the app is served from, absolute. */
  baseUrl: string;
  /** The page's query: `?provider=wasm` decides for this visit alone. */
  query?: URLSearchParams;
  galleryStore: GalleryStore;
  /** Where pictures to start from are kept. */
  assetStore: AssetStore;
  /** No other tab is open: what only that one names would go. */
  isAlone?: () => Promise<boolean>;
  /** What waits in line, between visits. */
  queueStore: Store;
  /** Recent prompts and styles. */
  shelfStore: Store;
  /** How much memory GPUs have given; without it that is forgotten with the page. */
  roomStore?: Store;
  /** Version as it is written into pictures: "gesso-0.1.0". */
  version: string;
  /** Lists that prompts draw from, or by another name something else; opened when it is wanted. */
  openWordStore?: (name?: string) => Promise<WordStore>;
  finish?: typeof finishPicture;
}
