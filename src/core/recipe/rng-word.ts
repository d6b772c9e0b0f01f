/** Noise as infotexts name it: A1111 has fewer words than there are generators. */
import { NOISES, type NoiseEntry, type NoiseId } from '../noise';
import type { ValueKind } from './value-kinds';

const noises = Object.entries(NOISES) as [NoiseId, NoiseEntry][];

/** Other programs' words: stable-diffusion.cpp, InvokeAI. A1111's GPU noise is Philox where the card is NVIDIA's. */
const SYNONYMS: ReadonlyMap<string, string> = new Map([
  ['GPU', 'NV'],
  ['CUDA', 'NV'],
  ['STD_DEFAULT', 'NV'],
]);

/** The first that A1111 calls so; the others tell their name besides. */
function named(word: string): NoiseId | undefined {
  return noises.find(([, { rng }]) => rng === word)?.[0];
}

export const RNG: ValueKind<NoiseId> = {
  name: 'CPU, GPU or NV',
  read(text) {
    const word = text.trim().toUpperCase();
    return named(SYNONYMS.get(word) ?? word);
  },
  /** Where this version does not know the noise, its id is written. */
  write: (noise) => (Object.hasOwn(NOISES, noise) ? (NOISES[noise] as NoiseEntry).rng : noise),
};

/** A1111's word says all of it. */
export function isPlainRng(noise: string): boolean {
  return Object.hasOwn(NOISES, noise) && named(RNG.write(noise as NoiseId)) === noise;
}
