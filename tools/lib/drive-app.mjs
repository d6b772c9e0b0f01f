/** Drives the app as a person does, by the names its controls have for a screen reader. Used by the tools and by e2e. */

/** @typedef {import('@playwright/test').Page} Page */
/** @typedef {import('@playwright/test').Locator} Locator */
/** @typedef {import('@playwright/test').Download} Download */

/**
 * What to type; what is left out stays as the page has it.
 * @typedef {object} Recipe
 * @property {string} [prompt]
 * @property {string} [negative]
 * @property {string} [model]      id or label
 * @property {string} [sampler]    id or label, as the other choices
 * @property {string} [schedule]
 * @property {string} [noise]
 * @property {number | string} [steps]
 * @property {number | string} [cfg]
 * @property {number | string} [seed]
 * @property {number | string} [width]
 * @property {number | string} [height]
 * @property {Record<string, string>} [advanced]  of the folds under Advanced, by label, in the order in which they appear
 */

/**
 * What the page tells about the picture it shows.
 * @typedef {object} Facts
 * @property {number} seed
 * @property {'webgpu' | 'wasm'} provider
 * @property {string} adapter
 * @property {number} loadSeconds
 * @property {number} encodeSeconds
 * @property {number} denoiseSeconds
 * @property {number} decodeSeconds
 * @property {number} totalSeconds
 * @property {number} modelCalls
 */

const TEXTS = { prompt: 'Prompt', negative: 'Negative prompt' };
const CHOICES = { model: 'Model', sampler: 'Sampler', schedule: 'Schedule type', noise: 'Noise' };
const NUMBERS = { steps: 'Steps', cfg: 'CFG scale', seed: 'Seed', width: 'Width', height: 'Height' };

export const textbox = (/** @type {Page} */ page, /** @type {string} */ name) =>
  page.getByRole('textbox', { name, exact: true });
export const choice = (/** @type {Page} */ page, /** @type {string} */ name) =>
  page.getByRole('combobox', { name, exact: true });
export const number = (/** @type {Page} */ page, /** @type {string} */ name) =>
  page.getByRole('spinbutton', { name, exact: true });
export const button = (/** @type {Page} */ page, /** @type {string} */ name) =>
  page.getByRole('button', { name, exact: true });

export const picture = (/** @type {Page} */ page) => page.getByRole('img', { name: 'Generated picture', exact: true });
export const facts = (/** @type {Page} */ page) => page.getByRole('region', { name: 'About this picture' });
/** What went wrong, or why Generate did not begin. */
export const complaint = (/** @type {Page} */ page) => page.getByRole('alert').filter({ hasText: /\S/ });

/**
 * Types a recipe into the controls.
 *
 * @param {Page} page @param {Recipe} recipe
 * @throws Error in one sentence where a choice does not exist
 */
export async function fillRecipe(page, recipe) {
  // The model first: choosing one brings the settings it likes.
  for (const [key, name] of entries(CHOICES)) await choose(page, name, recipe[key]);
  for (const [key, name] of entries(TEXTS)) {
    const text = recipe[key];
    if (text !== undefined) await textbox(page, name).fill(text);
  }
  for (const [key, name] of entries(NUMBERS)) {
    const value = recipe[key];
    if (value !== undefined) await fillNumber(page, name, String(value));
  }
  for (const [name, value] of Object.entries(recipe.advanced ?? {})) await setAdvanced(page, name, value);
}

/** @param {Page} page @param {string} name @param {string} value @throws Error in one sentence where it cannot be changed */
async function fillNumber(page, name, value) {
  const field = number(page, name);
  if (await field.isEditable()) return field.fill(value);
  const only = await field.inputValue();
  if (only !== value) throw new Error(`${name} is ${only}: this model paints no other size.`);
}

/** @param {Page} page @param {string} name @param {string} value @throws Error in one sentence where there is no such setting, or choice */
async function setAdvanced(page, name, value) {
  const control = page.getByLabel(name, { exact: true });
  await control
    .first()
    .waitFor({ state: 'attached', timeout: SHORT_MS })
    .catch(() => {
      throw new Error(`${name} is not set: this model has no such setting.`);
    });
  // Folds lie in one another.
  await control.evaluate((node) => {
    for (let at = node.closest('details'); at; at = at.parentElement?.closest('details') ?? null) at.open = true;
  });
  if ((await control.evaluate((node) => node.tagName)) === 'SELECT') await choose(page, name, value);
  else await control.fill(value);
}

/** What is folded away is made when the page has nothing else to do. */
const SHORT_MS = 10_000;

/** @template {string} K @param {Record<K, string>} table @returns {[K, string][]} */
function entries(table) {
  return /** @type {[K, string][]} */ (Object.entries(table));
}

