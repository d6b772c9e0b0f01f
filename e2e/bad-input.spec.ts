/** Wrong settings are explained at the control and by Generate, and nothing runs; odd prompts are no mistake. */
import * as app from '../tools/lib/drive-app.mjs';
import { expect, test } from './support/app';

interface Case {
  control: string;
  typed: string;
  says: RegExp;
}

const CASES: Case[] = [
  { control: 'Steps', typed: '', says: /Steps must be a number from 1 to 150/ },
  { control: 'Steps', typed: '0', says: /Steps must be from 1 to 150, not 0/ },
  { control: 'Steps', typed: '-5', says: /Steps must be from 1 to 150, not -5/ },
  { control: 'Steps', typed: '2.5', says: /Steps must be a whole number from 1 to 150, not 2\.5/ },
  { control: 'Steps', typed: '100000', says: /Steps must be from 1 to 150, not 100000/ },
  { control: 'Steps', typed: '1e', says: /Steps must be a number/ },
  { control: 'CFG scale', typed: '', says: /CFG scale must be a number from 1 to 30/ },
  { control: 'CFG scale', typed: '0', says: /CFG scale must be from 1 to 30, not 0/ },
  { control: 'CFG scale', typed: '31', says: /CFG scale must be from 1 to 30, not 31/ },
  { control: 'CFG scale', typed: '1e400', says: /CFG scale must be a number/ },
  { control: 'Seed', typed: '', says: /Seed must be a whole number from 0 to 9007199254740991, or -1/ },
  { control: 'Seed', typed: '-2', says: /Seed must be a whole number/ },
  { control: 'Seed', typed: '1.5', says: /Seed must be a whole number/ },
  { control: 'Seed', typed: '1e16', says: /Seed must be a whole number/ },
];

test('each wrong number is explained at its control and by Generate, and nothing runs', async ({ page }) => {
  await page.goto('./');
  await app.fillRecipe(page, { prompt: 'a cat' });
  for (const side of ['Width', 'Height']) await expect(app.number(page, side)).toHaveJSProperty('readOnly', true);
  for (const { control, typed, says } of CASES)
    await test.step(`${control} "${typed}"`, async () => {
      const field = app.number(page, control);
      const before = await field.inputValue();
      // As a person types: fill() refuses what is not a number.
      await field.fill('');
      await field.pressSequentially(typed);
      await expect(field).toHaveAttribute('aria-invalid', 'true');
      await expect(field).toHaveAccessibleDescription(says);

      await app.button(page, 'Generate').click();
      await expect(app.complaint(page)).toHaveText(says);
      await expect(field).toBeFocused();
      await expect(page.getByRole('progressbar')).toHaveCount(0);
      await expect(app.picture(page)).toHaveCount(0);

      await field.fill(before);
      await expect(field).not.toHaveAttribute('aria-invalid');
      await expect(app.complaint(page)).toHaveCount(0);
    });
  await app.fillRecipe(page, { steps: 2 });
  await app.generatePicture(page);
});

test('several wrong numbers are all named', async ({ page }) => {
  await page.goto('./');
  await app.fillRecipe(page, { steps: 0, cfg: 99, seed: -9 });
  await app.button(page, 'Generate').click();
  for (const name of ['Steps', 'CFG scale', 'Seed']) await expect(app.complaint(page)).toContainText(`${name} must be`);
});

test('wrong numbers are not kept for the next visit', async ({ page }) => {
  await page.goto('./');
  await app.fillRecipe(page, { steps: 0 });
  await page.reload();
  await expect(app.number(page, 'Steps')).toHaveValue('8');
});

const PROMPTS = {
  'an empty prompt': '',
  'nothing but spaces': '   \n\t ',
  'a prompt of 300 words': Array.from({ length: 300 }, (_, i) => ['a', 'red', 'apple', 'on', 'grass'][i % 5]).join(' '),
  'markup, quotes and control characters': '<b>"red" \' & apple</b> \u0000 \u202e ${x} (((',
  'letters of many scripts': 'ein roter Apfel, червоне яблуко, 赤いりんご, 🍎, تفاحة حمراء, café',
  'one word of 4000 letters': 'apple'.repeat(800),
};

test('any prompt makes a picture', async ({ page }) => {
  await page.goto('./');
  for (const [i, [name, prompt]] of Object.entries(PROMPTS).entries())
    await test.step(name, async () => {
      await app.fillRecipe(page, { prompt, seed: i, steps: 2 });
      expect((await app.generatePicture(page)).seed).toBe(i);
      await expect(app.facts(page)).toContainText('2 steps');
      await expect(app.textbox(page, 'Prompt')).toHaveValue(prompt);
    });
  await app.fillRecipe(page, { prompt: 'a cat', negative: 'blurry, ugly, '.repeat(60), seed: 7 });
  expect((await app.generatePicture(page)).seed).toBe(7);
});
