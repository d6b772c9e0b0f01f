/** Fewer model calls for a picture. */
export { LEAST_STEPS, madeSteps } from './made-steps';
export { forecasts, runWithForecasts, type ForecastRun } from './run-with-forecasts';
export { SPEEDS, type SpeedEntry, type SpeedId } from './table';
