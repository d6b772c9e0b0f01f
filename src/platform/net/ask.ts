/** What a server says of a file before it is fetched: whether it is there, how large, and of what kind. */
import { AppError } from '../../core/errors';
import { BackOff } from './back-off';
import type { HubOptions } from './hub';
import { contentRange, request } from './request';

export interface RemoteFacts {
  /** Undefined where the server does not show it to pages. */
  byteLength?: number;
  /** "text/html"; '' where nothing is said. */
  type: string;
}

/**
 * Asks with HEAD, and where that is refused for the first byte.
 * @throws AppError 'missing-file', 'not-allowed', 'offline'
 */
export function askServer(name: string, url: string, options: Omit<HubOptions, 'hub'>): Promise<RemoteFacts> {
  const { ports, signal, onWait, tries } = options;
  return new BackOff(ports, onWait, tries).run(name, signal, async () => {
    const head = await ask({ ...options, name, url, method: 'HEAD' }).catch((error: unknown) => {
      if (signal.aborted || (error instanceof AppError && error.code === 'cancelled')) throw error;
      return undefined; // signed addresses of storage allow GET alone
    });
    if (head && (head.byteLength !== undefined || head.type === 'text/html')) return head;
    return ask({ ...options, name, url, headers: { Range: 'bytes=0-0' } });
  });
}

async function ask({
  ports,
  ...asked
}: Parameters<typeof request>[1] & Pick<HubOptions, 'ports'>): Promise<RemoteFacts> {
  const { response, close } = await request(ports, asked);
  close();
  const { headers, status } = response;
  const total = status === 206 ? contentRange(response)?.total : wholeLength(headers);
  const type = (headers.get('content-type') ?? '').replace(/;.*/s, '').trim().toLowerCase();
  return { type, ...(total !== undefined && total > 0 && { byteLength: total }) };
}

/** What is packed for the way has another length. */
function wholeLength(headers: Headers): number | undefined {
  const text = headers.get('content-length');
  if (headers.has('content-encoding') || text === null || !/^\d+$/.test(text)) return undefined;
  return Number(text);
}
