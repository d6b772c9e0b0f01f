/**
 * A server that behaves like the hub: APIs of a repository and of its tree, 302 to a CDN on another port, ranges,
 * X-Linked-ETag, CORS; 401 for what is not there or not for everybody, told apart by X-Error-Code. And misbehaves on command,
 * request by request. @see huggingface.js packages/hub/src/lib/{model-info,list-files,download-file}.ts, and huggingface_hub
 * utils/_http.py (hf_raise_for_status) for what 401 may mean
 */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Fault =
  /** The connection is cut after so many bytes of the body. */
  | { kind: 'drop'; afterBytes: number }
  | { kind: 'status'; status: number; retryAfter?: number }
  /** The right number of bytes, one of them wrong. */
  | { kind: 'wrong-bytes' }
  | { kind: 'etag'; etag: string }
  /** Whole file with 200, whatever was asked for. */
  | { kind: 'ignore-range' }
  /** Says and sends fewer bytes than were asked for. */
  | { kind: 'short'; bytes: number }
  /** Sends in pieces with pauses. */
  | { kind: 'slow'; pieces: number; pauseMs: number };

export interface Hub {
  /** Address of the hub, without a slash at its end. */
  url: string;
  cdnUrl: string;
  /** Bytes by "owner/name/path"; may be changed at any time. */
  files: Map<string, Buffer>;
  /** Asked before each file is served by the CDN. */
  fault: (asked: { path: string; from: number; to: number; count: number }) => Fault | undefined;
  /** Repositories whose list everybody sees, and whose files answer 401. */
  gated: Set<string>;
  /** What the CDN answers to HEAD: signed addresses may be good for GET alone. */
  headStatus: number;
  requests: string[];
  close(): Promise<void>;
}

const COMMIT = 'c0ffee'.padEnd(40, '0');
const digests = new WeakMap<Buffer, string>();

function sha256(bytes: Buffer): string {
  const digest = digests.get(bytes) ?? createHash('sha256').update(bytes).digest('hex');
  digests.set(bytes, digest);
  return digest;
}

