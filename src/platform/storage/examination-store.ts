/** What self-tests have found, by GPU, browser and runtime: the last few. */
import type { ExaminationStore } from '../gpu/examined-once';
import type { Examined } from '../gpu/self-test/examine';
import { createKeyValue, type KeyValue } from './key-value';

/** Browsers are updated every four weeks, and each update is tested anew. */
const MOST_KEPT = 8;

export function createExaminationStore(values: KeyValue = createKeyValue('gesso-devices')): ExaminationStore {
  return {
    get: (key) => values.get<Examined>(key),
    async set(key, examination) {
      await values.change([[key, examination]]);
      const dated = await Promise.all((await values.keys()).map(async (one) => [one, await atOf(one)] as const));
      const old = dated.sort(([, a], [, b]) => b - a).slice(MOST_KEPT);
      if (old.length > 0) await values.change([], old.map(([one]) => one)); // prettier-ignore
    },
  };

  async function atOf(key: string): Promise<number> {
    return (await values.get<Examined>(key))?.at ?? 0;
  }
}
