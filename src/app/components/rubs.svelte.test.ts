import { flushSync } from 'svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { AppError } from '../../core/errors';
import { sheetFacts } from '../state/pictures/recipe-line';
import { memoryGalleryStore } from '../testing/gallery-store';
import { button, click, control, openPage, soon, type, type TestPage } from '../testing/page';

let page: TestPage | undefined;
afterEach(async () => {
  await page?.close();
  page = undefined;
  document.body.replaceChildren();
  vi.restoreAllMocks();
});

const open = (...args: Parameters<typeof openPage>): TestPage => (page = openPage(...args));
const words = (selector: string): string =>
  (document.querySelector(selector)?.textContent ?? '').replace(/\s+/g, ' ').trim();

async function paint(prompt: string): Promise<void> {
  type('Prompt', prompt);
  const before = page?.studio.gallery.pictures.length ?? 0;
  click('Generate');
  await soon(() => expect(page?.studio.gallery.pictures.length).toBe(before + 1));
  flushSync();
}

describe('styles', () => {
  it('are switched on and off in their sheet, several at once', () => {
    const { studio } = open();
    studio.shelf.importStyles('name,prompt,negative_prompt\nOil,oil painting of {prompt},photo\nNight,at night,\n');
    type('Prompt', 'a fox');
    studio.opened = 'styles';
    flushSync();
    const style = (name: string): HTMLButtonElement => {
      const found = [...document.querySelectorAll<HTMLButtonElement>('[aria-label="Styles"] .use')].find((node) =>
        node.textContent?.trim().startsWith(name),
      );
      if (!found) throw new Error(`no style ${name}`);
      return found;
    };
    const press = (name: string): void => {
      style(name).click();
      flushSync();
    };
    press('Oil');
    press('Night');
    expect(studio.settings.prompt).toBe('oil painting of a fox, at night');
    expect([style('Oil'), style('Night')].map((node) => node.getAttribute('aria-pressed'))).toEqual(['true', 'true']);
    press('Oil');
    expect([studio.settings.prompt, studio.settings.negativePrompt]).toEqual(['a fox, at night', '']);
    expect(style('Oil').getAttribute('aria-pressed')).toBe('false');
    studio.form.undo();
    expect(studio.settings.prompt).toBe('oil painting of a fox, at night');
  });
});

describe('an X/Y/Z grid', () => {
  it('calls its axes as the panel calls the settings', () => {
    open().studio.opened = 'grid';
    flushSync();
    const names = [...document.querySelectorAll('#grid-type-0 option')].map((node) => node.textContent);
    for (const name of ['CFG scale', 'Variation seed', 'Noise', 'Checkpoint name']) expect(names).toContain(name);
    expect(names).not.toContain('CFG Scale');
  });

  it('has a sheet that says what it varies, not the settings of its first picture', async () => {
    const { studio } = open();
    await paint('a fox');
    const [first] = studio.gallery.pictures;
    if (!first) throw new Error('one was made');
    const unknown = { 'X Type': 'Steps', 'X Values': '4, 8', 'Y Type': 'CFG Scale', 'Y Values': '1, 7' };
    const facts = { ...first, isSheet: true, recipe: { ...first.recipe, unknown } };
    expect(sheetFacts(facts)).toEqual(['X: Steps 4, 8', 'Y: CFG Scale 1, 7']);
    await studio.gallery.add({ facts, file: new Blob(), thumbnail: new Blob() });
    flushSync();
    const said = words('[aria-label="About this picture"]');
    expect(said).toContain('X: Steps 4, 8');
    expect(said).not.toContain(`${first.request.steps} steps`);
  });
});

describe('the gallery', () => {
  it('names the halves and the columns of a comparison', async () => {
    const { studio } = open();
    await paint('a fox');
    await paint('an owl');
    studio.galleryView.isOpen = true;
    studio.galleryView.selectAll();
    studio.galleryView.compare();
    flushSync();
    expect(document.querySelector('.pair-dialog .handle svg')).not.toBeNull();
    expect([...document.querySelectorAll('.pair-dialog .name')].map((node) => node.textContent)).toEqual([
      'Older',
      'Newer',
    ]);
    expect([...document.querySelectorAll('.pair-dialog .column')].map((node) => node.textContent)).toEqual([
      'Older',
      'Newer',
    ]);
    const slider = document.querySelector<HTMLInputElement>('.pair-dialog input');
    if (!slider) throw new Error('there is a slider');
    slider.value = '5';
    slider.dispatchEvent(new Event('input'));
    flushSync();
    expect(document.querySelector<HTMLElement>('.pair-dialog .name')?.hidden).toBe(true);
  });

  it('says at the large picture what was left out of it', async () => {
    const { studio } = open();
    await paint('a fox <tag:x>');
    studio.enlarge(studio.gallery.pictures[0]?.id ?? 0);
    flushSync();
    expect(words('.lightbox .caption')).toContain('<tag:x> was left out.');
  });

  it('says in sentences that pictures are not kept', async () => {
    const galleryStore = memoryGalleryStore();
    galleryStore.refusal = new AppError('internal', 'The browser could not store it: denied');
    open('0', { galleryStore });
    await paint('a fox');
    const said = words('.about');
    expect(said).toContain('The pictures are not kept. The browser could not store it: denied. The newest');
    expect(said).not.toContain('went wrong inside');
    expect(button('Try again')).toBeDefined();
    expect(control('Prompt').value).toBe('a fox');
  });
});

