/** What a bundled model says it can draw, and how prompts are read for it: its gesso.json. */
import { bundledPath, type ModelEntry } from '../../../core/catalog/catalog';
import type { Languages, PlainReader } from '../../../core/plain-words';

export interface Subjects {
  /** Subjects that the model can draw, one name each. */
  subjects: readonly string[];
  /** How prompts are read for a model that knows few sentences. */
  reader?: PlainReader;
}

const NONE: Subjects = { subjects: [] };

/** Nothing where the model lists none or the list cannot be had: it is a help, not a need. */
export async function fetchSubjects(model: ModelEntry, baseUrl: string): Promise<Subjects> {
  const path = bundledPath(model);
  if (path === undefined) return NONE;
  try {
    const [answer, { createPlainReader, readReaderFacts }] = await Promise.all([
      fetch(new URL(`${path}gesso.json`, baseUrl)),
      import('../../../core/plain-words'),
    ]);
    if (!answer.ok) return NONE;
    const extras: unknown = await answer.json();
    const facts = readReaderFacts(extras, `${path}gesso.json`);
    return {
      subjects: texts(((extras ?? {}) as Record<string, unknown>)['subjects']),
      ...(facts && { reader: createPlainReader(facts, () => fetchLanguages(`${path}names.json`, baseUrl)) }),
    };
  } catch (error) {
    console.info(`${model.name}: its list of subjects could not be read.`, error);
    return NONE;
  }
}

async function fetchLanguages(path: string, baseUrl: string): Promise<Languages | undefined> {
  try {
    const { createLanguages, readNamesFile } = await import('../../../core/plain-words');
    const answer = await fetch(new URL(path, baseUrl));
    return answer.ok ? createLanguages(readNamesFile(await answer.json(), path)) : undefined;
  } catch (error) {
    console.info('The names of subjects in other languages could not be read.', error);
    return undefined;
  }
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}
