/** Prompts become what guides the denoiser. */
import { AppError } from '../../core/errors';
import type { Model } from '../models/model';
import type { Implementation, Outcome, Task } from './implementation';
import { encodePrompts, type EncodedPrompt } from './text/conditioning';

type EncodeTask = Task<'encode_text'>;

export const encodeText: Implementation<'encode_text'> = {
  stage: 'encoding',
  isTogether: true,
  isKept: true,
  /** Which vectors a name stands for: those of another file are others. */
  identify: (_, { embeddings }) =>
    Promise.resolve(
      embeddings.length === 0 ? '' : JSON.stringify(embeddings.map(({ names, revision }) => [names, revision])),
    ),
  async run(tasks, context) {
    const outcomes = new Map<EncodeTask, Outcome<'encode_text'>>();
    for (const group of grouped(tasks)) {
      const [{ inputs, settings }] = group;
      const model = await context.models.get(inputs.model, settings);
      const encoders = model.texts.all(settings.clipSkip, settings.dialect);
      const { plainPrompts, traits } = model;
      const { zeroesEmptyNegative } = traits;
      const prompts = group.map(({ settings: { firstPassCalls, ...prompt } }) => ({
        ...prompt,
        ...(firstPassCalls > 0 && { firstPassCalls }),
      }));
      const embeddings = model.texts.embeddings(context.embeddings);
      const options = { plainPrompts, zeroesEmptyNegative, embeddings, pause: context.pause };
      const encoded = await encodePrompts(prompts, encoders, options);
      for (const { tokens } of encoded) assertTokens(tokens, model);
      group.forEach((task, i) => outcomes.set(task, outcomeOf(encoded[i])));
    }
    return tasks.flatMap((task) => outcomes.get(task) ?? []);
  },
};

const outcomeOf = (conditioning: EncodedPrompt): Outcome<'encode_text'> => ({
  outputs: { conditioning },
  notices: conditioning.notices,
});

/** Those that the same encoders read. */
function grouped(tasks: readonly EncodeTask[]): EncodeTask[][] {
  const groups = new Map<string, EncodeTask[]>();
  for (const task of tasks) {
    const { clipSkip, dialect } = task.settings;
    const key = JSON.stringify([task.inputs.model, clipSkip, dialect]);
    groups.set(key, [...(groups.get(key) ?? []), task]);
  }
  return [...groups.values()];
}

/** @throws AppError 'bad-request' */
function assertTokens(tokens: number, { traits, texts: { tokenizer }, entry }: Model): void {
  if (traits.maxTokens === undefined || tokens <= traits.maxTokens) return;
  const limit = tokenizer.contextLength - 2;
  throw new AppError('bad-request', `${entry.name} reads prompts of ${limit} tokens at most. Shorten the prompt.`);
}
