/** Many pictures as one ZIP file, one after another, so that they are never in memory together. */
import { makeZip } from 'client-zip';
import type { Picture } from './picture';
import { infotextOf } from './picture-recipe';
import { pictureFileName, saveFile } from './save-file';

interface SavePicker {
  showSaveFilePicker(options: {
    suggestedName: string;
  }): Promise<{ createWritable(): Promise<WritableStream<Uint8Array>> }>;
}

/** Above this many a file is chosen first, where the browser can write into it straight away. */
const MANY = 300;

export interface ZipJob {
  pictures: readonly Picture[];
  read: (id: number) => Promise<Blob | undefined>;
  onProgress: (done: number) => void;
}

/** `00012-7-a-red-apple.png`: as A1111 numbers its files, so that no two have one name. */
export function zipEntryName(picture: Picture): string {
  const number = String(Math.abs(picture.id)).padStart(5, '0');
  return pictureFileName(picture.request).replace(/^gesso/, picture.id < 0 ? `n${number}` : number);
}

/** What the pictures carry in themselves, to be read and searched without them. */
export const RECIPES = 'recipes.txt';

export async function* zipEntries({
  pictures,
  read,
  onProgress,
}: ZipJob): AsyncGenerator<{ name: string; input: Blob; lastModified?: Date }> {
  const recipes: string[] = [];
  for (const [i, picture] of pictures.entries()) {
    const input = await read(picture.id);
    const name = zipEntryName(picture);
    if (input) {
      yield { name, input, lastModified: new Date(picture.madeAt) };
      recipes.push(`${name}\n${infotextOf(picture)}\n`);
    }
    onProgress(i + 1);
  }
  yield { name: RECIPES, input: new Blob([recipes.join('\n')], { type: 'text/plain' }) };
}

/** Has the browser save them. @returns how many had no file */
export async function saveZip(job: ZipJob): Promise<number> {
  let left = 0;
  const read = async (id: number): Promise<Blob | undefined> => {
    const file = await job.read(id);
    if (!file) left += 1;
    return file;
  };
  const { length } = job.pictures;
  await saveZipEntries(zipEntries({ ...job, read }), { name: `gesso-${length}-pictures.zip`, count: length });
  return left;
}

/** Has the browser save them. @param count  of pictures in it */
export async function saveZipEntries(
  all: Parameters<typeof makeZip>[0],
  { name, count }: { name: string; count: number },
): Promise<void> {
  if (count > MANY && 'showSaveFilePicker' in window) {
    const file = await (window as unknown as SavePicker).showSaveFilePicker({ suggestedName: name });
    await makeZip(all).pipeTo(await file.createWritable());
    return;
  }
  const headers = { 'Content-Type': 'application/zip' };
  saveFile(await new Response(makeZip(all), { headers }).blob(), name);
}
