/** What networks predict, and how a run of them begins. */
export { lcmPrediction } from './lcm';
export type { Prediction } from './prediction';
export { PREDICTIONS, type PredictionId } from './table';
export { startScale, type StartScaleRule } from './start-scale';
