/** `checkpoint`: what Gesso makes of a model file, or the sentence that says why it does not open it. */
import { openCheckpoint } from '../../src/core/checkpoints';
import { AppError } from '../../src/core/errors';
import { openPath } from './open-path';
import type { Question } from './question';

export const CHECKPOINT: Question = {
  summary:
    'a model file or folder: {"kind":"checkpoint","family":"sd15",...}, or {"error":"..."} with what a user would read',
  examples: ['checkpoint tools/starter/model'],
  options: {
    components: { help: 'adds "components": the config and the number of tensors of each' },
  },
  async ask(args) {
    const { sources, dispose } = await openPath(args.text());
    try {
      const { components, scheduler, ...facts } = await openCheckpoint(sources);
      const { family, variant, layout, dtype, prediction, zeroTerminalSnr, tensors, unused, missing } = facts;
      return {
        kind: 'checkpoint',
        family,
        layout,
        dtype,
        prediction,
        tensors,
        unused,
        missing,
        ...(variant !== 'base' && { variant }),
        ...(zeroTerminalSnr && { zeroTerminalSnr }),
        ...(args.has('components') && { components: describe(components), scheduler }),
      };
    } catch (error) {
      if (error instanceof AppError) return { error: error.message };
      throw error;
    } finally {
      await dispose();
    }
  },
};

type Components = Awaited<ReturnType<typeof openCheckpoint>>['components'];

function describe(components: Components): object {
  return Object.fromEntries(
    Object.entries(components).map(([name, { config, tensors }]) => [
      name,
      { tensors: tensors.names().length, config },
    ]),
  );
}