/** @param {Page} page @param {string} name @param {string} [wanted] */
async function choose(page, name, wanted) {
  if (wanted === undefined) return;
  const control = choice(page, name);
  if (!(await control.isVisible())) await page.getByText('Advanced', { exact: true }).click();
  const options = await control
    .locator('option')
    .evaluateAll((nodes) =>
      nodes.map((node) => ({ value: node.getAttribute('value') ?? '', label: node.textContent?.trim() ?? '' })),
    );
  const same = (/** @type {string} */ text) => text.toLowerCase() === wanted.toLowerCase();
  const option = options.find(
    ({ value, label }) => same(value) || same(label) || same(label.replace(/ \[[0-9a-f]+\]$/, '')),
  );
  if (!option)
    throw new Error(`${name} "${wanted}" does not exist. There are: ${options.map(({ value }) => value).join(', ')}.`);
  await control.selectOption(option.value);
}

/**
 * Adds LoRAs of this computer under Models.
 *
 * @param {Page} page @param {string[]} paths
 * @throws Error with the page's own words
 */
export async function addFiles(page, paths) {
  const sheet = await openModels(page);
  await sheet.getByLabel('Model files').setInputFiles(paths);
  await added(page, sheet.getByText(/ is on this computer|was here already/).nth(paths.length - 1));
  await page.keyboard.press('Escape');
}

/**
 * Adds a model of this computer, a file or a folder, and chooses it.
 *
 * @param {Page} page @param {string} path @param {boolean} isFolder
 * @throws Error with the page's own words
 */
export async function addModel(page, path, isFolder) {
  const sheet = await openModels(page);
  await sheet.getByLabel(isFolder ? 'Model folder' : 'Model files').setInputFiles(path);
  const use = sheet.getByRole('group', { name: 'Result' }).getByRole('button', { name: /^Use / });
  await added(page, use);
  await use.click();
  await page.keyboard.press('Escape');
}

async function openModels(/** @type {Page} */ page) {
  await button(page, 'Models').first().click();
  return page.getByRole('dialog', { name: 'Models' });
}

/** No limit: a large file takes as long as it takes, and the page reports every end. @param {Page} page @param {Locator} done */
async function added(page, done) {
  const failed = page.getByRole('article').filter({ has: button(page, 'Discard') });
  await done.or(complaint(page)).or(failed).first().waitFor({ timeout: 0 });
  if ((await complaint(page).count()) > 0) throw new Error(await complaintText(page));
  if ((await failed.count()) > 0) throw new Error(await failed.first().locator('p').last().innerText());
}

/** What was left out of the picture. @param {Page} page */
export const notices = (page) => page.getByRole('status', { name: 'Notices' }).getByRole('listitem').allInnerTexts();

/** Presses Generate, waits for the new picture. @param {Page} page @throws Error with the page's own words */
export async function generatePicture(page) {
  const before = await currentId(page);
  await button(page, 'Generate').click();
  const done = page.locator(`section[data-picture]:not([data-picture="${before}"])`);
  // No limit: on a CPU a big picture takes as long as it takes, and the page reports every end, also a bad one.
  await done.or(complaint(page)).first().waitFor({ timeout: 0 });
  if ((await complaint(page).count()) > 0) throw new Error(await complaintText(page));
  await picture(page).waitFor();
  return readFacts(page);
}

async function currentId(/** @type {Page} */ page) {
  const shown = facts(page);
  return (await shown.count()) > 0 ? await shown.getAttribute('data-picture') : 'none';
}

/** All complaints on the page as one line. */
export async function complaintText(/** @type {Page} */ page) {
  const texts = await complaint(page).allInnerTexts();
  const lines = texts.flatMap((text) => text.split('\n')).map((line) => line.trim());
  const buttons = await complaint(page).getByRole('button').allInnerTexts();
  return lines.filter((line) => line !== '' && !buttons.includes(line)).join(' ');
}

/** @returns {Promise<Facts>} */
export async function readFacts(/** @type {Page} */ page) {
  const data = await facts(page).evaluate((node) => ({ .../** @type {HTMLElement} */ (node).dataset }));
  const numberOf = (/** @type {string} */ key) => Number(data[key]);
  return {
    seed: numberOf('seed'),
    provider: data.provider === 'webgpu' ? 'webgpu' : 'wasm',
    adapter: data.adapter ?? '',
    loadSeconds: numberOf('loadSeconds'),
    encodeSeconds: numberOf('encodeSeconds'),
    denoiseSeconds: numberOf('denoiseSeconds'),
    decodeSeconds: numberOf('decodeSeconds'),
    totalSeconds: numberOf('totalSeconds'),
    modelCalls: numberOf('modelCalls'),
  };
}

/** The app's own Save PNG. @param {Page} page @returns {Promise<Download>} */
export async function savePng(page) {
  const [download] = await Promise.all([page.waitForEvent('download'), button(page, 'Save PNG').click()]);
  return download;
}
