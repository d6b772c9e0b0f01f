/** `upscaler`: what Gesso makes of an upscaler's file, or the sentence that says why it does not open it. */
import { openUpscaler } from '../../src/core/checkpoints/open-upscaler';
import { AppError } from '../../src/core/errors';
import { openSources } from '../../src/core/testing/open-sources';
import { UsageError } from './arguments';
import type { Question } from './question';

export const UPSCALER: Question = {
  summary:
    'an upscaler’s file: {"network":"rrdb","scale":4,"blocks":23,...}, or {"error":"..."} with what a user would read',
  examples: ['upscaler src/core/networks/fixtures/upscaler-rrdb-old/weights.safetensors'],
  options: {},
  async ask(args) {
    const path = args.text();
    if (path === '') throw new UsageError('There is no path.');
    const { sources, dispose } = await openSources(path).catch((error: unknown) => {
      throw error instanceof AppError ? new UsageError(`${error.message}.`) : error;
    });
    try {
      const [source] = sources;
      if (sources.length !== 1) throw new UsageError('An upscaler is one file.');
      const { network, sizes, config, tensors } = await openUpscaler(source);
      const counts = tensors.names().map((name) => tensors.shape(name).reduce((product, n) => product * n, 1));
      return { network, ...sizes, parameters: counts.reduce((sum, count) => sum + count, 0), config };
    } catch (error) {
      if (error instanceof AppError) return { error: error.message };
      throw error;
    } finally {
      await dispose();
    }
  },
};
