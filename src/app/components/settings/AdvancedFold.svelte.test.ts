import { flushSync, tick } from 'svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { GROUPS } from '../../../core/recipe/field';
import { isOfPicture } from '../../../core/recipe/has-effect';
import { FIELD_HELP } from '../../../core/recipe/field-help';
import { ADVANCED_IDS, fieldOf } from '../../../core/recipe/request';
import { CATALOG } from '../../testing/catalog';
import { click, control, openPage, type, type TestPage } from '../../testing/page';

let page: TestPage | undefined;
afterEach(async () => {
  await page?.close();
  page = undefined;
  document.body.replaceChildren();
});

/** Euler ancestral with Karras honours eta and rho, but no churn. */
const STORED = { sampler: 'euler_ancestral', schedule: 'karras' };
const open = (stored: Record<string, unknown> = {}): TestPage =>
  (page = openPage('0', { stored: { ...STORED, ...stored } }));
const labels = () => [...document.querySelectorAll('label')].map((node) => node.textContent?.trim());
const summary = (title: string) =>
  [...document.querySelectorAll('summary')].find((node) => node.textContent?.trim().startsWith(title));
const descriptionOf = (node: Element) =>
  (node.getAttribute('aria-describedby') ?? '').split(' ').map((id) => document.getElementById(id)?.textContent);
const alerts = () => [...document.querySelectorAll('[role=alert]')].map((node) => node.textContent).join(' ');

function choose(label: string, value: string): void {
  const select = control(label);
  select.value = value;
  select.dispatchEvent(new Event('change', { bubbles: true }));
  flushSync();
}

const KINDS: Partial<Record<string, string>> = {
  number: 'INPUT number',
  choice: 'SELECT select-one',
  flag: 'INPUT checkbox',
};

describe('Speed', () => {
  const offered = () =>
    [...(control('Speed') as unknown as HTMLSelectElement).options].map(({ label, value }) => label || value);

  it('offers the first version of Faster only where it is chosen', async () => {
    open();
    expect(offered()).toEqual(['Exact', 'Fast', 'Faster']);
    await page?.close();
    document.body.replaceChildren();
    open({ advanced: { speed: 'faster' } });
    expect(offered()).toEqual(['Exact', 'Fast', 'Faster, first version', 'Faster']);
  });
});

