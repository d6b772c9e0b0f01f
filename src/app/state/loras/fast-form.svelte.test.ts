import { flushSync } from 'svelte';
import { describe, expect, it } from 'vitest';
import { entryWithoutCatalog, helperAsModel } from '../../../core/catalog';
import type { StoredAdapter } from '../../../engine/library-api';
import { storedLora } from '../../testing/stored-lora';
import { FastForm } from './fast-form.svelte';
import { FormHistory } from '../settings/form-history.svelte';
import type { LibraryItem } from '../library/library-items';
import { Settings } from '../settings/settings.svelte';
import { WHOLE_CATALOG } from '../library/whole-catalog';

const entryOf = (name: string, family: 'sd15' | 'sdxl') =>
  entryWithoutCatalog(name.toLowerCase(), name, family, { source: { kind: 'imported' }, downloadBytes: 1 });

const helpers = (WHOLE_CATALOG.helpers ?? []).map((helper): LibraryItem => {
  return { entry: helperAsModel(helper), isUsable: false, isOwn: false, isRemoved: false };
});

function open(
  name = 'Deliberate',
  { family = 'sd15', adapters = [] as StoredAdapter[] }: { family?: 'sd15' | 'sdxl'; adapters?: StoredAdapter[] } = {},
) {
  const settings = new Settings({ models: [entryOf(name, family)] });
  settings.prompt = 'a cat';
  const form = new FormHistory(settings);
  const got: string[] = [];
  let here = $state.raw(adapters);
  let coming = $state.raw<LibraryItem['transfer']>();
  const library = {
    get adapters() {
      return here;
    },
    get helpers() {
      return helpers.map((item) => (coming?.id === item.entry.id ? { ...item, transfer: coming } : item));
    },
    items: [],
    get: ({ id }: { id: string }) => Promise.resolve(void got.push(id)),
  };
  const arrive = (one: StoredAdapter): void => {
    here = [...here, one];
  };
  /** Undefined: it has ended, or was cancelled. */
  const come = (state?: 'downloading' | 'paused'): void => {
    const [id = ''] = got;
    coming = state && { id, name: id, state, doneBytes: 0, totalBytes: 1, canPause: true };
  };
  return { settings, form, got, arrive, come, fast: new FastForm({ settings, form, library }) };
}

const LCM = storedLora('lcm-lora-sdv1-5');
const idsOf = ({ ways }: FastForm) => ways.map(({ id }) => id);

describe('FastForm', () => {
  it('offers the LoRAs of the catalogue that fit the model’s family, and those that are here first', () => {
    expect(idsOf(open().fast)).toEqual(['lcm-lora-sd15', 'tcd-lora-sd15', 'hyper-sd15-lora-4']);
    expect(idsOf(open('XL', { family: 'sdxl' }).fast)).toEqual([
      'sdxl-lightning-lora-4',
      'lcm-lora-sdxl',
      'tcd-lora-sdxl',
      'hyper-sdxl-lora-4',
    ]);
    const here = open('Any', { adapters: [storedLora('ink'), LCM] });
    expect(idsOf(here.fast)).toEqual([LCM.id, 'tcd-lora-sd15', 'hyper-sd15-lora-4']);
  });

  it('puts the tag into the prompt and sets what goes with it, in one step of undo', () => {
    const { settings, form, fast } = open('Any', { adapters: [LCM] });
    fast.use(fast.ways[0]);
    expect([settings.prompt, settings.sampler, settings.steps, settings.cfgScale]).toEqual([
      'a cat <lora:lcm-lora-sdv1-5:1>',
      ...['lcm', 6, 1],
    ]);
    expect(idsOf(fast)).toEqual([]);
    expect(form.news).toBe('Set to LCM: 6 steps, CFG 1, LCM');
    form.undo();
    expect([settings.prompt, settings.steps]).toEqual(['a cat', 25]);
    expect(idsOf(fast)).toHaveLength(3);
  });

  it('takes the tag of another of its kind out, and leaves all others', () => {
    const tcd = storedLora('tcd-lora-sd15');
    const { settings, fast } = open('Any', { adapters: [LCM, storedLora('ink'), tcd] });
    settings.prompt = 'a <lora:lcm-lora-sdv1-5:0.8> <lora:ink:1>';
    fast.use(fast.ways.find(({ id }) => id === tcd.id) ?? expect.fail('not offered'));
    expect(settings.prompt).toBe('a <lora:ink:1> <lora:tcd-lora-sd15:1>');
  });

  it('gets one that is not here, and sets it when it has come', () => {
    const { settings, fast, got, arrive } = open();
    fast.use(fast.ways[0]);
    fast.arrive();
    expect([got, settings.prompt]).toEqual([['lcm-lora-sd15'], 'a cat']);
    arrive(storedLora('lcm-lora-sdv1-5-2', { fileName: 'lcm-lora-sdv1-5.safetensors' }));
    fast.arrive();
    expect([settings.prompt, settings.steps]).toEqual(['a cat <lora:lcm-lora-sdv1-5-2:1>', 6]);
    flushSync();
  });

  it('waits for one that is paused, and for none that was cancelled', () => {
    const step = ({ fast, come }: ReturnType<typeof open>, ...states: Parameters<typeof come>[0][]): void => {
      for (const state of states) {
        come(state);
        fast.arrive();
      }
    };
    const [kept, cancelled] = [open(), open()];
    for (const one of [kept, cancelled]) {
      one.fast.use(one.fast.ways[0]);
      one.fast.arrive();
      step(one, 'downloading', 'paused');
    }
    step(kept, 'downloading');
    step(cancelled, undefined);
    for (const one of [kept, cancelled]) {
      one.arrive(LCM);
      step(one, undefined);
    }
    expect([kept, cancelled].map(({ settings: { steps } }) => steps)).toEqual([6, 25]);
  });

  it('offers the settings of a model that is made for few steps, without a LoRA', () => {
    const { settings, fast } = open('dreamshaperXL_lightning', { family: 'sdxl' });
    expect(fast.ways.map(({ settings: { steps, cfgScale } }) => [steps, cfgScale])).toEqual([[4, 1]]);
    fast.use(fast.ways[0]);
    expect([settings.prompt, settings.sampler, settings.schedule, settings.steps]).toEqual([
      'a cat',
      ...['euler', 'sgm_uniform', 4],
    ]);
  });

  it('offers no tag where tags are text', () => {
    const { settings, fast } = open();
    settings.advanced.set('dialect', 'comfyui');
    expect(idsOf(fast)).toEqual([]);
  });
});
