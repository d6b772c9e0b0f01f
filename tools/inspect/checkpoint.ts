/** `checkpoint`: what Gesso makes of a model file, or the sentence that says why it does not open it. */
import { basename } from 'node:path';
import { openCheckpoint } from '../../src/core/checkpoints';
import { AppError } from '../../src/core/errors';
import { UsageError } from './arguments';
import { openPath } from './file-source';
import type { Question } from './question';

export const CHECKPOINT: Question = {
  summary:
    'a model file or folder: {"kind":"checkpoint","family":"sd15",...}, or {"error":"..."} with what a user would read',
  examples: ['checkpoint public/models/starter'],
  options: {
    components: { help: 'adds "components": the config and the number of tensors of each' },
  },
  async ask(args) {
    const path = args.text();
    if (path === '') throw new UsageError('There is no path.');
    const { sources, close } = await openPath(path);
    try {
      const named =
        sources.length === 1 ? sources.map((source) => ({ ...source, name: basename(source.name) })) : sources;
      const { components, scheduler, ...facts } = await openCheckpoint(named);
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
      await close();
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