describe('the form', () => {
  it('has sides that cannot be changed where the model paints one size, and takes back a wrong one', () => {
    const { studio } = open();
    const one = studio.models.find(({ size }) => size.min === size.max);
    const many = studio.models.find(({ size }) => size.min < size.max);
    const side = one?.size.min ?? 0;
    const readOnly = (): boolean[] => [control('Width').readOnly, control('Height').readOnly];
    if (many) studio.useModel(many.id);
    flushSync();
    expect(many && readOnly()).toEqual(many && [false, false]);
    studio.useModel(one?.id ?? '');
    flushSync();
    expect(readOnly()).toEqual([true, true]);
    expect(document.body.textContent).toContain(`paints at ${side} × ${side} only.`);
    studio.settings.width = side * 2; // as a recipe may leave it
    flushSync();
    expect(readOnly()).toEqual([false, true]);
  });

  it('says what -1 is, until there is a seed', () => {
    open();
    const help = () => document.getElementById('field-seed-help')?.textContent;
    expect(help()).toBe('A new one for each press of Generate.');
    type('Seed', '7');
    expect(help()).toBeUndefined();
    click('Random seed');
    expect(help()).toBeDefined();
  });

  it('lists the advanced settings that stay changed, also while they are folded away, and resets them', () => {
    const { studio } = open();
    const listed = (): string[] =>
      [...document.querySelectorAll('[aria-labelledby="changed-settings"] li')].map((node) =>
        (node.firstChild?.textContent ?? '').replace(/\s+/g, ' ').trim(),
      );
    expect(listed()).toEqual([]);
    studio.settings.advanced.set('clipSkip', 2);
    studio.settings.advanced.set('emphasis', 'ignore');
    flushSync();
    expect(listed().sort()).toEqual(['Clip skip 2', 'Emphasis mode Ignore']);
    click('Reset Clip skip to its default');
    expect(listed()).toEqual(['Emphasis mode Ignore']);
    studio.form.undo();
    flushSync();
    click('Reset all');
    expect(listed()).toEqual([]);
    expect(studio.settings.advanced.changed).toEqual([]);
  });

  it('tells a wrong number at its control alone where that can be seen', async () => {
    open();
    type('Steps', '0');
    click('Generate');
    const said = document.querySelector('[role=alert] .problem');
    expect(said?.textContent).toBe(document.getElementById('field-steps-problem')?.textContent);
    await soon(() => expect(document.activeElement?.id).toBe('field-steps'));
    flushSync();
    expect(said?.classList.contains('at-fields')).toBe(true); // e2e/manners.spec.ts sees that it is hidden
  });

  it('tells it where it can be seen when something else than the button asked', async () => {
    const { studio } = open();
    type('Steps', '0');
    click('Generate');
    const said = document.querySelector('.bar [role=alert] .problem');
    await soon(() => expect(studio.asking.isToldAtField).toBe(true));
    studio.asking.generateForever();
    flushSync();
    expect(said?.textContent).toMatch(/steps/i);
    expect(said?.classList.contains('at-fields')).toBe(false);
    studio.grids.rows = [{ id: 'seed', text: '1, 2' }];
    studio.opened = 'grid';
    flushSync();
    expect(document.querySelector('[role=dialog] [role=alert]')?.textContent).toBe(said?.textContent);
  });
});

describe('what is kept', () => {
  it('is asked to last when a first picture is kept, once', async () => {
    vi.resetModules(); // it is asked once a visit
    const persist = vi.fn(() => Promise.resolve(true));
    vi.stubGlobal(
      'navigator',
      Object.assign(navigator, { storage: { persisted: () => Promise.resolve(false), persist } }),
    );
    open();
    await new Promise((resolve) => setTimeout(resolve));
    expect(persist).not.toHaveBeenCalled();
    await paint('a fox');
    await soon(() => expect(persist).toHaveBeenCalledOnce());
    await paint('an owl');
    expect(persist).toHaveBeenCalledOnce();
  });

  it('is no reason to ask when the page is closed; what would be lost is', async () => {
    const galleryStore = memoryGalleryStore();
    const { studio } = open('0', { galleryStore });
    const isAsked = (): boolean => {
      flushSync();
      return !window.dispatchEvent(new Event('beforeunload', { cancelable: true }));
    };
    await studio.line.restore();
    expect(isAsked()).toBe(false);
    await paint('a fox');
    expect(isAsked(), 'it is kept').toBe(false);
    galleryStore.refusal = new AppError('quota', 'The disk is full.');
    await paint('an owl');
    expect(isAsked(), 'it is not kept').toBe(true);
    galleryStore.refusal = undefined;
    await studio.gallery.keepUnkept();
    expect(isAsked()).toBe(false);
  });

  it('is no line of a tab that keeps none: closing it is asked about', () => {
    const { studio } = open('50');
    type('Prompt', 'a fox');
    click('Generate');
    flushSync();
    expect(studio.line.isKept).toBe(false);
    expect(window.dispatchEvent(new Event('beforeunload', { cancelable: true }))).toBe(false);
    studio.cancel();
  });
});
