/** The hub: addresses of its API and files, and the choice of files from a repository's listing. */
import { AppError } from '../errors';

export const HUB = 'https://huggingface.co';

/** A file to be fetched. */
export interface RemoteFile {
  /** Its path as the importer knows it, without a variant: "unet/diffusion_pytorch_model.safetensors". */
  name: string;
  url: string;
  /** Undefined where only the server's answer tells. */
  byteLength?: number;
  /** Hex; undefined where nobody gives one. */
  sha256?: string;
}

/** A repository at a commit. */
export interface Repository {
  repo: string;
  revision: string;
}

export interface TreeFile {
  path: string;
  byteLength: number;
  /** SHA-256 of the file's bytes; small files that are not in LFS have none. */
  sha256?: string;
}

/** @see huggingface.js packages/hub/src/lib/model-info.ts: answers { sha } */
export function revisionAddress(hub: string, { repo, revision }: Repository): string {
  return `${hub}/api/models/${repo}/revision/${encodeURIComponent(revision)}`;
}

/** @see huggingface.js packages/hub/src/lib/list-files.ts */
export function treeAddress(hub: string, { repo, revision }: Repository): string {
  return `${hub}/api/models/${repo}/tree/${encodeURIComponent(revision)}?recursive=true`;
}

export function fileAddress(hub: string, { repo, revision }: Repository, path: string): string {
  const encode = (text: string): string => text.split('/').map(encodeURIComponent).join('/');
  return `${hub}/${repo}/resolve/${encodeURIComponent(revision)}/${encode(path)}`;
}

/** One page of the tree API's answer. @throws AppError 'bad-file' where it is something else */
export function readTree(answer: unknown, repo: string): TreeFile[] {
  if (!Array.isArray(answer)) throw new AppError('bad-file', `${repo}: the hub's listing is no list`);
  return answer.flatMap((item: unknown) => {
    const { type, path, size, lfs } = (item ?? {}) as Record<string, unknown>;
    if (type !== 'file' || typeof path !== 'string') return [];
    const { oid, size: lfsSize } = (lfs ?? {}) as Record<string, unknown>;
    const byteLength = typeof lfsSize === 'number' ? lfsSize : size;
    if (typeof byteLength !== 'number' || !Number.isSafeInteger(byteLength) || byteLength < 0) return [];
    return [{ path, byteLength, ...(typeof oid === 'string' && /^[0-9a-f]{64}$/.test(oid) && { sha256: oid }) }];
  });
}

/**
 * The wanted files, those of a pipeline's parts in their half-precision variants where the repository has them.
 * @throws AppError 'missing-file' naming what the repository lacks
 */
export function chooseHubFiles(hub: string, at: Repository, wanted: readonly string[], tree: TreeFile[]): RemoteFile[] {
  const byPath = new Map(tree.map((file) => [file.path, file]));
  return wanted.map((name) => {
    // A single file was chosen as it is; of a part of a pipeline the smaller variant does.
    const half = name.includes('/') ? byPath.get(name.replace(/\.safetensors$/, '.fp16.safetensors')) : undefined;
    const file = half ?? byPath.get(name);
    if (!file) throw new AppError('missing-file', `${at.repo}: the repository has no ${name} at ${at.revision}`);
    const { path, byteLength, sha256 } = file;
    return { name, url: fileAddress(hub, at, path), byteLength, ...(sha256 && { sha256 }) };
  });
}

/** What the hub says of a repository itself. */
export interface RepositoryFacts {
  /** Its files are for those alone who are signed in and have agreed to its terms. */
  isGated: boolean;
  /** Id of the licence: "creativeml-openrail-m". */
  licence?: string;
}

/** @param answer of `revisionAddress` @see huggingface.js packages/hub/src/lib/model-info.ts */
export function readRepositoryFacts(answer: unknown): RepositoryFacts {
  const { gated, tags } = (answer ?? {}) as Record<string, unknown>;
  const words = Array.isArray(tags) ? tags.filter((tag): tag is string => typeof tag === 'string') : [];
  const licence = words.find((tag) => tag.startsWith('license:'))?.slice('license:'.length);
  const isGated = gated === true || gated === 'auto' || gated === 'manual';
  return { isGated, ...(licence !== undefined && licence !== '' && { licence }) };
}
