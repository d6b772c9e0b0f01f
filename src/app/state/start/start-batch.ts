/** Several pictures to start from at once: one picture in line for each, with the form as it is. Fetched when somebody chooses several. */
import { toAppError } from '../../../core/errors';
import { isOfMask, isOfPicture } from '../../../core/recipe/has-effect';
import { ADVANCED_DEFAULTS, type AdvancedId, type GenerationRequest } from '../../../core/recipe/request';
import type { RoomTiles } from '../device/room-tiles.svelte';
import type { Gallery } from '../gallery/gallery.svelte';
import type { Queue } from '../line/queue.svelte';
import { LINE_FULL } from '../line/line-full';
import type { AddOptions } from '../line/work';
import { NO_FILE, type Picture } from '../pictures/picture';
import { pictureFileName } from '../pictures/save-file';
import type { Settings } from '../settings/settings.svelte';
import { readStartPicture } from './read-start-picture';
import type { StartPictures } from './start-pictures.svelte';

/** The key that keeps a file's name in what was made of it. A1111 has none. */
const NAME_KEY = 'Init image name';

export interface BatchParts {
  settings: Settings;
  roomTiles: Pick<RoomTiles, 'apply'>;
  startPictures: Pick<StartPictures, 'keep'>;
  gallery: Pick<Gallery, 'file' | 'follow'>;
  queue: Pick<Queue, 'waiting' | 'job' | 'remove' | 'skip'>;
  drawing: { ask(request: GenerationRequest, options: AddOptions): boolean };
  /** Says something that can be taken back. */
  offer(offer: { words: string; undo: () => void }): void;
  /** Says something in passing. */
  said: string | undefined;
}

interface Start {
  name: string;
  read(): Promise<Blob>;
}

/** @returns how many are in line; never rejects */
export const startFromFiles = (files: readonly File[], parts: BatchParts): Promise<number> =>
  startAll(
    files.map((file) => ({ name: file.name, read: () => Promise.resolve(file) })),
    parts,
  );

/** The same of pictures of the gallery. */
export const startFromPictures = (pictures: readonly Picture[], parts: BatchParts): Promise<number> =>
  startAll(
    pictures.map(({ id, request }) => ({
      name: pictureFileName(request),
      read: async () => (await parts.gallery.file(id)) ?? Promise.reject(new Error(NO_FILE)),
    })),
    parts,
  );

async function startAll(starts: readonly Start[], parts: BatchParts): Promise<number> {
  const problem = problemOf(parts.settings);
  if (problem !== undefined) {
    parts.said = `Nothing is in line: ${problem}`;
    return 0;
  }
  const asked = new Set<GenerationRequest>();
  const left: string[] = [];
  let count = 0;
  for (const { name, read } of starts)
    try {
      const { pixels } = await readStartPicture(await read());
      const initImage = await parts.startPictures.keep(pixels);
      const request = requestFrom(initImage, parts);
      if (!parts.drawing.ask(request, { extras: named(name, parts.settings) })) {
        left.push(LINE_FULL);
        break;
      }
      asked.add(request);
      count += 1;
    } catch (thrown) {
      left.push(`${name}: ${toAppError(thrown).message}`);
    }
  if (count > 0) parts.gallery.follow();
  const words = [told(count, starts.length, parts.settings), ...left].join(' ');
  if (count === 0) parts.said = words;
  else parts.offer({ words, undo: () => takeBack(asked, parts) });
  return count;
}

/** What is wrong in the form, but for the picture that it has itself. */
function problemOf({ problems }: Settings): string | undefined {
  const others = Object.entries(problems).filter(([id]) => id !== 'initImage' && id !== 'initMask');
  return others.at(0)?.[1];
}

/** The form's request from another picture, without a mask: that was of one picture. */
function requestFrom(initImage: string, { settings, roomTiles }: BatchParts): GenerationRequest {
  const request = roomTiles.apply(settings.toRequest());
  delete request.initMask;
  const { advanced } = settings;
  // Without a picture of its own the form says nothing of these.
  const ids = (Object.keys(ADVANCED_DEFAULTS) as AdvancedId[]).filter((id) => isOfPicture(id) && !isOfMask(id));
  const stored = advanced.toStored();
  const said = ids.filter((id) => stored[id] !== undefined).map((id) => [id, stored[id]]);
  return { ...request, ...Object.fromEntries(said), initImage };
}

const named = (name: string, { extras }: Settings): Record<string, string> => ({ ...extras, [NAME_KEY]: name });

function told(count: number, of: number, { advanced }: Settings): string {
  const strength = advanced.toStored().denoisingStrength ?? ADVANCED_DEFAULTS.denoisingStrength;
  if (count === 0) return 'Nothing is in line.';
  const which = count === of ? 'one from each' : `of ${of} chosen`;
  return `${count === 1 ? '1 picture' : `${count} pictures`} in line, ${which}, with the form as it is and denoising strength ${strength}.`;
}

/** What is not made yet of them: the very requests, for others may start from the same pictures, and some are in line later than asked. */
function takeBack(asked: ReadonlySet<GenerationRequest>, { queue }: BatchParts): void {
  for (const job of queue.waiting.filter(({ request }) => asked.has(request))) queue.remove(job.id);
  if (queue.job && asked.has(queue.job.request)) queue.skip();
}
