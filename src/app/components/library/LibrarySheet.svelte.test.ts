import { flushSync } from 'svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import manifest from '../../../../models-manifest.json';
import { parseCatalog, type ModelEntry } from '../../../core/catalog';
import { AppError } from '../../../core/errors';
import { ModelLibrary } from '../../state/library/library.svelte';
import { CATALOG } from '../../testing/catalog';
import { click, memoryStore, openPage, type as typeInto, type TestPage } from '../../testing/page';
import { storedModel } from '../../testing/stored-model';

let page: TestPage;
afterEach(() => page.close());

const turbo = parseCatalog(manifest).models.find(({ id }) => id === 'sd-turbo') as ModelEntry;
const hub: ModelEntry = {
  ...CATALOG.models[0],
  id: 'hub-model',
  name: 'Hub model',
  family: 'sd15',
  source: { kind: 'hub', repo: 'a/b', revision: 'main', files: ['x'] },
  downloadBytes: 2.1e9,
  defaults: { ...CATALOG.models[0].defaults, steps: 25 },
};

const row = (name: string): HTMLElement => {
  const found = document.querySelector<HTMLElement>(`article[aria-label="${name}"]`);
  if (!found) throw new Error(`no row of ${name}`);
  return found;
};
const press = (name: string, within: string): void => {
  const found = [...row(within).querySelectorAll('button')].find((node) => node.textContent?.trim().startsWith(name));
  if (!found) throw new Error(`no button ${name}`);
  found.click();
  flushSync();
};
/** The fake library takes a dozen turns of the event loop, whatever else this machine does. */
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 30; turn++) await new Promise((resolve) => setTimeout(resolve));
  flushSync();
};

async function openLibrary(entries: ModelEntry[] = [hub]): Promise<void> {
  page = openPage('0');
  await page.studio.start();
  page.library.show({ entries });
  click('Models');
  await settle();
}

