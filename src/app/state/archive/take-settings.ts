/** What a backup holds besides pictures comes into the page: the form as it was, all else beside what is here. Can be taken back. */
import type { Style } from '../../../core/prompt/styles';
import { parseStyles } from '../../../core/prompt/styles-csv';
import { KEPT_FORM } from '../settings/settings.svelte';
import type { Studio } from '../studio.svelte';
import type { Backup } from './restore';

type Parts = Pick<Studio, 'settings' | 'shelf' | 'form'>;

/** Settings that belong to this device and not to the person: they are not taken over. */
const OF_DEVICE: readonly string[] = ['provider', 'gpuMemory'];

/** Settings are taken whole: no part of one recipe stays beside another's. @returns what takes it back */
export function takeSettings(backup: Pick<Backup, 'settings' | 'recent' | 'styles'>, studio: Parts): () => void {
  const backStyles = takeStyles(backup.styles, studio);
  const backRecent = takeRecent(backup.recent, studio);
  const backForm = takeForm(backup.settings, studio);
  return () => {
    backForm();
    backRecent();
    backStyles();
  };
}

function takeForm(stored: Record<string, unknown>, { settings, form }: Parts): () => void {
  const before = settings.toSnapshot();
  const { mine, batchCount } = settings;
  const { mine: theirs, ...rest } = KEPT_FORM.raise(stored);
  const taken = Object.entries(rest).filter(([key]) => !OF_DEVICE.includes(key));
  form.change('Settings of the backup', () => {
    if (taken.length > 0) {
      Object.assign(settings, { initImage: undefined, initMask: undefined, control: [], extras: {} });
      settings.advanced.useRequest({});
    }
    settings.takeLate({
      ...Object.fromEntries(taken),
      mine: { ...(typeof theirs === 'object' && theirs), ...mine },
    });
  });
  // Offered with all else that has come.
  form.dismiss();
  return () => {
    form.change('Settings as they were', () => settings.useSnapshot(before));
    form.dismiss();
    Object.assign(settings, { mine, batchCount });
  };
}

/** Those of a name that is here stay as they are. */
function takeStyles(csv: string, { shelf }: Parts): () => void {
  const here = new Set(shelf.styles.map(({ name }) => name));
  const fresh = readStyles(csv).filter(({ name }) => !here.has(name));
  for (const style of fresh) shelf.keepStyle(style);
  return () => {
    for (const { name } of fresh) shelf.removeStyle(name);
  };
}

function readStyles(csv: string): Style[] {
  try {
    return csv === '' ? [] : parseStyles(csv);
  } catch (error) {
    console.info('The styles of the backup are left out.', error);
    return [];
  }
}

/** Puts the backup's recent prompts behind those that were used here. */
function takeRecent(recent: Backup['recent'], { shelf }: Parts): () => void {
  const before = shelf.recent;
  const remember = (pairs: Backup['recent']): void => {
    for (const pair of pairs.toReversed()) shelf.remember(pair);
  };
  remember(recent);
  remember([...before]);
  return () => {
    shelf.forgetRecent();
    remember([...before]);
  };
}
