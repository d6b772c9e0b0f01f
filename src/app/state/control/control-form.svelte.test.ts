/** Units of the form: added, changed, removed, kept, and what is wrong with them said. */
import { AppError } from '../../../core/errors';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { StoredModel } from '../../../engine/library-api';
import { memoryAssetStore, plainPicture } from '../../testing/asset-store';
import { openPage, type TestPage } from '../../testing/page';
import { drawerEntries, toldControl } from './control-inputs';
import { ControlForm } from './control-form.svelte';
import { incomingControl } from './incoming-control';

let page: TestPage | undefined;
afterEach(async () => {
  await page?.close();
  page = undefined;
});

function stored(id: string, changes: Partial<StoredModel> = {}): StoredModel {
  const sizes = { plan: 'q8', bytes: 370e6, addedAt: 1, isHelper: true };
  return { id, name: id, family: 'sd15', fileName: `${id}.safetensors`, control: 'network', ...sizes, ...changes };
}

const HASH = 'ab'.repeat(32);
const [CANNY, DEPTH] = [stored('control-canny', { sha256: HASH }), stored('depth-xl', { family: 'sdxl' })];

async function open(options: Parameters<typeof openPage>[1] = {}): Promise<{ form: ControlForm; page: TestPage }> {
  const opened = openPage('0', options);
  page = opened;
  opened.library.show({ models: [DEPTH, CANNY] });
  await opened.studio.start();
  return { page: opened, form: new ControlForm(opened.studio) };
}