export async function createHub(files: Record<string, Buffer>, { lfsFrom = 1024 } = {}): Promise<Hub> {
  const hub: Hub = {
    url: '',
    cdnUrl: '',
    files: new Map(Object.entries(files)),
    fault: () => undefined,
    gated: new Set(),
    headStatus: 200,
    requests: [],
    close: async () => {
      for (const server of [front, cdn]) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
    },
  };
  const front = createServer((request, response) => answerAsHub(hub, lfsFrom, request, response));
  const cdn = createServer((request, response) => answerAsCdn(hub, request, response));
  hub.url = await listen(front);
  hub.cdnUrl = await listen(cdn);
  return hub;
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** @returns true where the request was a preflight and is answered */
function allowCors(request: IncomingMessage, response: ServerResponse): boolean {
  response.setHeader('Access-Control-Allow-Origin', '*');
  response.setHeader(
    'Access-Control-Expose-Headers',
    'X-Repo-Commit,X-Request-Id,X-Error-Code,X-Error-Message,X-Total-Count,ETag,Link,Accept-Ranges,Content-Range,X-Linked-Size,X-Linked-ETag',
  );
  response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
  if (request.method !== 'OPTIONS') return false;
  response.setHeader('Access-Control-Allow-Headers', 'Range');
  response.setHeader('Access-Control-Allow-Methods', 'GET,HEAD');
  response.writeHead(204).end();
  return true;
}

function answerAsHub(hub: Hub, lfsFrom: number, request: IncomingMessage, response: ServerResponse): void {
  if (allowCors(request, response)) return;
  const url = new URL(request.url ?? '/', hub.url);
  hub.requests.push(`hub ${request.method} ${url.pathname}`);
  const say = (status: number, value: unknown, code?: string): void =>
    void response
      .writeHead(status, { 'Content-Type': 'application/json', ...(code !== undefined && { 'X-Error-Code': code }) })
      .end(JSON.stringify(value));
  const api = /^\/api\/models\/([^/]+\/[^/]+)(?:\/(revision|tree)\/([^/]+))?(?:\/(.+))?$/.exec(url.pathname);
  const file = /^\/([^/]+\/[^/]+)\/resolve\/([^/]+)\/(.+)$/.exec(url.pathname);
  const repo = api?.[1] ?? file?.[1] ?? '';
  const revision = decodeURIComponent(api?.[3] ?? file?.[2] ?? 'main');
  // Nobody is told whether a private repository exists.
  if (![...hub.files.keys()].some((path) => path.startsWith(`${repo}/`)))
    return say(401, { error: 'Invalid username or password.' }, 'RepoNotFound');
  if (revision !== 'main' && revision !== COMMIT)
    return say(404, { error: `Invalid rev id: ${revision}` }, 'RevisionNotFound');
  if (api?.[2] === 'tree') return say(200, treeOf(hub, repo, { lfsFrom, below: api[4] }));
  if (api) return say(200, infoOf(hub, repo));
  if (file && hub.gated.has(repo)) return say(401, { error: `Access to model ${repo} is restricted.` }, 'GatedRepo');
  const bytes = file ? hub.files.get(`${repo}/${decodeURIComponent(file[3] ?? '')}`) : undefined;
  if (!file || !bytes) return say(404, { error: 'Entry not found' }, 'EntryNotFound');
  response
    .writeHead(302, {
      Location: `${hub.cdnUrl}/${repo}/${file[3]}?signature=${hub.requests.length}`,
      'X-Linked-ETag': `"${sha256(bytes)}"`,
      'X-Linked-Size': String(bytes.length),
      'X-Repo-Commit': COMMIT,
    })
    .end();
}

const pathsOf = (hub: Hub, repo: string): string[] =>
  [...hub.files.keys()].filter((path) => path.startsWith(`${repo}/`)).map((path) => path.slice(repo.length + 1));

function infoOf(hub: Hub, repo: string): unknown {
  const gated = hub.gated.has(repo) ? 'auto' : false;
  const siblings = pathsOf(hub, repo).map((rfilename) => ({ rfilename }));
  return { id: repo, modelId: repo, sha: COMMIT, private: false, gated, tags: ['license:mit'], siblings };
}

function treeOf(hub: Hub, repo: string, { lfsFrom, below }: { lfsFrom: number; below: string | undefined }): unknown[] {
  const paths = pathsOf(hub, repo).filter((path) => below === undefined || path.startsWith(`${below}/`));
  const folders = new Set(paths.flatMap((path) => (path.includes('/') ? [path.slice(0, path.lastIndexOf('/'))] : [])));
  const files = paths.map((path) => {
    const bytes = hub.files.get(`${repo}/${path}`) ?? Buffer.alloc(0);
    return {
      type: 'file',
      path,
      size: bytes.length,
      oid: createHash('sha1').update(bytes).digest('hex'),
      ...(bytes.length >= lfsFrom && { lfs: { oid: sha256(bytes), size: bytes.length, pointerSize: 134 } }),
    };
  });
  return [...[...folders].map((path) => ({ type: 'directory', path, size: 0, oid: '0'.repeat(40) })), ...files];
}

const counts = new WeakMap<Hub, number>();

function answerAsCdn(hub: Hub, request: IncomingMessage, response: ServerResponse): void {
  if (allowCors(request, response)) return;
  const path = decodeURIComponent(new URL(request.url ?? '/', hub.cdnUrl).pathname.slice(1));
  const bytes = hub.files.get(path);
  hub.requests.push(`cdn ${request.method} ${path} ${request.headers.range ?? ''}`.trimEnd());
  if (!bytes) return void response.writeHead(404).end();
  if (request.method === 'HEAD' && hub.headStatus !== 200) return void response.writeHead(hub.headStatus).end();
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
  const from = Number(range?.[1] ?? 0);
  const to = Math.min(bytes.length, range?.[2] ? Number(range[2]) + 1 : bytes.length);
  const count = (counts.get(hub) ?? 0) + 1;
  counts.set(hub, count);
  const fault = hub.fault({ path, from, to, count });
  if (fault?.kind === 'status') {
    const { status, retryAfter } = fault;
    return void response.writeHead(status, retryAfter === undefined ? {} : { 'Retry-After': retryAfter }).end('no');
  }
  const isRanged = range !== null && fault?.kind !== 'ignore-range';
  if (isRanged && from >= bytes.length)
    return void response.writeHead(416, { 'Content-Range': `bytes */${bytes.length}` }).end();
  serve(response, { bytes, from: isRanged ? from : 0, to: isRanged ? to : bytes.length, isRanged, fault });
}

interface Served {
  bytes: Buffer;
  from: number;
  to: number;
  isRanged: boolean;
  fault: Fault | undefined;
}

function serve(response: ServerResponse, { bytes, from, to, isRanged, fault }: Served): void {
  let body = Buffer.from(bytes.subarray(from, to));
  if (fault?.kind === 'wrong-bytes' && body.length > 0) body[0] = (body[0] ?? 0) ^ 0xff;
  if (fault?.kind === 'short') body = body.subarray(0, fault.bytes);
  response.writeHead(isRanged ? 206 : 200, {
    'Content-Type': bytes[0] === 0x3c ? 'text/html; charset=utf-8' : 'application/octet-stream',
    'Content-Length': body.length,
    ETag: fault?.kind === 'etag' ? fault.etag : `"${sha256(bytes).slice(0, 32)}"`,
    'Accept-Ranges': 'bytes',
    ...(isRanged && { 'Content-Range': `bytes ${from}-${Math.max(from, from + body.length - 1)}/${bytes.length}` }),
  });
  if (fault?.kind === 'drop') {
    response.write(body.subarray(0, fault.afterBytes), () => response.destroy());
    return;
  }
  if (fault?.kind === 'slow') return void serveSlowly(response, body, fault);
  response.end(body);
}

async function serveSlowly(response: ServerResponse, body: Buffer, fault: { pieces: number; pauseMs: number }) {
  const step = Math.max(1, Math.ceil(body.length / fault.pieces));
  for (let at = 0; at < body.length; at += step) {
    response.write(body.subarray(at, at + step));
    await new Promise((resolve) => setTimeout(resolve, fault.pauseMs));
  }
  response.end();
}
