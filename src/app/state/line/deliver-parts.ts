/** What a finished picture is delivered with. */
import type { finishPicture } from '../pictures/finish-picture';
import type { Gallery } from '../gallery/gallery.svelte';
import type { ModelLibrary } from '../library/library.svelte';
import type { Store } from '../kept/storage';
import type { Deliver } from './work';

export interface DeliverParts {
  gallery: Gallery;
  library: ModelLibrary;
  finish: typeof finishPicture;
  /** Version of the app as it is written into pictures. */
  version: string;
  /** A picture has its place in the gallery. */
  onKept: (id: number) => void;
  /** Where the line is kept; undefined in a tab that keeps none. */
  queueStore: () => Store | undefined;
  /** Is told of each before it is kept. */
  onPainted: (...of: [Parameters<Deliver>[0], Parameters<Deliver>[1]]) => void;
}