describe('the library', () => {
  it('has the focus itself when it opens, and shows models before their parts', async () => {
    await openLibrary();
    const dialog = document.querySelector('[role="dialog"]');
    await vi.waitFor(() => expect(document.activeElement).toBe(dialog));
    const heads = [...document.querySelectorAll('[role="dialog"] h3')].map((head) => head.textContent?.trim());
    expect(heads.slice(0, 3)).toEqual(['On this computer', 'Your own', 'To get']);
  });

  it('says of each model what it costs, what its licence allows, and whether it runs here', async () => {
    await openLibrary();
    expect(row('Hub model').textContent).toMatch(/2\.1 GB to download/);
    expect(row('Hub model').textContent).toMatch(/Runs here\.\s+About a second a picture/);
    expect(row('Small').textContent).toMatch(/Built in/);
  });

  it('tells of each model what it is: its own card, or its page', async () => {
    await openLibrary();
    expect(row('Hub model').querySelector('a[href="https://huggingface.co/a/b"]')?.textContent).toMatch(
      /from huggingface\.co\/a\/b/,
    );
    vi.stubGlobal('fetch', () => Promise.resolve(new Response('## What it can draw\n\nApples.')));
    press('About', 'Small');
    await vi.waitFor(() => expect(document.querySelector('.card h3')?.textContent).toBe('What it can draw'));
    expect(document.body.textContent).toContain('About Small');
  });

  it('offers to try again where a card cannot be fetched', async () => {
    await openLibrary();
    vi.stubGlobal('fetch', () => Promise.resolve(new Response('', { status: 404 })));
    press('About', 'Small');
    await vi.waitFor(() => expect(document.body.textContent).toMatch(/card could not be fetched/));
    vi.stubGlobal('fetch', () => Promise.resolve(new Response('## Here')));
    click('Try again');
    await vi.waitFor(() => expect(document.querySelector('.card h3')?.textContent).toBe('Here'));
  });

  it('is found by its name, whatever is on its way in another tab', async () => {
    page = openPage('0');
    await page.studio.start();
    const about = { id: 'hub', name: 'Hub model', canPause: true, doneBytes: 30, totalBytes: 100 };
    page.library.show({ transfers: [{ ...about, state: 'elsewhere' }] });
    await settle();
    const opener = document.querySelector('.chip button.library');
    expect(opener?.querySelector('span:not([aria-hidden])')?.textContent).toBe('Models');
    expect(opener?.getAttribute('title')).toBe('Models, 30 % downloaded');
  });

  it('gets a model only when asked, shows how far it is, and offers it in the picker when it is there', async () => {
    await openLibrary();
    expect(page.library.calls).toEqual([]);
    const options = () => [...document.querySelectorAll('#field-model option')].map((node) => node.textContent);
    expect(options()).not.toContain('Hub model');
    press('Get', 'Hub model');
    await settle();
    expect(page.library.calls).toEqual(['download hub-model']);
    expect(options()).toContain('Hub model');
    press('Use', 'Hub model');
    expect(page.studio.settings.model.id).toBe('hub-model');
  });

  it('has a progress bar, speed and time left; pauses, resumes and discards', async () => {
    await openLibrary();
    const transfer = {
      id: 'hub-model',
      name: 'Hub model',
      canPause: true,
      doneBytes: 1.2e9,
      totalBytes: 3.4e9,
    } as const;
    page.library.show({ transfers: [{ ...transfer, state: 'downloading', bytesPerSecond: 24e6, secondsLeft: 92 }] });
    flushSync();
    expect(row('Hub model').textContent).toMatch(/1\.2 GB of 3\.4 GB, 24\.0 MB\/s, 1 min 32 s left/);
    expect(row('Hub model').querySelector('[role=progressbar]')?.getAttribute('aria-valuenow')).toBe('35');
    press('Pause', 'Hub model');
    expect(row('Hub model').textContent).toMatch(/Paused at 1\.2 GB/);
    press('Resume', 'Hub model');
    await settle();
    page.library.show({ transfers: [{ ...transfer, state: 'failed', error: { code: 'offline', message: 'gone' } }] });
    flushSync();
    expect(row('Hub model').textContent).toMatch(/gone/);
    press('Discard', 'Hub model');
    expect(page.library.calls).toEqual(['pause hub-model', 'download hub-model', 'cancel hub-model']);
  });

  it('gets a preview decoder, which is no model to paint with', async () => {
    await openLibrary([]);
    expect(row('TAESD').textContent).toMatch(/9\.8 MB to download, 5\.0 MB kept/);
    press('Get', 'TAESD');
    await settle();
    expect(page.library.calls).toEqual(['download taesd as float16']);
    expect(row('TAESD').textContent).toMatch(/Here/);
    expect([...row('TAESD').querySelectorAll('button')].map((node) => node.title)).toEqual(['Delete']);
    expect(page.studio.library.usable.map(({ id }) => id)).toEqual(['small', 'large']);
    expect(document.querySelectorAll('article[aria-label="TAESD"]')).toHaveLength(1);
  });

  it('keeps models as a person chooses, says what that comes to, and remembers it', async () => {
    await openLibrary();
    expect(row('Hub model').textContent).toMatch(/1\.1 GB kept/);
    const select = document.querySelector<HTMLSelectElement>('#stored-as');
    if (!select) throw new Error('no such field');
    select.value = 'q4';
    select.dispatchEvent(new Event('change', { bubbles: true }));
    flushSync();
    expect(row('Hub model').textContent).toMatch(/984 MB kept/);
    press('Get', 'Hub model');
    await settle();
    await page.studio.library.importFiles([new File(['x'], 'x.safetensors')]);
    expect(page.library.calls).toEqual(['download hub-model as q4', 'import x.safetensors as q4']);
    const store = memoryStore();
    new ModelLibrary(page.library, CATALOG, store).preferences.storeAs('float16');
    expect(new ModelLibrary(page.library, CATALOG, store).preferences.storedAs).toBe('float16');
  });

  it('asks for agreement where a licence wants it, before anything is fetched', async () => {
    await openLibrary([turbo]);
    const get = [...row('SD-Turbo').querySelectorAll('button')].find((node) => node.textContent?.includes('Get'));
    expect(get?.disabled).toBe(true);
    expect(row('SD-Turbo').textContent).toMatch(/no commercial use/);
    row('SD-Turbo').querySelector<HTMLInputElement>('input[type=checkbox]')?.click();
    flushSync();
    press('Get', 'SD-Turbo');
    await settle();
    expect(page.library.calls).toEqual(['download sd-turbo']);
  });

  it('deletes once the sheet is closed, takes it back until then, and goes back to what is built in', async () => {
    await openLibrary();
    press('Get', 'Hub model');
    await settle();
    press('Use', 'Hub model');
    press('Delete', 'Hub model');
    expect(page.studio.settings.model.id).toBe('small');
    expect(page.studio.settings.steps).toBe(CATALOG.models[0].defaults.steps);
    expect(page.studio.models.map(({ id }) => id)).not.toContain('hub-model');
    expect(row('Hub model').textContent).toMatch(/Hub model was removed\. Its 2\.1 GB are freed when this is closed/);
    await settle();
    expect(page.library.calls).not.toContain('delete hub-model');

    press('Undo', 'Hub model');
    expect(page.studio.settings.model.id).toBe('hub-model');
    press('Delete', 'Hub model');
    page.studio.library.isOpen = false;
    await settle();
    expect(page.library.calls).toContain('delete hub-model');
    expect(page.studio.library.items.map(({ entry }) => entry.id)).not.toContain('hub-model');
  });

  it('says what is wrong with an address, where it is typed', async () => {
    await openLibrary();
    typeInto('Name or address of a model', 'https://x.org/a.json');
    click('Add');
    expect(document.querySelector('form [type=submit]')?.textContent?.trim()).toBe('Adding …');
    await settle();
    const told = document.querySelector('[role=dialog] [role=alert]');
    expect(told?.textContent).toMatch(/This address leads to no model.*nothing is there/);
    const result = told?.closest('[aria-label=Result]');
    expect(result).toBe(document.activeElement);
    expect(result?.previousElementSibling?.contains(document.querySelector('#field-address'))).toBe(true);
  });

  it('tells of a failed download once: in its own line', async () => {
    await openLibrary();
    const message = 'x: the connection broke; try again later.';
    page.library.download = () => Promise.reject(new AppError('offline', message));
    await page.studio.library.get(hub);
    expect(page.studio.library.problem?.message).toBe(message);
    const transfer = { id: 'hub-model', name: 'Hub model', canPause: true, doneBytes: 0, totalBytes: 1 };
    page.library.show({ transfers: [{ ...transfer, state: 'failed', error: { code: 'offline', message } }] });
    flushSync();
    expect(page.studio.library.problem).toBeUndefined();
    expect(row('Hub model').textContent).toContain(message);
    expect(document.querySelector('[role=dialog] [role=alert]')).toBeNull();
  });

  it('keeps a mirror, and refuses what is none', async () => {
    await openLibrary();
    page.studio.library.preferences.useHub('https://mirror.example/');
    expect(page.library.calls).toEqual(['useHub https://mirror.example']);
    page.studio.library.preferences.useHub('ftp://x');
    expect(page.studio.library.preferences.hub).toBe('https://mirror.example');
    expect(page.studio.library.preferences.hubProblem).toMatch(/no https/);
  });
});

