/** Texts of a picture under other keywords than A1111's: those of programs that are known, and of any that hold a recipe. */
import type { PictureText } from '../image/metadata';
import { saysSettings } from '../recipe/infotext';
import { readDream } from './dream';
import { readJsonRecipe } from './json-recipe';
import { readMidjourney } from './pasted/midjourney';
import type { FoundRecipe } from './found-recipe';
import { readTextRecipe } from './read-text-recipe';

/** Texts that are read first, in this order; then all others. InvokeAI's object says more than its command line. */
const FIRST = [
  'invokeai_metadata',
  'sd-metadata',
  'Dream',
  'dream',
  'generation_data',
  'parameters-json',
  'fooocus_scheme',
  'prompt',
  'exif:UserComment',
  'Comment',
  'Description',
  'ImageDescription',
  'dc:description',
];

/** Their contents have keywords of their own. */
const PACKED = /^(?:XML:com\.adobe\.xmp|Raw profile type )/i;

/** Reads only texts that say settings: words in a comment are no prompt. */
export function readOtherTexts({ texts }: PictureText): FoundRecipe | undefined {
  const words = [
    ...FIRST.filter((key) => Object.hasOwn(texts, key)),
    ...Object.keys(texts).filter((key) => !FIRST.includes(key) && !PACKED.test(key)),
  ];
  for (const key of words) {
    const text = texts[key];
    const dream = readDream(text);
    if (dream) return { ...dream, form: 'infotext' };
    const found = text.trim() === '' ? undefined : readTextRecipe(text, { isFromPicture: true });
    if (found && saysSettings(found.recipe)) return found;
  }
  return readLabels(texts) ?? readDescription(texts);
}

/** Midjourney says nothing else. */
function readDescription(texts: Readonly<Record<string, string>>): FoundRecipe | undefined {
  const found = ['Description', 'ImageDescription', 'dc:description', 'iptc:Caption']
    .filter((key) => Object.hasOwn(texts, key))
    .map((key) => readMidjourney(texts[key]))
    .find((one) => one !== undefined);
  return found && { recipe: found.recipe, notes: found.notes, form: 'infotext' };
}

/** One text for each setting, as Easy Diffusion writes them: the keywords are the keys. */
function readLabels(texts: Readonly<Record<string, string>>): FoundRecipe | undefined {
  const found = readJsonRecipe(texts);
  return found && saysSettings(found.recipe) ? found : undefined;
}
