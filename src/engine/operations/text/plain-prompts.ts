/** Prompts for a model that knows few sentences: each of their texts as the model is given it, and what is said about that. */
import { sayReading, type PlainReader } from '../../../core/plain-words';
import type { PromptPlan } from '../../../core/prompt';

export interface PlainPrompts {
  reader: PlainReader;
  /** Name of the model. */
  name: string;
  /** Painted where nothing was written. */
  suggestion: string | undefined;
  /** Names of embeddings, which it reads whatever they are called. */
  names?: readonly string[];
}

export interface ReadPlan {
  plan: PromptPlan;
  notices: string[];
}

export async function readPositive(
  plan: PromptPlan,
  { reader, name, suggestion, names }: PlainPrompts,
): Promise<ReadPlan> {
  const isEmpty = plan.parts.every(({ schedule }) => schedule.every(({ text }) => text.trim() === ''));
  if (isEmpty && suggestion !== undefined)
    return {
      plan: await withTexts(plan, () => Promise.resolve(suggestion)),
      notices: [`Nothing was written, so this is what was suggested: ${suggestion}.`],
    };
  const notices: string[] = [];
  const read = await withTexts(plan, async (text) => {
    if (text.trim() === '') return text;
    const reading = await reader.read(text, names);
    const said = sayReading(reading, name);
    if (said !== undefined) notices.push(said);
    return reading.draws;
  });
  return { plan: read, notices };
}

/** Reads a negative prompt in the model's words where it names a subject, else as typed: a colour alone has its effect, and nothing need be said. */
export async function readNegative(plan: PromptPlan, { reader, names }: PlainPrompts): Promise<PromptPlan> {
  return withTexts(plan, async (text) => (await reader.read(text, names)).draws);
}

async function withTexts(plan: PromptPlan, read: (text: string) => Promise<string>): Promise<PromptPlan> {
  const parts = await Promise.all(
    plan.parts.map(async ({ weight, schedule }) => ({
      weight,
      schedule: await Promise.all(schedule.map(async (entry) => ({ ...entry, text: await read(entry.text) }))),
    })),
  );
  return { ...plan, parts };
}
