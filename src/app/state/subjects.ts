/** What a bundled model says it can draw: the `subjects` of its gesso.json, and other names of the same. */
import { bundledPath, type ModelEntry } from '../../core/catalog';

export interface Subjects {
  /** One name each. */
  subjects: readonly string[];
  /** Those, and all others it answers to. */
  names: readonly string[];
}

const NONE: Subjects = { subjects: [], names: [] };

/** Nothing where the model lists none or the list cannot be had: it is a help, not a need. */
export async function fetchSubjects(model: ModelEntry, baseUrl: string): Promise<Subjects> {
  const path = bundledPath(model);
  if (path === undefined) return NONE;
  try {
    const answer = await fetch(new URL(`${path}gesso.json`, baseUrl));
    if (!answer.ok) return NONE;
    const facts = ((await answer.json()) ?? {}) as Record<string, unknown>;
    const subjects = texts(facts['subjects']);
    return { subjects, names: [...subjects, ...texts(facts['other_names'])] };
  } catch (error) {
    console.info(`${model.name}: its list of subjects could not be read.`, error);
    return NONE;
  }
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}

/** Whether a prompt names any of them, in the singular or in a plain plural. */
export function namesAny(prompt: string, names: readonly string[]): boolean {
  const words = ` ${
    prompt
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu)
      ?.join(' ') ?? ''
  } `;
  return names.some((name) => ['', 's', 'es'].some((end) => words.includes(` ${name}${end} `)));
}
