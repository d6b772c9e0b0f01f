/** The output is x0 itself. */
import { scaleVariancePreserving, type Prediction } from './prediction';

export const sample: Prediction = {
  scaleInput: scaleVariancePreserving,
  toDenoised: (_x, output) => output,
};
