/** What a recipe asks for that Gesso does not do: a sentence each. */
import type { Note, Recipe } from './recipe';

/** Values that ask for nothing. */
const NOTHING: ReadonlySet<string> = new Set(['', '0', '0.0', 'False', 'None', 'Disable', 'Full', 'Automatic']);

/** Keys that change no picture. */
const HARMLESS: ReadonlySet<string> = new Set(['Batch size', 'Batch pos', 'Cache FP16 weight for LoRA', 'Pad conds']);

export function withoutEffect({
  hires,
  inpaint,
  refiner,
  vae,
  denoisingStrength,
  initImage,
  loras = [],
  other = {},
  prompt,
}: Recipe): Note[] {
  const notes: Note[] = [];
  const say = (key: string, message: string) => notes.push({ key, message });
  if (!hires && initImage === undefined && (denoisingStrength !== undefined || inpaint))
    say(
      'Denoising strength',
      'It was made from another picture, which the recipe does not hold: this starts from noise.',
    );
  if (refiner?.checkpoint !== undefined) say('Refiner', `The refiner ${refiner.checkpoint} is not applied.`);
  if (vae !== undefined && !NOTHING.has(vae)) say('VAE', `The VAE ${vae} is not applied: the model's own decodes.`);
  for (const { name } of loras) say('LoRA', `The LoRA ${name} is not applied.`);
  for (const [key, value] of Object.entries(other)) {
    const isTimeline = key === 'Old prompt editing timelines' && !prompt.includes('[');
    if (!NOTHING.has(value) && !HARMLESS.has(key) && !isTimeline) say(key, `"${key}: ${value}" is not applied.`);
  }
  return notes;
}
