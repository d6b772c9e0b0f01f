/** Finds the poses of people in a picture of the form, for the editor. */
import { AppError } from '../../../core/errors';
import { hintValues } from '../../../core/hints/make-hint';
import { readPoseText } from '../../../core/pose/pose-text';
import type { Pose } from '../../../core/pose/skeleton';
import type { Studio } from '../studio.svelte';
import { runHint } from './hint-source';

/** The preprocessor that finds poses. */
export const POSE_FINDER = 'openpose';

export interface FoundPose {
  /** In the size at which the picture was looked at; undefined where nobody is found. */
  pose: Pose | undefined;
  /** What is to be known of it, a sentence each. */
  notices: readonly string[];
}

/**
 * @param hash  of the picture
 * @param isWanted  asked when its turn comes
 * @throws AppError with why it cannot be looked for
 */
export async function findPose(
  studio: Pick<Studio, 'engine' | 'library' | 'settings' | 'startPictures'>,
  hash: string,
  isWanted: () => boolean,
): Promise<FoundPose> {
  const pixels = (await studio.startPictures.imagesOf({ initImage: hash }))?.[hash];
  if (!pixels) throw new AppError('missing-picture', 'The picture is not here any more: choose it again.');
  const target = { width: pixels.width, height: pixels.height };
  const own = { module: POSE_FINDER, pixelPerfect: false, resizeMode: 'crop_and_resize', target } as const;
  const wish = { ...hintValues(POSE_FINDER, {}), ...own };
  const { found, notices = [] } = await runHint(studio, pixels, { wish, hash, isWanted });
  const pose = readPoseText(found?.[0] ?? '');
  if (!pose) throw new AppError('internal', 'The engine told no pose.');
  return { pose: pose.people.length > 0 ? pose : undefined, notices };
}
