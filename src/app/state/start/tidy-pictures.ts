/** Pictures to start from go when nothing names them any more, and nothing can bring back what did. */
import { assetsOf } from './assets-of';
import type { FormHistory } from '../settings/form-history.svelte';
import type { Gallery } from '../gallery/gallery.svelte';
import type { Queue } from '../line/queue.svelte';
import type { Settings } from '../settings/settings.svelte';
import type { Drawing } from '../words/drawing.svelte';
import type { StartPictures } from './start-pictures.svelte';

interface Parts {
  settings: Settings;
  form: FormHistory;
  queue: Queue;
  gallery: Gallery;
  startPictures: StartPictures;
  /** Hashes of the pictures that are looked at. */
  held?: ReadonlySet<string>;
  drawing?: Pick<Drawing, 'openStore'>;
}

/** Never rejects. @param isAlone  no other tab is open, whose form may name some */
export async function tidyPictures(
  { settings, form, queue, gallery, startPictures, held = new Set(), drawing }: Parts,
  isAlone: () => Promise<boolean>,
): Promise<void> {
  try {
    if (!(await isAlone()) || !gallery.startPictures) return;
    const named = (): Set<string> =>
      new Set([
        ...assetsOf(settings),
        ...form.startPictures,
        ...queue.startPictures,
        ...(gallery.startPictures ?? []),
        ...held,
      ]);
    await startPictures.sweep(named);
    if (!drawing?.openStore) return;
    const { SKETCH_STORE, SketchStore } = await import('../canvas/sketch-store');
    await new SketchStore(await drawing.openStore(SKETCH_STORE)).sweep(named);
  } catch (error) {
    console.info('Pictures to start from were not tidied up.', error);
  }
}
