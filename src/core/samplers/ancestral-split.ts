/** How an ancestral step divides: down without noise, then up with fresh noise. */

/**
 * sigmaDown² + sigmaUp² = sigmaNext².
 *
 * @see k-diffusion get_ancestral_step
 */
export function ancestralSplit(sigma: number, sigmaNext: number, eta: number): { sigmaDown: number; sigmaUp: number } {
  if (eta === 0) return { sigmaDown: sigmaNext, sigmaUp: 0 };
  const full = Math.sqrt((sigmaNext ** 2 * (sigma ** 2 - sigmaNext ** 2)) / sigma ** 2);
  const sigmaUp = Math.min(sigmaNext, eta * full);
  return { sigmaDown: Math.sqrt(sigmaNext ** 2 - sigmaUp ** 2), sigmaUp };
}
