/** What a picture took: seconds of each stage, calls, memory, and what was loaded for it. */
import type { Timings } from '../api';
import type { Model } from '../models/model';
import type { Runtime } from '../ports';
import type { PaintJob } from './job';

/** @param now  in ms, as `spent.startedAt` */
export function timingsOf(
  { clock, spent, images }: Pick<PaintJob, 'clock' | 'spent' | 'images'>,
  { now, memory, model }: { now: number; memory: Runtime['memory']; model: Model | undefined },
): Timings {
  const tiles = Math.max(...images.map((image) => image.tiles ?? 1));
  return {
    loadSeconds: clock.seconds('loading'),
    encodeSeconds: clock.seconds('encoding'),
    denoiseSeconds: clock.seconds('denoising'),
    decodeSeconds: clock.seconds('decoding') + clock.seconds('enlarging'),
    totalSeconds: (now - spent.startedAt) / 1000,
    modelCalls: spent.modelCalls,
    ...(spent.forecastCalls > 0 && { forecastCalls: spent.forecastCalls }),
    ...(memory && { peakGpuBytes: memory.read().peakBytes }),
    ...(tiles > 1 && { tiles }),
    ...(model && { loads: model.components.loads, model: model.report }),
  };
}
