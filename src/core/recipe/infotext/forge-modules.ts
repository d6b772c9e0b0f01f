/** Forge's "Module 1: vae-ft-mse-840000-ema-pruned": a VAE is named so; text encoders stay what they are. */
import { FORGE_MODULE } from './keys';

const IS_VAE = /(?<![a-z])(?:vae|kl-?f8|mse-?840000|ema-?560000|taesd)(?![a-z])/i;

/** The first of the first pass that is called as a VAE is its VAE, where no other is named. */
export function takeForgeVae(values: Map<string, string>): void {
  if (values.has('VAE')) return;
  const vae = [...values].find(
    ([key, name]) => FORGE_MODULE.test(key) && !key.startsWith('Hires') && IS_VAE.test(name),
  );
  if (!vae) return;
  values.delete(vae[0]);
  values.set('VAE', vae[1]);
}
