/** What follows a finished picture, and is fetched after the first: the browser is asked to keep it, the person's folder gets a copy. */
import { askToLast } from '../kept/ask-to-last';
import { Autosave } from '../pictures/autosave.svelte';
import type { Gallery } from '../gallery/gallery.svelte';
import type { Drawing } from '../words/drawing.svelte';
import type { WordStore } from '../words/words.svelte';

interface Parts {
  gallery: Gallery;
  drawing: Drawing;
  said: string | undefined;
}

const known = new WeakMap<object, Promise<Autosave>>();

/** The studio's own. */
export function autosaveOf({ drawing }: Pick<Parts, 'drawing'>): Promise<Autosave> {
  const autosave = known.get(drawing) ?? open(drawing);
  known.set(drawing, autosave);
  return autosave;
}

async function open({ openStore }: Parts['drawing']): Promise<Autosave> {
  const tried = (name?: string): Promise<WordStore | undefined> | undefined =>
    openStore?.(name).catch((error: unknown) => {
      console.info('The folder for pictures cannot be read.', error);
      return undefined;
    });
  const autosave = new Autosave(await tried('gesso-folder'));
  return autosave.load(() => tried());
}

/** @param id  below 0: it is not kept by the page, all the more by the folder */
export async function afterPicture(studio: Parts, id: number): Promise<void> {
  if (id >= 0) void askToLast();
  const autosave = await autosaveOf(studio);
  if (autosave.folderName === undefined) return;
  const before = autosave.trouble;
  const picture = studio.gallery.pictures.find((one) => one.id === studio.gallery.currentId(id));
  const file = picture && (await studio.gallery.file(picture.id));
  if (file) await autosave.save(picture, file);
  if (autosave.trouble !== undefined && autosave.trouble !== before) studio.said = autosave.trouble;
}
