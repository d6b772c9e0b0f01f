/** What a recipe asks for that Gesso does not do: a sentence each. */
import { ASSUMED, isBefore } from './infotext/version';
import { saysMask, type Note, type Recipe } from './recipe';

/** Values that ask for nothing. */
const NOTHING: ReadonlySet<string> = new Set(['', '0', '0.0', 'False', 'None', 'Disable', 'Full', 'Automatic']);

/** Keys that change no picture. */
const HARMLESS: ReadonlySet<string> = new Set(['Batch size', 'Batch pos', 'Cache FP16 weight for LoRA', 'Pad conds']);

export function withoutEffect(recipe: Recipe): Note[] {
  const { hires, inpaint, denoisingStrength, initImage, initMask, prompt } = recipe;
  const { loras = [], other = {} } = recipe;
  const notes: Note[] = [];
  const say = (key: string, message: string) => notes.push({ key, message });
  if (hires?.alone === true && initImage === undefined)
    say(
      'Second pass alone',
      'Its second pass was painted over a picture, which the recipe does not hold: start from that one, or both passes are painted from noise.',
    );
  else if (!hires && initImage === undefined && (denoisingStrength !== undefined || inpaint || saysMask(recipe)))
    say(
      'Denoising strength',
      'It was made from another picture, which the recipe does not hold: this starts from noise.',
    );
  if (initMask === undefined && saysMask(recipe))
    say('Mask', 'It was made with a mask, which the recipe does not hold: paint one, or all of it is repainted.');
  for (const { name } of loras) say('LoRA', `The LoRA ${name} is not applied.`);
  for (const [key, value] of Object.entries(other)) {
    const isTimeline = key === 'Old prompt editing timelines' && !prompt.includes('[');
    if (NOTHING.has(value) || HARMLESS.has(key) || isTimeline) continue;
    say(key, assumedNote(key, recipe) ?? `"${key}: ${value}" is not applied.`);
  }
  return notes;
}

/** Undefined where the text says the key itself, as far as its version tells. */
function assumedNote(key: string, { version = '' }: Recipe): string | undefined {
  const assumed = ASSUMED.find((one) => one.key === key && isBefore(version, one.before));
  return (
    assumed &&
    `Version ${version} of its program ${assumed.words}: this is not done here, and the picture may differ a little.`
  );
}
