/** The output is v = α·noise − σ'·x0 of the variance-preserving form. @see Salimans and Ho 2022, arXiv:2202.00512 */
import { scaleVariancePreserving, type Prediction } from './prediction';

export const vPrediction: Prediction = {
  scaleInput: scaleVariancePreserving,
  toDenoised(x, output, sigma) {
    const variance = sigma * sigma + 1;
    return x.map((value, i) => value / variance - (output[i] * sigma) / Math.sqrt(variance));
  },
};
