import { readFileSync } from 'node:fs';
import { flushSync } from 'svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { markIcon } from '../../state/telling/mark-icon';
import { playDone } from '../../state/telling/done-sound';
import { click, control, openPage, soon, type, type TestPage } from '../../testing/page';

let page: TestPage | undefined;
afterEach(async () => {
  await page?.close();
  page = undefined;
  document.body.replaceChildren();
  document.head.replaceChildren();
  delete document.documentElement.dataset['theme'];
  localStorage.clear();
});

const open = (...args: Parameters<typeof openPage>): TestPage => (page = openPage(...args));
function choose(label: string, value: string): void {
  const select = control(label);
  select.value = value;
  select.dispatchEvent(new Event('change', { bubbles: true }));
  flushSync();
}
const runThemeScript = (): void => {
  new Function(readFileSync('public/theme.js', 'utf8'))();
};

describe('Preferences', () => {
  it('has the way to backups, also where there is no picture', async () => {
    open();
    await page?.studio.gallery.load();
    click('Preferences');
    await soon(() => {
      const found = [...document.querySelectorAll('[role=dialog] button')].find((node) =>
        /backup/.test(node.textContent),
      );
      expect(found).toHaveProperty('disabled', false);
    });
  });

  it('takes the theme at once, and at the next visit before anything is painted', () => {
    document.head.innerHTML =
      '<meta name="theme-color" content="#f7f5f1" media="(prefers-color-scheme: light)">' +
      '<meta name="theme-color" content="#161618" media="(prefers-color-scheme: dark)">';
    const grounds = () => [...document.querySelectorAll('meta')].map(({ content }) => content);
    const { dataset } = document.documentElement;
    open();
    click('Preferences');
    choose('Theme', 'dark');
    expect(dataset['theme']).toBe('dark');
    expect(grounds()).toEqual(['#161618', '#161618']);
    delete dataset['theme'];
    runThemeScript();
    expect(dataset['theme']).toBe('dark');
    choose('Theme', 'system');
    expect(dataset['theme']).toBeUndefined();
    expect(grounds()).toEqual(['#f7f5f1', '#161618']);
    runThemeScript();
    expect(dataset['theme']).toBeUndefined();
  });

  it('keeps settings as the person’s own for the model, gives them with its settings, and the shipped ones back', () => {
    const { studio, store } = open();
    const shipped = studio.settings.steps;
    type('Prompt', 'a fox');
    type('Steps', '17');
    type('Batch count', '4');
    studio.settings.advanced.set('clipSkip', 2);
    click('Preferences');
    click('Save these settings as mine');
    flushSync();
    type('Steps', '3');
    type('Batch count', '1');
    studio.settings.advanced.set('clipSkip', 1);
    click("Back to this model's settings");
    expect([studio.settings.steps, studio.settings.batchCount]).toEqual([17, 4]);
    expect(studio.settings.advanced.get('clipSkip')).toBe(2);
    expect(studio.settings.prompt).toBe('a fox');
    flushSync();
    expect(JSON.stringify(store.read())).toContain('"mine"');
    click('Back to what it comes with');
    expect(studio.settings.steps).toBe(shipped);
    expect(studio.settings.advanced.get('clipSkip')).not.toBe(2);
    expect(studio.settings.prompt).toBe('a fox');
    studio.offers.takeBack();
    expect([studio.settings.steps, studio.settings.batchCount]).toEqual([17, 4]);
  });

  it('takes back what it did to these settings, whatever was done since', () => {
    const { studio } = open();
    const { settings } = studio;
    const other = { fields: { steps: 5 }, batchCount: 1, advanced: {} };
    type('Prompt', 'a fox');
    type('Steps', '17');
    click('Preferences');
    click('Save these settings as mine');
    flushSync();
    const mine = settings.mine[settings.model.id];
    studio.form.change('Something before', () => (settings.prompt = 'an owl'));
    // The form holds what it comes with already: forgetting changes nothing in it.
    settings.mine = {};
    settings.useDefaults();
    settings.advanced.useRequest({});
    settings.batchCount = 1;
    if (mine) settings.mine = { [settings.model.id]: mine };
    flushSync();
    click('Back to what it comes with');
    settings.mine = { ...settings.mine, other };
    studio.offers.takeBack();
    expect(settings.prompt, 'no other change is undone').toBe('an owl');
    expect(settings.mine, 'no other model’s are lost').toEqual({ other, [settings.model.id]: mine });
  });

  it('has the person’s own settings also at the next visit', () => {
    const { studio } = open('0', {
      stored: {
        mine: { starter: { fields: { steps: 11, cfgScale: 'much' }, batchCount: 2, advanced: { clipSkip: 2 } } },
      },
    });
    const id = studio.settings.model.id;
    studio.settings.mine = {
      [id]: Object.values(studio.settings.mine)[0] ?? { fields: {}, batchCount: 1, advanced: {} },
    };
    const { cfgScale } = studio.settings.model.defaults as { cfgScale: number };
    studio.settings.useDefaults();
    expect(studio.settings.steps).toBe(11);
    expect(studio.settings.cfgScale, 'what is no number is left aside').toBe(cfgScale);
    expect(studio.settings.advanced.get('clipSkip')).toBe(2);
  });

  it('keeps the sound off until it is wanted, and over a visit', () => {
    const { studio, store } = open();
    expect(studio.attention.isAudible).toBe(false);
    expect(store.read()['sounds']).toBeUndefined();
    studio.attention.isAudible = true;
    flushSync();
    expect(store.read()['sounds']).toBe(true);
  });
});

