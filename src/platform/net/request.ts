/** One request, its answer judged: fine, worth another try, or a clear no. */
import { AppError } from '../../core/errors';
import { Interrupted } from './back-off';
import { cancelled, type DownloadPorts } from './download-ports';

/** No byte for so long: the line is dead although nobody says so. */
const STALL_MS = 30_000;

export interface Answer {
  response: Response;
  /** What comes, piece by piece. @throws Interrupted when the line breaks or stalls */
  pieces(): AsyncGenerator<Uint8Array<ArrayBuffer>>;
  /** Ends what is still coming. Whoever asked must close. */
  close(): void;
}

interface Asked {
  /** How errors call the file. */
  name: string;
  url: string;
  headers?: Record<string, string>;
  /** GET where nothing is said. */
  method?: 'HEAD';
  signal: AbortSignal;
}

/** @throws Interrupted, or AppError 'not-allowed', 'missing-file', 'offline', 'cancelled' */
export async function request(ports: DownloadPorts, { name, url, headers, method, signal }: Asked): Promise<Answer> {
  if (signal.aborted) throw cancelled();
  const line = new AbortController();
  const onAbort = (): void => line.abort();
  signal.addEventListener('abort', onAbort, { once: true });
  const close = (): void => {
    signal.removeEventListener('abort', onAbort);
    line.abort();
  };
  const failed = (error: unknown): Error => {
    if (signal.aborted) return cancelled();
    const words = error instanceof Error ? error.message : String(error);
    return new Interrupted(`the connection broke (${words})`, { cause: error });
  };
  const init: RequestInit = {
    signal: line.signal,
    credentials: 'omit',
    cache: 'no-store',
    ...(headers && { headers }),
    ...(method && { method }),
  };
  const response = await guarded(ports, line, () => ports.fetch(url, init)).catch((error: unknown) => {
    close();
    throw failed(error);
  });
  try {
    assertFine(name, response);
  } catch (error) {
    close();
    throw error;
  }

  async function* pieces(): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    const reader = response.body?.getReader();
    try {
      while (reader) {
        const { done, value } = await guarded(ports, line, () => reader.read());
        if (done) return;
        yield value as Uint8Array<ArrayBuffer>;
      }
    } catch (error) {
      throw failed(error);
    }
  }
  return { response, pieces, close };
}

/** Cuts the line when nothing comes. */
async function guarded<T>(ports: DownloadPorts, line: AbortController, wait: () => Promise<T>): Promise<T> {
  const done = new AbortController();
  ports.sleep(STALL_MS, done.signal).then(
    () => line.abort(new Error(`nothing came for ${STALL_MS / 1000} s`)),
    () => undefined, // it came in time
  );
  try {
    return await wait();
  } finally {
    done.abort();
  }
}

function assertFine(name: string, response: Response): void {
  const { status } = response;
  if (status === 200 || status === 206) return;
  if (status === 401 || status === 403)
    throw new AppError(
      'not-allowed',
      `${name}: the server answered ${status}. It may want you to agree to terms first: open the model's page, agree, ` +
        'download the file there, and import it here.',
    );
  if (status === 404 || status === 410)
    throw new AppError('missing-file', `${name}: the server has no such file (${status})`);
  const isPassing = status === 408 || status === 425 || status === 429 || status >= 500;
  const retryAfterMs = retryAfter(response);
  if (isPassing)
    throw new Interrupted(`the server answered ${status}`, retryAfterMs === undefined ? {} : { retryAfterMs });
  throw new AppError('offline', `${name}: the server answered ${status} ${response.statusText}`);
}

/** Seconds, or a date. @see RFC 9110, 10.2.3 */
function retryAfter(response: Response): number | undefined {
  const value = response.headers.get('retry-after');
  if (value === null) return undefined;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const ms = Date.parse(value) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}

/** "bytes 0-99/1000"; undefined where the server does not show it to pages. */
export function contentRange(response: Response): { from: number; to: number; total: number | undefined } | undefined {
  const match = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(response.headers.get('content-range') ?? '');
  if (!match) return undefined;
  const [, from, to, total] = match;
  return { from: Number(from), to: Number(to) + 1, total: total === '*' ? undefined : Number(total) };
}