describe('the first visit', () => {
  it('recommends a model with its reasons, and starts nothing by itself', async () => {
    page = openPage('0');
    page.library.show({ entries: [{ ...hub, licence: { name: 'x', url: '', commercialUse: 'allowed' } }] });
    await page.studio.start();
    await settle();
    expect(document.querySelector('.empty')?.textContent).toMatch(
      /Hub model suits this device best.*2\.1 GB to download/,
    );
    expect(page.library.calls).toEqual([]);
  });

  it('measures the device after the model is loaded, which would make it look slow', async () => {
    page = openPage('60000');
    let measured = 0;
    page.library.measureDevice = () => Promise.reject(new Error(`not now (${++measured})`));
    await page.studio.start();
    await settle();
    expect(page.studio.engine.phase).toMatch(/opening|loading/);
    expect(measured).toBe(0);
    page.studio.library.show();
    expect(measured).toBe(1);
  });
});

describe('the model of the last visit', () => {
  it('is taken up again with its settings when its pack is found, and what was typed by then stays', async () => {
    page = openPage('0', { stored: { model: 'mine', steps: 33, width: 640, height: 640, prompt: 'old' } });
    page.studio.settings.prompt = 'new';
    const stored = storedModel('mine', 'Mine');
    page.library.show({ models: [stored] });
    await page.studio.start();
    const { model, steps, width, prompt } = page.studio.settings;
    expect([model.id, steps, width, prompt]).toEqual(['mine', 33, 640, 'new']);
  });
});
