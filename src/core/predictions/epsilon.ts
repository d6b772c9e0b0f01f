/** The output is the noise: x0 = x − σ·output. @see Ho et al. 2020, arXiv:2006.11239, equation 15 */
import { scaleVariancePreserving, type Prediction } from './prediction';

export const epsilon: Prediction = {
  scaleInput: scaleVariancePreserving,
  toDenoised: (x, output, sigma) => x.map((value, i) => value - sigma * output[i]),
};
