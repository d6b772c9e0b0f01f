/** Files that the system hands to the app: opened with it, or shared to it. */
import { toAppError } from '../../../core/errors';

interface LaunchParams {
  files?: readonly { getFile(): Promise<File> }[];
}

/** Only installed apps on some systems have it. */
interface LaunchQueue {
  setConsumer(consumer: (params: LaunchParams) => void): void;
}

interface Receiver {
  /** Called once for each time that files come. */
  onFiles: (files: File[]) => void;
  /** Says what went wrong. */
  say: (words: string) => void;
}

export function receiveFiles({ onFiles, say }: Receiver, search: URLSearchParams): void {
  const sayWhy = (error: unknown): void => say(`The files could not be opened: ${toAppError(error).message}`);
  const { launchQueue } = window as { launchQueue?: LaunchQueue };
  launchQueue?.setConsumer(({ files = [] }) => {
    if (files.length === 0) return;
    Promise.all(files.map((handle) => handle.getFile())).then(onFiles, sayWhy);
  });
  if (search.has('shared')) takeShared().then(onFiles, sayWhy);
}

/** What the service worker has laid aside, once. */
async function takeShared(): Promise<File[]> {
  history.replaceState(null, '', new URL('.', document.baseURI));
  const cache = await caches.open('shared');
  const files: File[] = [];
  for (const request of await cache.keys()) {
    const response = await cache.match(request);
    await cache.delete(request);
    if (!response) continue;
    const blob = await response.blob();
    const name = decodeURIComponent(response.headers.get('X-File-Name') ?? 'shared');
    files.push(new File([blob], name, { type: blob.type }));
  }
  return files;
}
