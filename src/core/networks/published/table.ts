/** The table of components as they are published: files and folders are sorted by it, in this order. */
import { roleOf, type ComponentId, type Role } from '../components';
import { publishedAutoencoder } from './autoencoder';
import type { Published } from './published';
import { publishedSecondTextEncoder, publishedTextEncoder } from './text-encoders';
import { publishedTinyAutoencoder } from './tiny-autoencoder';
import { publishedUnet } from './unet';

export const PUBLISHED = {
  text_encoder: publishedTextEncoder,
  text_encoder_2: publishedSecondTextEncoder,
  unet: publishedUnet,
  vae: publishedAutoencoder,
  taesd: publishedTinyAutoencoder,
} as const satisfies Record<string, Published>;

export type PublishedId = keyof typeof PUBLISHED;

export const publishedIds = (): PublishedId[] => Object.keys(PUBLISHED) as PublishedId[];

export const publishedOf = (id: PublishedId): Published => PUBLISHED[id];

/** Folders of the hub's layout. */
export const publishedFolders = (): PublishedId[] => publishedIds().filter((id) => PUBLISHED[id].isFolder);

/** The published component that a component of a pack lies in. */
export function publishedAs(component: ComponentId): PublishedId {
  const found = publishedIds().find((id) => publishedOf(id).parts.some((part) => part.component === component));
  if (!found) throw new RangeError(`${component} is in no file`);
  return found;
}

/** What it is there for; of an autoencoder, its decoder. */
export const publishedRole = (id: PublishedId): Role => roleOf(publishedOf(id).parts[0].component);

/** What becomes of it: each a component of a pack, an autoencoder one for each side that is there. */
export const partsOf = (id: PublishedId, tensors: { has(name: string): boolean }): ComponentId[] =>
  publishedOf(id)
    .parts.filter(({ first }) => first === undefined || tensors.has(first))
    .map(({ component }) => component);
