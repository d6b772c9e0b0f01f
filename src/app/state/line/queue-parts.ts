/** The line as the page has it: what it is given to work with, and what follows from each thing that happens in it. */
import type { ModelEntry } from '../../../core/catalog';
import type { EngineSession } from '../device/engine-session.svelte';
import type { RoomTiles } from '../device/room-tiles.svelte';
import type { Gallery } from '../gallery/gallery.svelte';
import type { Grids } from '../grids/grids.svelte';
import type { ModelLibrary } from '../library/library.svelte';
import { fetchKeepers, finishPicture } from '../pictures/finish-picture';
import type { Attention } from '../telling/attention.svelte';
import type { Notifier } from '../telling/notifier.svelte';
import type { Offer } from '../telling/offers.svelte';
import type { Asking } from './asking.svelte';
import type { Batch } from './batch.svelte';
import { deliverTo } from './deliver';
import { cancelledText } from './job';
import type { KeptLine } from './kept-line.svelte';
import type { Queue } from './queue.svelte';
import type { QueueOptions } from './queue-options';
import type { Deliver } from './work';

/** Read when something happens, by when all of it is there. */
interface Page {
  readonly engine: EngineSession;
  readonly gallery: Gallery;
  readonly library: ModelLibrary;
  readonly grids: Grids;
  readonly queue: Pick<Queue, 'undoCancel'>;
  readonly line: KeptLine;
  readonly batch: Batch;
  readonly asking: Pick<Asking, 'again'>;
  readonly roomTiles: RoomTiles;
  readonly attention: Attention;
  readonly notifier: Notifier;
  offer(offer: Offer): void;
}

interface Given {
  findModel: (id: string) => ModelEntry;
  /** Version as it is written into pictures. */
  version: string;
  finish?: typeof finishPicture | undefined;
  /** A picture has its place in the gallery, and in its batch. */
  afterPicture: (id: number) => void;
}

export function queueParts(page: Page, given: Given): QueueOptions {
  return {
    engine: page.engine,
    findModel: given.findModel,
    deliver: deliver(page, given),
    onBegin: () =>
      void fetchKeepers().catch((error: unknown) => console.info('What keeps a picture is not here yet.', error)),
    onJobEnd: (job) => page.grids.finish(job),
    onCancelled: (left) => page.offer({ words: cancelledText(left), undo: () => page.queue.undoCancel() }),
    onFailure: ({ request, graph }, { code }) => {
      const model = graph ? undefined : page.library.usable.find(({ id }) => id === request.model);
      if (code === 'out-of-memory' && model) page.roomTiles.refused(model, request);
    },
    onDone: (count) => {
      page.attention.finish(count);
      void page.notifier.tell(count === 1 ? 'Your picture is ready.' : `${count} pictures are ready.`);
    },
    again: () => page.asking.again(),
  };
}

function deliver(page: Page, { version, finish = finishPicture, afterPicture }: Given): Deliver {
  return deliverTo({
    ...{ gallery: page.gallery, library: page.library, finish, version },
    queueStore: () => page.line.store,
    onKept: (id) => {
      page.batch.add(id);
      afterPicture(id);
    },
    onPainted: ({ request, device }, { model }) => page.roomTiles.painted(model, request, device),
  });
}
