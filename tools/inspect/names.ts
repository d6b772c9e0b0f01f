/** Names that several questions take: ids, and the words other programs have for them. */
import { isNoiseId, type NoiseId } from '../../src/core/noise';
import type { Dialect } from '../../src/core/prompt';
import { SAMPLERS, type RunnableSampler, type SamplerEntry, type SamplerId } from '../../src/core/samplers';
import { RUNNABLE } from '../../src/core/samplers/formulas';
import { UsageError, needed, type Arguments, type OptionSpec } from './arguments';

export const RNG: OptionSpec = { value: 'cpu|nv|comfyui', help: 'the generator' };
export const DIALECT: OptionSpec = { value: 'a1111|comfyui', help: 'whose rules (default: a1111)' };
export const SAMPLER: OptionSpec = { value: 'name', help: 'an id, an A1111 name or an alias' };

export function readRng(args: Arguments): NoiseId {
  const id = canonical(needed('rng', args.word('rng')));
  if (isNoiseId(id)) return id;
  throw new UsageError(`--rng must be cpu, nv or comfyui, not "${args.word('rng')}".`);
}

export function readDialect(args: Arguments): Dialect {
  const id = canonical(args.word('dialect') ?? 'a1111');
  if (id === 'a1111' || id === 'comfyui') return id;
  throw new UsageError(`--dialect must be a1111 or comfyui, not "${args.word('dialect')}".`);
}

/** Undefined where no sampler is asked for. */
export function readSampler(args: Arguments): { id: SamplerId; entry: RunnableSampler } | undefined {
  const word = args.word('sampler');
  if (word === undefined) return undefined;
  const wanted = word.toLowerCase();
  const entries = Object.entries(SAMPLERS) as [SamplerId, SamplerEntry][];
  const found = entries.find(([id, { label, aliases }]) =>
    [id, label, ...aliases].some((name) => name.toLowerCase() === wanted),
  );
  if (found) return { id: found[0], entry: RUNNABLE[found[0]] };
  throw new UsageError(`--sampler "${word}" is not known; there are ${Object.keys(SAMPLERS).join(', ')}.`);
}

/** One of a few words, whatever their case. */
export function readChoice<Word extends string>(args: Arguments, name: string, words: readonly Word[]) {
  const written = args.word(name);
  if (written === undefined) return undefined;
  const found = words.find((word) => word === written.toLowerCase());
  if (found !== undefined) return found;
  throw new UsageError(`--${name} must be one of ${words.join(', ')}, not "${written}".`);
}

function canonical(word: string): string {
  const lower = word.toLowerCase();
  return lower === 'comfy' ? 'comfyui' : lower;
}
