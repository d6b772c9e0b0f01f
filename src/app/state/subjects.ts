/** What a bundled model says it can draw: the `subjects` of its gesso.json. */
import { bundledPath, type ModelEntry } from '../../core/catalog';

/** Empty where the model lists none or the list cannot be had: it is a help, not a need. */
export async function fetchSubjects(model: ModelEntry, baseUrl: string): Promise<readonly string[]> {
  const path = bundledPath(model);
  if (path === undefined) return [];
  try {
    const answer = await fetch(new URL(`${path}gesso.json`, baseUrl));
    if (!answer.ok) return [];
    const facts: unknown = await answer.json();
    const subjects = typeof facts === 'object' && facts !== null && 'subjects' in facts ? facts.subjects : [];
    return Array.isArray(subjects) ? subjects.filter((subject): subject is string => typeof subject === 'string') : [];
  } catch (error) {
    console.info(`${model.name}: its list of subjects could not be read.`, error);
    return [];
  }
}
