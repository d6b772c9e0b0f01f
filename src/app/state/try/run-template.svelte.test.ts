/** Every template: what it asks for can be painted, and Undo brings the form back. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { assertControl } from '../../../core/recipe/control/problems';
import { assertRequest } from '../../../core/recipe/problems';
import type { GenerationRequest } from '../../../core/recipe/request';
import { CATALOG } from '../../testing/catalog';
import { memoryAssetStore, plainPicture } from '../../testing/asset-store';
import { openPage, type TestPage } from '../../testing/page';
import { runTemplate } from './run-template';
import { TEMPLATES } from './templates';

vi.mock('../start/read-start-picture', () => ({
  readStartPicture: () => Promise.resolve({ pixels: plainPicture(200, 64, 64) }),
}));

let page: TestPage | undefined;
afterEach(async () => {
  await page?.close();
  page = undefined;
});

/** A form that somebody has filled. */
function own({ studio }: TestPage): void {
  const { settings } = studio;
  Object.assign(settings, {
    prompt: 'mine',
    negativePrompt: 'not this',
    steps: 7,
    cfgScale: 3,
    seed: 99,
    batchCount: 4,
  });
  Object.assign(settings, { extras: { Note: 'kept' } });
  settings.advanced.set('clipSkip', 2);
  settings.advanced.set('inpaintArea', 'masked');
  studio.grids.rows = [{ id: 'steps', text: '4, 8' }];
}

const formOf = ({ studio: { settings, grids } }: TestPage): unknown => ({
  ...$state.snapshot(settings.toSnapshot()),
  batchCount: settings.batchCount,
  rows: $state.snapshot(grids.rows),
});

/** The requests that a press puts in line, and whether Undo takes it all back. */
async function press(
  id: string,
): Promise<{ requests: GenerationRequest[]; page: TestPage; images: string[]; before: unknown }> {
  const assets = memoryAssetStore();
  const opened = openPage('0', { assets });
  page = opened;
  await opened.studio.start();
  own(opened);
  const before = formOf(opened);
  const template = TEMPLATES.find((one) => one.id === id);
  if (!template) throw new Error(`no template ${id}`);
  const requests: GenerationRequest[] = [];
  const add = opened.studio.queue.add.bind(opened.studio.queue);
  opened.studio.queue.add = (request, options) => {
    requests.push(request);
    return add(request, options);
  };
  opened.studio.opened = 'try';
  await runTemplate(opened.studio, template);
  return { requests, page: opened, images: [...assets.kept.keys()], before };
}

describe('runTemplate', () => {
  it.each(TEMPLATES.map(({ id }) => id))('%s fills the form and paints', async (id) => {
    const { requests, page: opened, images, before } = await press(id);
    const { studio } = opened;
    expect([studio.said, studio.asking.complaint, studio.opened]).toEqual([undefined, undefined, undefined]);
    expect(requests).toHaveLength(1);
    const [request] = requests;
    assertRequest(request, studio.settings.model.size);
    assertControl(request);
    const template = TEMPLATES.find((one) => one.id === id);
    expect(request).toMatchObject({ ...template?.fields, ...(template?.extend && { denoisingStrength: 1 }) });
    const { initImage, initMask, control = [] } = request;
    const named = [initImage, initMask, ...control.map(({ image }) => image)].filter((one) => one !== undefined);
    expect(named.every((hash) => images.includes(hash))).toBe(true);
    expect([initImage !== undefined, initMask !== undefined, control.length]).toEqual([
      template?.start !== undefined,
      template?.mask !== undefined || template?.extend !== undefined,
      template?.strokes ? 1 : 0,
    ]);
    studio.form.undo();
    expect(formOf(opened), 'one Undo brings all of it back').toEqual(before);
  });

  it('enlarges what it paints where the model likes that, but neither strokes nor sheets', async () => {
    const [small] = CATALOG.models;
    small.enlarger = 'realesr-animevideov3-x4';
    try {
      const enlarged: string[] = [];
      for (const { id } of TEMPLATES) {
        const { requests, page: opened } = await press(id);
        if (requests[0].enlarger !== undefined) enlarged.push(id);
        await opened.close();
        page = undefined;
      }
      // More room is painted alone, and laid beside the picture as it is.
      expect(enlarged).toEqual(['words', 'two', 'doodle', 'inpaint', 'enlarge', 'lora']);
    } finally {
      delete small.enlarger;
    }
  });

  it('leaves nothing of the one before', async () => {
    const { page: opened } = await press('inpaint');
    const { studio } = opened;
    const words = TEMPLATES.find(({ id }) => id === 'words');
    if (words) await runTemplate(studio, words);
    const draft = studio.settings.toDraft();
    expect(draft).not.toHaveProperty('initImage');
    expect(draft).not.toHaveProperty('denoisingStrength');
    expect(draft).toMatchObject(words?.fields ?? {});
  });

  it('says so where its picture does not come, and paints nothing', async () => {
    const opened = openPage('0');
    page = opened;
    await opened.studio.start();
    vi.stubGlobal('fetch', () => Promise.reject(new Error('offline')));
    const template = TEMPLATES.find(({ id }) => id === 'outpaint');
    if (template) await runTemplate(opened.studio, template);
    expect(opened.studio.said).toMatch(/could not be fetched/);
    expect(opened.studio.queue.current).toBeUndefined();
  });
});
