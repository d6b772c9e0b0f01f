/** Whether a checkpoint is all that a pack needs, and what it is where it is only a part. */
import type { CheckpointComponent, OpenedCheckpoint } from '../checkpoints';
import { AppError } from '../errors';

const PARTS_OF_MODELS: readonly CheckpointComponent[] = ['unet', 'text_encoder', 'text_encoder_2', 'vae'];

const PART_NAMES: Readonly<Record<CheckpointComponent, string>> = {
  unet: 'U-Net',
  text_encoder: 'text encoder',
  text_encoder_2: 'second text encoder',
  vae: 'autoencoder (VAE)',
  taesd: 'preview decoder (TAESD)',
};

/** "U-Net, text encoder and autoencoder (VAE)". */
const namesOf = (parts: readonly CheckpointComponent[]): string =>
  parts
    .map((id) => PART_NAMES[id])
    .join(', ')
    .replace(/, ([^,]*)$/, ' and $1');

/** @throws AppError naming what a model needs and this has not */
export function assertComplete(
  { components, missing, family }: OpenedCheckpoint,
  file: string,
  isPreview: boolean,
): void {
  const model = PARTS_OF_MODELS.filter((id) => id !== 'text_encoder_2' || family === 'sdxl');
  const needed = isPreview ? (['taesd'] as const) : model;
  const absent = needed.filter((id) => !components[id]);
  if (absent.length > 0) {
    const present = (Object.keys(components) as CheckpointComponent[]).filter((id) => components[id]);
    throw new AppError('missing-file', `${file}: ${aloneText(present, absent)}`);
  }
  if (missing.length > 0) {
    const names = missing.slice(0, 3).join(', ');
    const more = missing.length > 3 ? ` and ${missing.length - 3} more` : '';
    throw new AppError('bad-file', `${file}: ${names}${more} are missing; the file is not complete: fetch it again`);
  }
}

/** What a part of a model is, that it cannot paint, and what to do. */
function aloneText(present: readonly CheckpointComponent[], absent: readonly CheckpointComponent[]): string {
  const what = `this is only the ${namesOf(present)} of a model, which cannot paint without its ${namesOf(absent)}`;
  const isTiny = present.length === 1 && present[0] === 'taesd';
  return `${what}; ${isTiny ? 'for sharper previews, get it under Previews' : 'import the whole model: one file, or a folder that holds every part'}`;
}
