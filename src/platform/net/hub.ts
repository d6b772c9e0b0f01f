/** What the hub says of a repository: its commit, its files with their digests. */
import {
  chooseHubFiles,
  HUB,
  readRepositoryFacts,
  readTree,
  revisionAddress,
  treeAddress,
  type RemoteFile,
  type Repository,
  type TreeFile,
} from '../../core/catalog';
import { AppError } from '../../core/errors';
import { BackOff } from './back-off';
import type { DownloadPorts } from './download-ports';
import { request } from './request';

/** 20 pages of 1000 files; a model has some dozens. */
const MAX_PAGES = 20;
/** A page of the tree API is some 100 kB. */
const MAX_JSON_BYTES = 16 * 1024 * 1024;

export interface HubOptions {
  ports: DownloadPorts;
  signal: AbortSignal;
  /** Address of the hub or of a mirror of it, without a slash at its end. */
  hub?: string;
  /** Nothing comes; trying again in `ms`. */
  onWait?: (reason: string, ms: number) => void;
  /** Tries for one request, before it is given up. */
  tries?: number;
}

/** The commit a branch is at now. @throws AppError */
export async function resolveRevision(at: Repository, { hub = HUB, ...options }: HubOptions): Promise<string> {
  if (/^[0-9a-f]{40}$/.test(at.revision)) return at.revision;
  const { value } = await fetchJson(at.repo, revisionAddress(hub, at), options);
  if (readRepositoryFacts(value).isGated) throw gated(at.repo);
  return commitOf(at, value);
}

/** What to do where a repository's list is for everybody, and its files are not. */
export function gated(repo: string): AppError {
  return new AppError(
    'not-allowed',
    `“${repo}” is given to those alone who have agreed to its terms. Open ${HUB}/${repo}, sign in and agree, download the file there, and choose it with “Import files”.`,
  );
}

/** @param answer of `revisionAddress` @throws AppError 'bad-file' */
function commitOf(at: Repository, answer: unknown): string {
  const { sha } = (answer ?? {}) as { sha?: unknown };
  if (typeof sha === 'string' && /^[0-9a-f]{40}$/.test(sha)) return sha;
  throw new AppError('bad-file', `${at.repo}: the hub does not say which commit "${at.revision}" is`);
}

/** What the hub says of a repository, and its files at that commit. @throws AppError */
export async function readRepository(at: Repository, options: HubOptions) {
  const { hub = HUB, ...rest } = options;
  const { value } = await fetchJson(at.repo, revisionAddress(hub, at), rest);
  const commit = { ...at, revision: commitOf(at, value) };
  return { facts: readRepositoryFacts(value), commit, tree: await readWholeTree(commit, options) };
}

/** @param at at a commit @throws AppError */
export async function findHubFiles(
  at: Repository,
  wanted: readonly string[],
  options: HubOptions,
): Promise<RemoteFile[]> {
  return chooseHubFiles(options.hub ?? HUB, at, wanted, await readWholeTree(at, options));
}

async function readWholeTree(at: Repository, { hub = HUB, ...rest }: HubOptions): Promise<TreeFile[]> {
  const tree: TreeFile[] = [];
  let url: string | undefined = treeAddress(hub, at);
  for (let page = 0; url !== undefined && page < MAX_PAGES; page++) {
    const { value, next } = await fetchJson(at.repo, url, rest);
    tree.push(...readTree(value, at.repo));
    url = next;
  }
  return tree;
}

/** @throws AppError 'bad-file' where it is no JSON */
export function fetchJson(
  name: string,
  url: string,
  { ports, signal, onWait, tries }: Omit<HubOptions, 'hub'>,
): Promise<{ value: unknown; next: string | undefined }> {
  return new BackOff(ports, onWait, tries).run(name, signal, async () => {
    const { response, pieces, close } = await request(ports, { name, url, signal });
    const text = await readText(name, pieces()).finally(close);
    const next = /<([^>]+)>;\s*rel="next"/.exec(response.headers.get('link') ?? '')?.[1];
    try {
      return { value: JSON.parse(text) as unknown, next };
    } catch (error) {
      throw new AppError('bad-file', `${name}: the server's answer is no JSON`, { cause: error });
    }
  });
}

async function readText(name: string, pieces: AsyncGenerator<Uint8Array<ArrayBuffer>>): Promise<string> {
  const all: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  for await (const piece of pieces) {
    all.push(piece);
    bytes += piece.length;
    if (bytes > MAX_JSON_BYTES) throw new AppError('bad-file', `${name}: the server's answer is too long`);
  }
  return new Blob(all).text();
}
