/** Align Your Steps: sigmas optimised for a model family, from tables for ten steps, interpolated for other numbers. */
import { linspace } from '../math';
import { endingInZero } from './schedule';
import type { OptimisedFor, ScheduleOptions } from './schedule-options';

/** 11 sigmas, falling: of Stable Diffusion 1.5 (512) and XL (1024). */
type Tables = Record<OptimisedFor, readonly number[]>;

/** @see research.nvidia.com/labs/toronto-ai/AlignYourSteps/howto.html; A1111 modules/sd_schedulers.py */
const PUBLISHED: Tables = {
  512: [14.615, 6.475, 3.861, 2.697, 1.886, 1.396, 0.963, 0.652, 0.399, 0.152, 0.029],
  1024: [14.615, 6.315, 3.771, 2.181, 1.342, 0.862, 0.555, 0.38, 0.234, 0.113, 0.029],
};

/** The same at sigmas that models have. @see ComfyUI comfy_extras/nodes_align_your_steps.py */
const COMFY: Tables = {
  512: [
    14.6146412293, 6.4745760956, 3.8636745985, 2.694615152, 1.8841921177, 1.3943805092, 0.9642583904, 0.6523686016,
    0.3977456272, 0.1515232662, 0.0291671582,
  ],
  1024: [
    14.6146412293, 6.3184485287, 3.7681790315, 2.1811480769, 1.3405244945, 0.8620721141, 0.5550693289, 0.3798540708,
    0.2332364134, 0.1114188177, 0.0291671582,
  ],
};

/** Tables from the geometry of sampling paths. @see Chen et al. 2024, arXiv:2405.11326; Forge modules/sd_schedulers.py */
const GITS: Tables = {
  512: [14.615, 4.617, 2.507, 1.236, 0.702, 0.402, 0.24, 0.156, 0.104, 0.094, 0.029],
  1024: [14.615, 4.734, 2.567, 1.529, 0.987, 0.652, 0.418, 0.268, 0.179, 0.127, 0.029],
};

/** @see A1111 modules/sd_schedulers.py get_align_your_steps_sigmas */
export function alignYourStepsSigmas(steps: number, _model: unknown, options: ScheduleOptions = {}): Float64Array {
  return endingInZero(resampled(tableOf(PUBLISHED, options), steps));
}

/** @see Forge's get_align_your_steps_sigmas_GITS */
export function gitsSigmas(steps: number, _model: unknown, options: ScheduleOptions = {}): Float64Array {
  return endingInZero(resampled(tableOf(GITS, options), steps));
}

/** One sigma more than steps, the last of which gives way to 0: ten steps are the table itself. */
export function alignYourStepsComfySigmas(steps: number, _model: unknown, options: ScheduleOptions = {}): Float64Array {
  return endingInZero(resampled(tableOf(COMFY, options), steps + 1).subarray(0, steps));
}

function tableOf(tables: Tables, { optimisedFor = 512 }: ScheduleOptions): readonly number[] {
  return tables[optimisedFor];
}

/**
 * `count` sigmas along the table, ln σ linear between its entries. For one alone A1111 takes the table's last, 0.029,
 * which paints nothing; here it is the first.
 */
function resampled(table: readonly number[], count: number): Float64Array {
  return linspace(0, table.length - 1, count).map((index) => {
    const low = Math.min(Math.floor(index), table.length - 2);
    const part = index - low;
    return Math.exp((1 - part) * Math.log(table[low]) + part * Math.log(table[low + 1]));
  });
}
