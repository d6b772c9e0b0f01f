/** `upscaler`: what Gesso makes of an upscaler's file, or the sentence that says why it does not open it. */
import { openUpscaler } from '../../src/core/checkpoints/open-upscaler';
import { AppError } from '../../src/core/errors';
import { UsageError } from './arguments';
import { openPath } from './open-path';
import type { Question } from './question';

export const UPSCALER: Question = {
  summary:
    'an upscaler’s file: {"network":"rrdb","scale":4,"blocks":23,...}, or {"error":"..."} with what a user would read',
  examples: ['upscaler src/core/networks/fixtures/upscaler-rrdb-old/weights.safetensors'],
  options: {},
  async ask(args) {
    const { sources, dispose } = await openPath(args.text());
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
