/** Finds the pose of a person in a picture of the form, for the editor. */
import { AppError } from '../../../core/errors';
import { hintValues } from '../../../core/hints/make-hint';
import { readPoseText } from '../../../core/pose/pose-text';
import type { Pose } from '../../../core/pose/skeleton';
import type { Studio } from '../studio.svelte';
import { runHint } from './hint-source';

/** The preprocessor that finds poses. */
export const POSE_FINDER = 'openpose';

/**
 * @param hash  of the picture
 * @param isWanted  asked when its turn comes
 * @returns in the size at which it was looked at; undefined where nobody is found
 * @throws AppError with why it cannot be looked for
 */
export async function findPose(
  studio: Pick<Studio, 'engine' | 'library' | 'settings' | 'startPictures'>,
  hash: string,
  isWanted: () => boolean,
): Promise<Pose | undefined> {
  const pixels = (await studio.startPictures.imagesOf({ initImage: hash }))?.[hash];
  if (!pixels) throw new AppError('missing-picture', 'The picture is not here any more: choose it again.');
  const target = { width: pixels.width, height: pixels.height };
  const own = { module: POSE_FINDER, pixelPerfect: false, resizeMode: 'crop_and_resize', target } as const;
  const wish = { ...hintValues(POSE_FINDER, {}), ...own };
  const { found } = await runHint(studio, pixels, { wish, hash, isWanted });
  const pose = readPoseText(found?.[0] ?? '');
  if (!pose) throw new AppError('internal', 'The engine told no pose.');
  return pose.people.length > 0 ? pose : undefined;
}
