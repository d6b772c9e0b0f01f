/** The model as a graph says that it is sampled: its noise schedule, and what its output means. @see ComfyUI comfy_extras/nodes_model_advanced.py */
import { lcmPrediction, PREDICTIONS, type Prediction } from '../../../core/predictions';
import type { SamplerEntry } from '../../../core/samplers';
import {
  createDiscreteSchedule,
  lcmSchedule,
  type DiscreteSchedule,
  type NoiseScheduleConfig,
} from '../../../core/schedules';
import type { SettingsOf } from '../../../core/workflow';

type Settings = Pick<SettingsOf<'sample'>, 'sampling' | 'conventions' | 'zeroTerminalSnr' | 'timestepRounding'>;

export function sampledSchedule(config: NoiseScheduleConfig, settings: Settings): DiscreteSchedule {
  const { conventions, zeroTerminalSnr, timestepRounding, sampling } = settings;
  const schedule = createDiscreteSchedule(config, {
    conventions,
    zeroTerminalSnr,
    timesteps: timestepRounding === 'auto' ? undefined : timestepRounding,
  });
  return sampling === 'lcm' ? lcmSchedule(schedule) : schedule;
}

/** The sampler for the model: in recipes it may want the schedule of another kind of model; in graphs the graph says it. */
export function sampledBy<Entry extends SamplerEntry>(sampler: Entry, { sampling }: Pick<Settings, 'sampling'>): Entry {
  return sampling === 'auto' ? sampler : { ...sampler, modelSchedule: (model) => model };
}

export function sampledPrediction(
  { predictionType }: NoiseScheduleConfig,
  { sampling }: Pick<Settings, 'sampling'>,
  schedule: DiscreteSchedule,
): Prediction {
  switch (sampling) {
    case 'eps':
      return PREDICTIONS.epsilon;
    case 'v_prediction':
      return PREDICTIONS.v_prediction;
    case 'x0':
      return PREDICTIONS.sample;
    case 'lcm':
      return lcmPrediction((sigma) => schedule.sigmaToT(sigma));
    case 'auto':
    case 'own':
      return PREDICTIONS[predictionType];
  }
}
