/** The table of predictions, by diffusers' words for `prediction_type`. Configs and tests iterate it. */
import { epsilon } from './epsilon';
import type { Prediction } from './prediction';
import { sample } from './sample';
import { vPrediction } from './v-prediction';

export const PREDICTIONS = {
  epsilon,
  v_prediction: vPrediction,
  sample,
} as const satisfies Record<string, Prediction>;

export type PredictionId = keyof typeof PREDICTIONS;