describe('folds', () => {
  it('are as they were left at the last visit', async () => {
    open();
    const fold = (title: string): HTMLDetailsElement => {
      const found = [...document.querySelectorAll('details')].find(
        (node) => node.querySelector('summary span')?.textContent === title,
      );
      if (!found) throw new Error(`no fold ${title}`);
      return found;
    };
    expect([fold('Size').open, fold('Advanced').open]).toEqual([true, false]);
    for (const [title, isOpen] of [
      ['Size', false],
      ['Advanced', true],
    ] as const) {
      fold(title).open = isOpen;
      fold(title).dispatchEvent(new Event('toggle'));
    }
    flushSync();
    const kept = localStorage.getItem('gesso-folds');
    await page?.close();
    document.body.replaceChildren();
    open('0', { folds: kept ?? '' });
    expect([fold('Size').open, fold('Advanced').open]).toEqual([false, true]);
  });
});

describe('when it is done', () => {
  it('the tab’s icon has a mark until somebody looks', () => {
    document.head.innerHTML = '<link rel="icon" href="./icons/icon.svg" type="image/svg+xml">';
    const href = () => document.querySelector('link')?.getAttribute('href');
    markIcon(true);
    markIcon(true);
    expect(href()).toBe('./icons/icon-done.svg');
    expect(readFileSync('public/icons/icon-done.svg', 'utf8')).toContain('<circle');
    markIcon(false);
    expect(href()).toBe('./icons/icon.svg');
  });

  it('two tones are played, and a browser without sound stays silent', async () => {
    const started: number[] = [];
    const node = () => ({
      frequency: { value: 0 },
      gain: { setValueAtTime: vi.fn(), linearRampToValueAtTime: vi.fn(), exponentialRampToValueAtTime: vi.fn() },
      connect: (next: unknown) => next,
      start: (at: number) => started.push(at),
      stop: vi.fn(),
    });
    await expect(
      playDone(() => {
        throw new Error('no sound');
      }),
    ).resolves.toBeUndefined();
    let allow = (): void => undefined;
    const resume = () => new Promise<void>((resolve) => (allow = resolve));
    const parts = { currentTime: 5, destination: {}, createOscillator: node, createGain: node };
    const audio = { ...parts, state: 'suspended', resume };
    const late = playDone(() => audio as unknown as AudioContext);
    await expect(late, 'a press that comes later starts nothing').resolves.toBeUndefined();
    Object.assign(audio, { state: 'running' });
    allow();
    await new Promise((resolve) => setTimeout(resolve));
    expect(started).toEqual([]);
    const soon = playDone(() => audio as unknown as AudioContext);
    allow();
    await soon;
    expect(started).toEqual([5, 5.16]);
  });
});
