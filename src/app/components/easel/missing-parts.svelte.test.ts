import { flushSync } from 'svelte';
import { afterEach, describe, expect, it } from 'vitest';
import { readGrid } from '../../state/grids/grid-draft';
import { button, click, openPage, soon, type TestPage } from '../../testing/page';

let page: TestPage | undefined;
afterEach(async () => {
  await page?.close();
  page = undefined;
  document.body.replaceChildren();
});

async function fail(advanced: Record<string, unknown>): Promise<TestPage> {
  page = openPage('0', { stored: { model: 'large', prompt: 'a cat', advanced } });
  await page.studio.start();
  click('Generate');
  return page;
}

const painted = ({ studio }: TestPage) => studio.gallery.pictures[0]?.request;

describe('a picture that names what is not here', () => {
  it('is painted with the same model by one press, which Undo takes out of the form', async () => {
    const opened = await fail({ hiresScale: 1.5, hiresCheckpoint: 'gone [0123456789]' });
    const { studio } = opened;
    await soon(() => button('Use the same model'));
    expect(document.querySelector('.card[role=alert]')?.textContent).toContain('gone [0123456789]');
    click('Use the same model');
    await soon(() => expect(painted(opened)?.hiresCheckpoint).toBe('same'));
    expect(studio.settings.toRequest()).not.toHaveProperty('hiresCheckpoint');
    studio.form.undo();
    expect(studio.settings.advanced.get('hiresCheckpoint')).toBe('gone [0123456789]');
  });

  it('is painted without a refiner by one press', async () => {
    const opened = await fail({ refinerCheckpoint: 'gone [0123456789]', refinerSwitchAt: 0.6 });
    await soon(() => button('Paint without a refiner'));
    expect(document.querySelector('.card[role=alert]')?.textContent).toContain('gone [0123456789]');
    click('Paint without a refiner');
    await soon(() => expect(painted(opened)?.refinerCheckpoint).toBe('none'));
    expect(opened.studio.settings.advanced.get('refinerCheckpoint')).toBe('none');
  });

  it('is painted with another that is chosen, one after another where two are missing', async () => {
    const opened = await fail({ hiresScale: 1.5, hiresUpscaler: '4x-Gone', enlarger: '2x-Gone' });
    await soon(() => button('Do not enlarge'));
    const chooser = document.querySelector<HTMLSelectElement>('select[aria-label="Upscaler in place of 4x-Gone"]');
    if (!chooser) throw new Error('no chooser');
    expect([...chooser.options].map(({ text }) => text)).toContain('R-ESRGAN AnimeVideo');
    chooser.value = 'r_esrgan_animevideo';
    chooser.dispatchEvent(new Event('change', { bubbles: true }));
    flushSync();
    expect(opened.studio.queue.failure?.error.message, 'the keyboard goes through them').toContain('4x-Gone');
    click('Paint with it');
    await soon(() => expect(opened.studio.queue.failure?.error.message).toContain('2x-Gone'));
    await soon(() => button('Do not enlarge'));
    click('Do not enlarge');
    await soon(() => expect(painted(opened)).toMatchObject({ hiresUpscaler: 'r_esrgan_animevideo', enlarger: 'none' }));
  });

  it('is painted in a sheet that varies that very setting, and has that name on it', async () => {
    page = openPage('0', { stored: { model: 'large', prompt: 'a cat', advanced: { hiresScale: 1.5 } } });
    const { studio } = page;
    await studio.start();
    const rows = [{ id: 'hiresUpscaler', text: 'Latent (nearest), 4x-Gone' }];
    expect(studio.asking.generateGrid((request) => readGrid(rows, studio.models, request))).toBe(true);
    await soon(() => button('Use Latent'));
    const labels = () => studio.queue.failure?.job.grid?.axes[0]?.values.map(({ label }) => label);
    expect(labels()?.[1]).toBe('Hires upscaler: 4x-Gone');
    click('Use Latent');
    await soon(() => expect(studio.gallery.pictures.length).toBeGreaterThanOrEqual(2));
    const used = studio.gallery.pictures.map(({ request }) => request.hiresUpscaler);
    expect(used).toEqual(expect.arrayContaining(['latent', 'latent_nearest']));
    expect(studio.queue.failure).toBeUndefined();
  });

  it('keeps the form where that asks for something else by now', async () => {
    const opened = await fail({ hiresScale: 1.5, hiresCheckpoint: 'gone' });
    await soon(() => button('Use the same model'));
    opened.studio.settings.advanced.set('hiresCheckpoint', 'other');
    click('Use the same model');
    await soon(() => expect(painted(opened)?.hiresCheckpoint).toBe('same'));
    expect(opened.studio.settings.advanced.get('hiresCheckpoint')).toBe('other');
  });
});
