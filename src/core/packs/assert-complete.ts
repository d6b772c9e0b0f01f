/** Whether a checkpoint is all that a pack needs, and what it is where it is only a part. */
import type { OpenedCheckpoint } from '../checkpoints';
import { AppError } from '../errors';
import { familyOf } from '../families';
import { publishedAs, publishedOf, publishedRole, type PublishedId } from '../networks/published';

/** "U-Net, text encoder and autoencoder (VAE)". */
const namesOf = (parts: readonly PublishedId[]): string =>
  parts
    .map((id) => publishedOf(id).partName)
    .join(', ')
    .replace(/, ([^,]*)$/, ' and $1');

/** What the files are to be: a whole model, or a part that models borrow. */
export type Needed = 'model' | 'preview' | 'autoencoder' | 'text';

/** @throws AppError naming what a model needs and this has not */
export function assertComplete({ components, missing, family }: OpenedCheckpoint, file: string, purpose: Needed): void {
  const { denoiser, texts, decoder, preview } = familyOf(family);
  const parts = {
    model: [denoiser, ...texts.map(({ component }) => component), decoder],
    preview: [preview],
    autoencoder: [decoder],
    text: [], // any that there is
  };
  const needed = parts[purpose].map(publishedAs);
  const absent = needed.filter((id) => !components[id]);
  if (absent.length > 0) {
    const present = (Object.keys(components) as PublishedId[]).filter((id) => components[id]);
    throw new AppError('missing-file', `${file}: ${aloneText(present, absent)}`);
  }
  if (missing.length > 0) {
    const names = missing.slice(0, 3).join(', ');
    const more = missing.length > 3 ? ` and ${missing.length - 3} more` : '';
    throw new AppError('bad-file', `${file}: ${names}${more} are missing; the file is not complete: fetch it again`);
  }
}

/** What a part of a model is, that it cannot paint, and what to do. */
function aloneText(present: readonly PublishedId[], absent: readonly PublishedId[]): string {
  const what = `this is only the ${namesOf(present)} of a model, which cannot paint without its ${namesOf(absent)}`;
  const isTiny = present.length === 1 && publishedRole(present[0]) === 'preview';
  return `${what}; ${isTiny ? 'for sharper previews, get it under Previews' : 'import the whole model: one file, or a folder that holds every part'}`;
}
