/** How GPU and CPU were compared, by browser, GPU and model. */
import type { ProviderTrial } from '../../engine/api';
import type { TrialStore } from '../../engine/ports';
import { createKeyValue, type KeyValue } from './key-value';

/** @param browser  another version of it computes at another speed */
export function createTrialStore(
  values: KeyValue = createKeyValue('gesso-trials'),
  browser: string = navigator.userAgent,
): TrialStore {
  const keyOf = (key: string): string => JSON.stringify([browser, key]);
  return {
    read: (key) => values.get<ProviderTrial>(keyOf(key)),
    async write(key, trial) {
      const isOld = (one: string): boolean => !one.startsWith(JSON.stringify([browser]).slice(0, -1));
      await values.change([[keyOf(key), trial]], (await values.keys()).filter(isOld));
    },
    async clear() {
      const all = await values.keys();
      if (all.length > 0) await values.change([], all);
    },
  };
}