describe('ControlForm', () => {
  it('changes units, undoes what is removed, and keeps them between visits', async () => {
    const assets = memoryAssetStore();
    const image = await assets.put(plainPicture(90));
    const control = [
      { model: 'control-canny', image, weight: 0.5 },
      { model: 'depth-xl', isOff: true },
    ];
    const { form, page } = await open({ assets, stored: { control } });
    const { settings, form: history } = page.studio;
    expect(settings.toDraft().control).toEqual([{ model: 'control-canny', image, weight: 0.5 }]);
    form.setModule(0, 'canny');
    form.set(0, { weight: 0.8 });
    expect(form.rows[0]?.unit).toMatchObject({ module: 'canny', weight: 0.8, mode: 'balanced' });
    form.remove(0);
    expect(settings.toDraft().control).toBeUndefined();
    await page.studio.tidy();
    expect([...assets.kept.keys()]).toContain(image);
    history.undo();
    expect(settings.toStored()['control']).toMatchObject([{ weight: 0.8 }, { isOff: true }]);
  });

  it('says what could not be kept, and takes a region back', async () => {
    const assets = memoryAssetStore();
    const { form, page } = await open({ assets, stored: { control: [{ model: 'control-canny' }] } });
    expect(await form.takeRegion(0, plainPicture(200))).toBe(true);
    const { region } = form.rows[0]?.unit ?? {};
    expect(region).toBeDefined();
    form.actEverywhere(0);
    expect(form.rows[0]?.unit.region).toBeUndefined();
    page.studio.form.undo();
    expect(form.rows[0]?.unit.region).toBe(region);

    vi.spyOn(assets, 'put').mockRejectedValue(new AppError('quota', 'No room.'));
    expect(await form.takeRegion(0, plainPicture(100))).toBe(false);
    expect(page.studio.said).toBe('No room.');
    expect(await form.takePose(0, plainPicture(100), 'pose')).toBe(false);
    expect(form.rows[0]?.unit).toMatchObject({ region });
  });

  it('keeps a mask of a unit’s own and further pictures, says which are lost, and takes them back', async () => {
    const assets = memoryAssetStore();
    const [one, other] = [await assets.put(plainPicture(40)), await assets.put(plainPicture(60))];
    const unit = { model: 'control-canny', image: one, module: 'ip-adapter-auto', more: [other] };
    const { form, page } = await open({ assets, stored: { control: [unit] } });
    expect(await form.takeMask(0, plainPicture(200))).toBe(true);
    const { mask } = form.rows[0]?.unit ?? {};
    expect(mask).toBeDefined();
    await page.studio.tidy();
    expect([...assets.kept.keys()]).toEqual(expect.arrayContaining([one, other, mask]));
    form.useStartMask(0);
    expect(form.rows[0]?.unit.mask).toBeUndefined();
    page.studio.form.undo();
    expect(form.rows[0]?.unit.mask).toBe(mask);

    form.removeMore(0, 0);
    expect(form.rows[0]?.unit.more).toBeUndefined();
    page.studio.form.undo();
    expect(form.rows[0]?.unit.more).toEqual([other]);
    form.set(0, { join: 'average' });
    form.setModule(0, 'canny');
    expect(form.rows[0]?.unit).toMatchObject({ module: 'canny', join: 'concat' });
    expect(form.rows[0]?.unit.more).toBeUndefined();

    const lost = { ...unit, more: ['f'.repeat(64)], mask: 'e'.repeat(64) };
    const recipe = toldControl({ prompt: 'a', negativePrompt: '', steps: 3 }, [lost], []);
    const here = { settings: page.studio.settings, controls: [], isMissing: () => true };
    const notes = incomingControl(recipe, here).notes.map(({ message }) => message);
    expect(notes.join(' ')).toMatch(
      /The mask of control unit 1 is not here.*Further pictures of control unit 1 are not/,
    );
  });

  it('says what is wrong with each, and nothing of those that are off', async () => {
    vi.spyOn(console, 'info').mockImplementation(() => undefined);
    const control = [
      { model: 'gone', start: 0.9, end: 0.5, image: 'f'.repeat(64) },
      { model: 'control-canny', module: 'depth_leres' },
      { model: '', isOff: true },
      { model: 'control-canny', module: 'inpaint_only' },
    ];
    const { form } = await open({ stored: { control } });
    await vi.waitFor(() => expect(form.problem).toMatch(/The picture of a unit of control is not here/));
    expect(form.rows[0]?.problems).toEqual([
      'It starts at 0.9, after its end at 0.5.',
      expect.stringMatching(/^The picture of a unit/),
      'gone is not here: add its file, or choose another.',
    ]);
    expect(form.rows[1]?.problems).toContain('It sees nothing yet: choose its picture, or draw its hint.');
    expect(form.rows[1]?.problems.join()).toMatch(/Nothing makes hints by "depth_leres" here/);
    expect(form.rows[2]?.problems).toEqual([]);
    expect(form.rows[3]?.problems[0]).toMatch(/^"inpaint_only" needs the mask/);
  });

  it('says what does not go together with Deep Shrink', async () => {
    const assets = memoryAssetStore();
    const image = await assets.put(plainPicture(90));
    const reads = { model: 'control-canny', image, module: 'CLIP-ViT-H (IPAdapter)' };
    const control = [{ model: 'control-canny', image }, reads, { ...reads, region: image }];
    const { form, page } = await open({ assets, stored: { control } });
    const said = (): string[] => form.rows.map(({ problems }) => problems.filter((one) => /Shrink/.test(one)).join());
    expect(said()).toEqual(['', '', '']);
    page.studio.settings.advanced.set('shrinkBlock', 3);
    expect(said()).toEqual([
      '',
      '',
      'It acts in a part of maps of one size, which Deep Shrink makes smaller: let it act everywhere, or switch that off.',
    ]);
  });

  it('gives what reads pictures a preprocessor of its own, and says what it looks with', async () => {
    const { form, page } = await open({ stored: { control: [{ model: 'control-canny', module: 'canny' }] } });
    const reader = stored('ip', { control: 'picture' });
    page.library.show({ models: [CANNY, reader] });
    expect(form.models.map(({ id }) => id)).toEqual(['control-canny', 'ip', 'starter-scribble']);
    form.setModel(0, 'ip');
    expect(page.studio.settings.control).toMatchObject([{ model: 'ip', module: 'ip-adapter-auto' }]);
    expect(form.rows[0] && form.preprocessors(form.rows[0])).toEqual(['ip-adapter-auto']);
    expect(form.rows[0]?.problems.join()).toMatch(/ip looks at pictures with a CLIP vision encoder, which is not here/);
    page.library.show({ models: [CANNY, reader, stored('h', { control: 'tower' })] });
    expect(form.models.map(({ id }) => id)).toEqual(['control-canny', 'ip', 'starter-scribble']);
    expect(form.rows[0]?.problems.join()).not.toMatch(/CLIP/);
    form.setModel(0, 'control-canny');
    expect(page.studio.settings.control).toMatchObject([{ model: 'control-canny', module: 'none' }]);
  });

  it('names the file, and its licence, that a preprocessor draws with', async () => {
    const control = [{ model: 'control-canny', module: 'lineart_coarse', image: 'f'.repeat(64) }];
    const { form, page } = await open({ stored: { control } });
    const said = (): string => form.rows[0]?.problems.join() ?? '';
    expect(said()).toMatch(/“lineart_coarse” draws with sk_model2\.pth, which is not here: .* Licence: Informative/);
    const drawer = (fileName: string): StoredModel =>
      stored(fileName, { control: 'annotator', draws: 'line_drawing', fileName });
    page.library.show({ models: [CANNY, drawer('sk_model.pth')] });
    expect(said()).toMatch(/sk_model2/); // that is the other one
    page.library.show({ models: [CANNY, drawer('sk_model.pth'), drawer('mine.pth')] });
    expect(said()).not.toMatch(/sk_model/);
    expect(form.models.map(({ id }) => id)).toEqual(['control-canny', 'starter-scribble']);
    const { controls } = page.studio.library;
    expect(drawerEntries([{ module: 'lineart_coarse' }], controls)).toMatchObject([
      { id: 'mine.pth', draws: 'sk_model2.pth' },
    ]);
    expect(drawerEntries([{ module: 'lineart_realistic' }], controls)).toMatchObject([{ id: 'sk_model.pth' }]);
    expect(drawerEntries([{ module: 'canny' }, {}], controls)).toEqual([]);
  });

  it('gives a picture to the unit it was chosen for, wherever that is by then', async () => {
    const { form, page } = await open();
    const { settings } = page.studio;
    settings.control = ['a', 'b', 'c'].map((model) => ({ model }));
    const reading = [0, 1].map((place) => form.takePixels(place, plainPicture(90)));
    expect([0, 1, 2].map((place) => form.isBusy(place))).toEqual([true, true, false]);
    form.set(1, { weight: 0.5 });
    form.remove(0);
    expect([0, 1].map((place) => form.isBusy(place))).toEqual([true, false]);
    await Promise.all(reading);
    const image: unknown = expect.any(String);
    expect(settings.control).toEqual([{ model: 'b', weight: 0.5, image, module: 'none' }, { model: 'c' }]);
    expect(form.isBusy(0)).toBe(false);
  });

  it('goes into texts by the name and hash of its file, and comes back to the id here', () => {
    const request = { prompt: 'a cat', negativePrompt: '', steps: 4 };
    const recipe = toldControl(request, [{ model: 'control-canny', module: 'canny' }], [CANNY]);
    expect(recipe.unknown?.['ControlNet 0']).toMatch(/^Module: canny, Model: control-canny \[abababab/);
    const here = { settings: { control: [], initImage: undefined }, isMissing: () => true };
    const found = incomingControl(recipe, { ...here, controls: [{ ...CANNY, id: 'other', fileName: 'other.pth' }] });
    expect(found.units).toMatchObject([{ model: 'other', module: 'canny' }]);
    const lost = incomingControl(recipe, { ...here, controls: [] });
    expect(lost.notes.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^This ControlNet is not here: control-canny \[abababab/),
      'The picture of control unit 1 is not here: choose it in the form.',
    ]);
    expect(incomingControl({ prompt: 'x', negativePrompt: '' }, { ...here, controls: [] }).changes).toBe(false);
  });
});
