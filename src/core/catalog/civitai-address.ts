/** Addresses of Civitai: a model's page, one version of it, the address of its Download button. */
import { AppError } from '../errors';
import type { Place } from './hub-address';

export interface CivitaiAddress {
  kind: 'civitai';
  /** "https://civitai.com"; the same models are at other addresses of theirs. */
  site: string;
  modelId?: string;
  versionId?: string;
  /** Query of a Download button's address, which says which of the version's files it is; '' elsewhere. */
  search: string;
}

const CIVITAI_HOST = /^(www\.)?(civitai\.(com|green|red))$/;

/**
 * @returns undefined where the address is of another site
 * @throws AppError 'bad-address' where it is a page that holds no model
 */
export function readCivitaiAddress({ host, path, search }: Place): CivitaiAddress | undefined {
  const site = CIVITAI_HOST.exec(host)?.[2];
  if (site === undefined) return undefined;
  const common = { kind: 'civitai', site: `https://${site}` } as const;
  const download = /^\/api\/download\/models\/(\d+)/.exec(path)?.[1];
  if (download) return { ...common, versionId: download, search };
  const version = /^\/(?:api\/v1\/)?model-versions\/(\d+)/.exec(path)?.[1];
  if (version) return { ...common, versionId: version, search: '' };
  const model = /^\/(?:api\/v1\/)?models\/(\d+)/.exec(path)?.[1];
  const chosen = /[?&]modelVersionId=(\d+)/.exec(search)?.[1];
  if (model) return { ...common, modelId: model, ...(chosen && { versionId: chosen }), search: '' };
  throw new AppError(
    'bad-address',
    'This page of Civitai is not a model’s. Open the model’s page and copy its address: civitai.com/models/…',
  );
}
