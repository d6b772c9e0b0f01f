/** Packs in other words: in the library's list, and in pack.json of where they came from. */
import { HUB } from '../../core/catalog';
import { roleOf, type ComponentId, type Role } from '../../core/networks/components';
import { packProblem, standsOnBase, type Pack } from '../../core/packs';
import type { ControlKind, LibrarySnapshot, StoredModel } from '../../engine/library-api';
import type { StoredPack } from '../storage/pack-store';
import type { LibraryJob } from './jobs';

/** What pack.json tells of where the checkpoint came from. */
export function sourceOf({ entry, revision, files }: LibraryJob): Pick<Pack['source'], 'url' | 'sha256'> {
  const [first] = files;
  const sha256 = files.length === 1 ? first?.sha256 : undefined;
  const { source } = entry;
  const url = source.kind === 'hub' ? `${HUB}/${source.repo}/tree/${revision}` : first?.url;
  return { ...(url && { url: withoutKeys(url) }), ...(sha256 && { sha256 }) };
}

/** What lies in the library. */
export function bytesOf({ models, adapters }: Pick<LibrarySnapshot, 'models' | 'adapters'>): number {
  return [...models, ...adapters].reduce((sum, { bytes }) => sum + bytes, 0);
}

/** What a person signs in with is not for those who get the pack. */
function withoutKeys(url: string): string {
  const address = new URL(url);
  for (const key of ['token', 'api_key', 'key', 'access_token', 'signature']) address.searchParams.delete(key);
  return address.search === new URL(url).search ? url : address.href;
}

const CONTROLS: readonly (readonly [Role, ControlKind])[] = [
  ['adapter', 'adapter'],
  ['image_prompt', 'picture'],
  ['vision', 'tower'],
  ['annotator', 'annotator'],
];

function drawnBy({ components }: Pack): Pick<StoredModel, 'draws'> {
  const id = (Object.keys(components) as ComponentId[]).find((one) => roleOf(one) === 'annotator');
  const config = id && (components[id]?.config as { annotator?: unknown } | undefined);
  return typeof config?.annotator === 'string' ? { draws: config.annotator } : {};
}

const onBase = ({ components }: Pack): boolean =>
  (Object.keys(components) as ComponentId[]).some((id) => {
    const component = components[id];
    return component !== undefined && standsOnBase(id, component);
  });

export function storedModel({ pack, bytes, addedAt, lastUsedAt }: StoredPack): StoredModel {
  const { id, name, family, plan, source } = pack;
  const problem = packProblem(pack);
  const roles = (Object.keys(pack.components) as ComponentId[]).map(roleOf);
  const has = (role: (typeof roles)[number]): boolean => roles.includes(role);
  return {
    ...{ id, name, family, plan, bytes, addedAt, fileName: source.name },
    ...(!has('denoiser') && { isHelper: true }),
    ...(pack.role === 'upscaler' && { isUpscaler: true }),
    ...(pack.role === 'autoencoder' && { isVae: true }),
    ...(pack.role === 'text' && { isText: true }),
    ...(pack.role === 'control' && { control: CONTROLS.find(([role]) => has(role))?.[1] ?? 'network' }),
    ...(onBase(pack) && { isControlLora: true }),
    ...drawnBy(pack),
    ...(lastUsedAt !== undefined && { lastUsedAt }),
    ...(source.sha256 && { sha256: source.sha256 }),
    ...(problem !== undefined && { problem }),
  };
}
