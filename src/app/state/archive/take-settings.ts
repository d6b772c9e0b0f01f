/** Restores what a backup holds besides pictures: the form is replaced, all else is added to what is here. Can be undone. */
import type { Style } from '../../../core/prompt/styles';
import { parseStyles } from '../../../core/prompt/styles-csv';
import { KEPT_FORM } from '../settings/settings.svelte';
import type { Studio } from '../studio.svelte';
import type { Backup } from './restore';
import { takenBack, usedSince } from './undo-since';

type Parts = Pick<Studio, 'settings' | 'shelf' | 'form'>;

/** Settings that belong to this device and not to the person: they are not taken over. */
const OF_DEVICE: readonly string[] = ['provider', 'gpuMemory'];

/** A mask lies on its picture, and each picture under its own mask; a model has fields of its own. */
const BOUND = [
  ['initMask', 'initImage'],
  ['initImage', 'initMask'],
  ['fields', 'modelId'],
] as const;

/** Replaces all settings, so that no part of one recipe stays beside another's. @returns what undoes it */
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
  const came = settings.toSnapshot();
  const cameMine = settings.mine;
  return () => {
    const now = settings.toSnapshot();
    const back = takenBack({ before: { ...before, batchCount }, came, now }, ['fields', 'advanced', 'extras'], BOUND);
    form.change('Settings as they were', () => settings.useSnapshot(back));
    form.dismiss();
    settings.mine = takenBack({ before: mine, came: cameMine, now: settings.mine });
  };
}

/** Those whose name is here already are left out. */
function takeStyles(csv: string, { shelf }: Parts): () => void {
  const here = new Set(shelf.styles.map(({ name }) => name));
  const fresh = readStyles(csv).filter(({ name }) => !here.has(name));
  for (const style of fresh) shelf.keepStyle(style);
  const cameAs = new Map(shelf.styles.map((style) => [style.name, JSON.stringify(style)]));
  return () => {
    const as = new Map(shelf.styles.map((style) => [style.name, JSON.stringify(style)]));
    const unchanged = fresh.filter(({ name }) => as.get(name) === cameAs.get(name));
    for (const { name } of unchanged) shelf.removeStyle(name);
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
  const came = shelf.recent;
  const here = new Set(before.map((pair) => JSON.stringify(pair)));
  return () => {
    const used = usedSince(came, shelf.recent);
    const left = shelf.recent.filter((pair) => used.has(pair) || here.has(JSON.stringify(pair)));
    shelf.forgetRecent();
    remember([...left]);
  };
}