describe('the Advanced fold', () => {
  it('has a fold for each group, closed, and each says what is changed in it', () => {
    open({ advanced: { eta: 0.5, sNoise: 1.05, cfgRescale: 0.7, extraNoise: 0.1, denoisingStrength: 0.4 } });
    // There is no picture, and the model paints one size alone.
    const idle: readonly string[] = [GROUPS.picture, GROUPS.hires, GROUPS.refiner, GROUPS.redraw, GROUPS.tiles].map(
      ({ title }) => title,
    );
    for (const title of idle) expect(summary(title)).toBeUndefined();
    const folds = Object.values(GROUPS).filter(({ place, title }) => place === 'fold' && !idle.includes(title));
    for (const { title } of folds) expect(summary(title)?.closest('details')?.open).toBe(false);
    expect(summary('Advanced')?.textContent).toMatch(/3 changed/);
    expect([...document.querySelectorAll('.nested summary')].map((node) => node.textContent?.trim())).toEqual([
      'Enlarge',
      'Edges',
      'Parts of the model',
      'Prompt',
      'Noise',
      'Sampler 2 changed',
      'Schedule',
      'Guidance 1 changed',
    ]);
  });

  it('has the settings of a picture to start from only where there is one, and counts them not twice', () => {
    open({ initImage: 'a'.repeat(64), advanced: { extraNoise: 0.1, denoisingStrength: 0.4 } });
    expect(summary('Advanced')?.textContent).toMatch(/1 changed/);
    expect(summary(GROUPS.picture.title)?.textContent).toMatch(/1 changed/);
    expect([control('Extra noise'), control('Noise multiplier')]).toHaveLength(2);
    expect(labels().filter((label) => label === 'Denoising strength')).toHaveLength(1);
  });

  it('has the strength of a second pass beside it, where there is no picture', () => {
    open({ model: 'large', advanced: { hiresScale: 1.5, denoisingStrength: 0.4 } });
    expect(summary(GROUPS.hires.title)?.textContent).toMatch(/2 changed/);
    expect(control('Denoising strength').closest('details')).toBe(summary(GROUPS.hires.title)?.closest('details'));
  });

  const honoured = ADVANCED_IDS.filter(
    (id) => !isOfPicture(id) && !['hires', 'refiner', 'tiles'].includes(fieldOf(id).group),
  ).filter(
    (id) =>
      !['sChurn', 'sTmin', 'sTmax', 'betaAlpha', 'betaBeta', 'sagBlur'].includes(id) &&
      !/^(freeu.|shrink(?!Block)|dynthres.)/.test(id),
  );

  it('offers a second pass where the model paints other sizes, and its strength beside it', () => {
    open({ model: CATALOG.models[1].id });
    expect(labels()).not.toContain('Hires steps');
    type('Upscale by', '2');
    expect(control('Hires prompt')).toMatchObject({ tagName: 'TEXTAREA', value: '' });
    expect(descriptionOf(control('Hires prompt'))).toEqual([FIELD_HELP.hiresPrompt]);
    expect(labels().filter((label) => ['Hires steps', 'Denoising strength'].includes(label ?? ''))).toHaveLength(2);
    expect(control('Denoising strength').closest('details.nested')?.textContent).toContain('Hires. fix');
  });

  it('offers the library’s models as refiner, and says when and in which pass one takes over', () => {
    const { studio } = open({ model: CATALOG.models[1].id });
    expect(labels()).not.toContain('Switch at');
    const checkpoint = control('Refiner checkpoint');
    expect(descriptionOf(checkpoint)).toEqual([FIELD_HELP.refinerCheckpoint]);
    const names = [...checkpoint.querySelectorAll('option')].map(({ value }) => value);
    expect(names[0]).toBe('none');
    expect(names.length).toBeGreaterThan(1);
    choose('Refiner checkpoint', names[1]);
    type('Switch at', '0.6');
    expect(labels()).not.toContain('Refiner for');
    type('Upscale by', '2');
    choose('Refiner for', 'both');
    const fold = summary(GROUPS.refiner.title)?.closest('details');
    for (const label of ['Switch at', 'Switch by sampling steps', 'Refiner for'])
      expect(control(label).closest('details')).toBe(fold);
    expect(studio.settings.toRequest()).toMatchObject({
      refinerCheckpoint: names[1],
      refinerSwitchAt: 0.6,
      refinerPasses: 'both',
    });
    choose('Refiner checkpoint', 'none');
    expect(studio.settings.toRequest()).not.toHaveProperty('refinerSwitchAt');
  });

  it('has the strengths of FreeU and the blur of self-attention guidance where these are on', () => {
    open({ advanced: { freeu: 'v2', sagScale: 0.5 } });
    for (const label of ['FreeU B1', 'FreeU B2', 'FreeU S1', 'FreeU S2', 'Blur of self-attention guidance'])
      expect(control(label).closest('details')).toBe(summary(GROUPS.guidance.title)?.closest('details'));
  });

  it('has what dynamic thresholding is told where it is on, in place of the rescale', () => {
    open();
    expect(labels()).not.toContain('Mimic scale');
    choose('Dynamic thresholding', 'steps');
    for (const label of ['Mimic scale', 'Threshold percentile', 'CFG mode', 'Scheduler value', 'Interpolate phi'])
      expect(control(label).closest('details')).toBe(summary(GROUPS.guidance.title)?.closest('details'));
    expect(descriptionOf(control('Mimic scale'))).toEqual([FIELD_HELP.dynthresMimicScale]);
    expect(labels()).not.toContain('CFG rescale');
  });

  it('has what Deep Shrink is told where it is on, and says before the press what it does not go with', () => {
    open();
    type('Deep Shrink from block', '3');
    expect(control('Deep Shrink factor').closest('details')).toBe(summary(GROUPS.guidance.title)?.closest('details'));
    expect(descriptionOf(control('Deep Shrink from block'))).toEqual([FIELD_HELP.shrinkBlock]);
    for (const [change, other] of [
      [() => choose('FreeU', 'v2'), 'FreeU'],
      [() => (choose('FreeU', 'none'), type('Self-attention guidance', '0.5')), 'Self-attention guidance'],
    ] as const) {
      change();
      expect(descriptionOf(control('Deep Shrink from block')).at(0)).toBe(
        `${other} reads maps of one size, which Deep Shrink makes smaller: switch one of them off.`,
      );
    }
    type('Deep Shrink factor', '1');
    expect(descriptionOf(control('Deep Shrink from block'))).toEqual([FIELD_HELP.shrinkBlock]);
  });

  it('has a control of its kind for each setting, by the name of its label, with its help', () => {
    open();
    for (const id of honoured) {
      const setting = fieldOf(id);
      const node = control(setting.label);
      const kind = KINDS[setting.kind];
      expect(`${node.tagName} ${node.type}`).toBe(kind);
      expect(descriptionOf(node)).toEqual([FIELD_HELP[id]]);
      if (setting.kind === 'number') expect([node.min, node.max]).toEqual([String(setting.min), String(setting.max)]);
      if (setting.kind === 'choice')
        expect([...node.querySelectorAll('option')].map((option) => option.textContent)).toEqual(
          Object.values(setting.choices)
            .filter(({ isEarlier = false }) => !isEarlier)
            .map(({ label }) => label),
        );
      const fold = node.closest('details')?.querySelector('summary')?.textContent?.trim();
      expect(fold).toBe(GROUPS[setting.group].title);
    }
  });

  it('leaves a number that is not set to the sampler, and says so', () => {
    open();
    expect([control('Eta').value, control('Eta').placeholder]).toEqual(['', 'Automatic']);
    expect(control('Clip skip').value).toBe('1');
  });

  it('marks what differs, and resets it alone', () => {
    const { studio } = open();
    type('Eta', '0.25');
    choose('Emphasis mode', 'no_norm');
    control('Zero terminal SNR').click();
    flushSync();
    expect(studio.settings.toRequest()).toMatchObject({ eta: 0.25, emphasis: 'no_norm', zeroTerminalSnr: true });
    expect([...document.querySelectorAll('label.changed')].map((node) => node.textContent)).toEqual([
      'Emphasis mode',
      'Eta',
      'Zero terminal SNR',
    ]);
    click('Reset Eta');
    expect(control('Eta').value).toBe('');
    expect(studio.settings.toRequest()).not.toHaveProperty('eta');
    expect(studio.settings.toRequest()).toMatchObject({ emphasis: 'no_norm', zeroTerminalSnr: true });
    click('Reset Emphasis mode');
    click('Reset Zero terminal SNR');
    expect([control('Emphasis mode').value, control('Zero terminal SNR').checked]).toEqual(['original', false]);
    expect(summary('Advanced')?.textContent?.trim()).toBe('Advanced');
  });

  it('shows the options of the sampler and the schedule that are chosen, and no others', () => {
    const { studio } = open();
    expect(labels()).toEqual(expect.arrayContaining(['Eta', 'Sigma noise', 'Schedule rho']));
    expect(labels()).not.toContain('Sigma churn');
    type('Eta', '0.5');
    choose('Sampler', 'heun');
    expect(labels()).toEqual(expect.arrayContaining(['Sigma churn', 'Sigma tmin', 'Sigma tmax', 'Sigma noise']));
    expect(labels()).not.toContain('Eta');
    expect(studio.settings.toRequest()).not.toHaveProperty('eta');
    choose('Schedule type', 'beta');
    expect(labels()).toEqual(expect.arrayContaining(['Beta schedule alpha', 'Beta schedule beta']));
    expect(labels()).not.toContain('Schedule rho');
    choose('Sampler', 'euler_ancestral');
    expect(control('Eta').value).toBe('0.5');
  });

  it('stays open while what is in it changes', async () => {
    open();
    const fold = () => control('Sampling rules').closest('details');
    fold()?.setAttribute('open', '');
    await tick();
    choose('Sampler', 'heun');
    type('Sigma noise', '1.05');
    await tick();
    expect(fold()?.open).toBe(true);
  });

  it('says at the schedule when the sampler has sigmas of its own, and what Automatic is', () => {
    open();
    expect(descriptionOf(control('Schedule type'))).toEqual([undefined]);
    choose('Sampler', 'dpm_fast');
    expect(descriptionOf(control('Schedule type')).join()).toContain('DPM fast has sigmas of its own');
    expect(control('Schedule type').disabled).toBe(false);
    expect(labels()).not.toContain('Schedule rho');
    choose('Sampler', 'dpmpp_2m');
    choose('Schedule type', 'automatic');
    expect(descriptionOf(control('Schedule type'))).toEqual(['With DPM++ 2M: Karras.']);
  });

  it('says at the control what is wrong; Generate says it too, unfolds it, and brings the person there', async () => {
    const { engine } = open();
    type('Eta', '7');
    const sentence = 'Eta must be from 0 to 1, not 7.';
    expect(control('Eta').getAttribute('aria-invalid')).toBe('true');
    expect(descriptionOf(control('Eta'))).toEqual([sentence, FIELD_HELP.eta]);
    click('Generate');
    expect(alerts()).toContain(sentence);
    expect(engine.calls).not.toContain('generate');
    await vi.waitFor(() => expect(document.activeElement).toBe(control('Eta')));
    for (let fold = control('Eta').closest('details'); fold; fold = fold.parentElement?.closest('details') ?? null)
      expect(fold.open).toBe(true);
    choose('Sampler', 'dpmpp_2m');
    expect(alerts()).toBe('');
  });

  it('does not take half a number for an empty field, and leaves what was typed', () => {
    const { studio } = open();
    const field = control('Eta');
    // What a browser does with "1e": no value, and validity says why.
    Object.defineProperty(field, 'validity', { configurable: true, value: { badInput: true } });
    type('Eta', '');
    expect(descriptionOf(field)).toContain('Eta must be a number from 0 to 1.');
    Object.defineProperty(field, 'validity', { configurable: true, value: { badInput: false } });
    type('Eta', '');
    expect(studio.settings.problems).toEqual({});
  });

  it('comes back as it was left', async () => {
    const { store } = open();
    type('Eta', '0.5');
    choose('Prompt syntax', 'comfyui');
    await page?.close();
    document.body.replaceChildren();
    page = openPage('0', { stored: JSON.parse(JSON.stringify(store.read())) as Record<string, unknown> });
    expect([control('Eta').value, control('Prompt syntax').value]).toEqual(['0.5', 'comfyui']);
  });
});
