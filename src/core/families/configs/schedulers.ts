/** Hub scheduler_config.json: one noise schedule for all, what the U-Net predicts, and how steps are spaced. */

const schedule = {
  beta_start: 0.00085,
  beta_end: 0.012,
  beta_schedule: 'scaled_linear',
  num_train_timesteps: 1000,
  trained_betas: null,
  clip_sample: false,
  set_alpha_to_one: false,
  skip_prk_steps: true,
  steps_offset: 1,
  prediction_type: 'epsilon',
  timestep_spacing: 'leading',
};

export const SCHEDULER_SD15 = { ...schedule, _class_name: 'PNDMScheduler' };
export const SCHEDULER_INSTRUCT = { ...schedule, _class_name: 'EulerAncestralDiscreteScheduler' };
export const SCHEDULER_SD21 = { ...schedule, _class_name: 'DDIMScheduler', prediction_type: 'v_prediction' };
export const SCHEDULER_SD_TURBO = { ...schedule, _class_name: 'EulerDiscreteScheduler', timestep_spacing: 'trailing' };
export const SCHEDULER_SDXL = { ...schedule, _class_name: 'EulerDiscreteScheduler' };
export const SCHEDULER_SDXL_TURBO = {
  ...schedule,
  _class_name: 'EulerAncestralDiscreteScheduler',
  timestep_spacing: 'trailing',
};
