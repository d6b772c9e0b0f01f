/** The noise schedule that Stable Diffusion 1, 2 and XL were trained with. */
import { readNoiseScheduleConfig } from '../../src/core/schedules';

/** @see scheduler/scheduler_config.json of their checkpoints */
export const SD_CONFIG = readNoiseScheduleConfig({
  beta_schedule: 'scaled_linear',
  beta_start: 0.00085,
  beta_end: 0.012,
});
