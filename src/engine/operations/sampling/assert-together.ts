/** What of a sampler's settings does not go together with its model and its inputs. */
import { AppError } from '../../../core/errors';
import { shrinkMisfit } from '../../../core/recipe/control/problems';
import { TILING_AND_TILES } from '../../../core/recipe/tiling-field';
import { mayBeTiled } from '../../../core/tiled-diffusion/tiles';
import type { Model } from '../../models/model';
import type { Task } from '../implementation';
import { shrinkOf } from './inside';
import type { Tiling } from './tiled-runner';

type SampleTask = Task<'sample'>;

/** @throws AppError 'bad-request' where the model's attention is not that of the whole picture */
export function assertSeen({ settings, inputs: { guides = [], model } }: SampleTask, tiling: Tiling | undefined): void {
  if (tiling && model.tiling?.denoiser !== undefined) throw new AppError('bad-request', TILING_AND_TILES);
  const hasParts = guides.some(({ unit, isWithin }) => unit !== 'none' || isWithin);
  if (!mayBeTiled(settings) && (hasParts || tiling))
    throw new AppError(
      'bad-request',
      'Self-attention guidance needs texts for the whole picture, painted at once: switch one of them off.',
    );
}

/** @throws AppError 'bad-request' where units act on maps that Deep Shrink makes smaller */
export function assertMaps({ settings, inputs: { control = [] } }: SampleTask, model: Model): void {
  if (shrinkOf(settings, model) === undefined) return;
  const [problem] = control.flatMap((unit) => shrinkMisfit(unit) ?? []);
  if (problem !== undefined) throw new AppError('bad-request', `A unit of control does not go here. ${problem}`);
}
