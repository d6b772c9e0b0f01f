/** An infotext that was pasted: as it stands, and mended where that says more. */
import { trimSpace } from '../../prompt/characters';
import { parseInfotext, type Note, type ParsedInfotext, type Recipe } from '../../recipe/infotext';
import { splitInfotext } from '../../recipe/infotext/split-infotext';
import { labelledPage } from './labelled-page';
import { withoutEscapes, withoutTags } from './html';
import { mendText, withDecimalPoints, wordsOfPost } from './mend-text';
import { keepsAll, NO_SETTINGS } from './keeps-all';
import { looseLists, OF_A1111 } from './loose-lists';
import { readMidjourney } from './midjourney';
import { isWholeNumber } from './number-keys';
import { oneLine } from './one-line';
import { plainLabels } from './odd-labels';
import { readPost } from './post';
import { firstOfSeveral, withoutNumber } from './several-recipes';
import { firstRecipe, withoutSurroundings } from './surroundings';
import { inEnglish } from './translated-labels';
import { weightedPrompts } from './weighted-prompts';
import { labelOf } from './words-of-labels';

/** Longer texts are files, and none of people. */
const MOST_LETTERS = 100_000;

/** @param isFromPicture  nobody typed or copied it: escapes of HTML are what was painted */
export function readPasted(text: string, { isFromPicture = false } = {}): ParsedInfotext {
  const found = withoutChance(parseInfotext(text), text, isFromPicture);
  if (text.length > MOST_LETTERS) return found;
  const midjourney = found.hasParameters ? undefined : readMidjourney(text);
  if (midjourney) return midjourney;
  if (isFromPicture) return withNotes(readCarefully(text, text, found), []);
  const first = undone(text, true);
  const best = readTyped(text, first, found);
  // What was taken for a second recipe may be a part of the first.
  return best.hasParameters || first.count < 2 ? best : readTyped(text, undone(text, false), found);
}

/**
 * "(red:1.2), (blue:1.1), (green:1.3)", "Subject: a fox, Style: ink, Mood: calm": A1111 takes three colons for settings, and the words are gone.
 * Where nothing among them is a setting that it knows, they are the prompt.
 */
function withoutChance(found: ParsedInfotext, text: string, isFromPicture: boolean): ParsedInfotext {
  const { recipe } = found;
  const isEmpty = recipe.prompt === '' && recipe.negativePrompt === '';
  // A program that says the model wrote it.
  const isSaid = isFromPicture && recipe.model !== undefined;
  if (!found.hasParameters || !isEmpty || isSaid || Object.keys(recipe).some((field) => !OF_CHANCE.has(field)))
    return found;
  return { recipe: { prompt: trimSpace(text), negativePrompt: '' }, notes: [], hasParameters: false };
}
const OF_CHANCE: ReadonlySet<string> = new Set(['prompt', 'negativePrompt', 'unknown', 'model']);

function readTyped(text: string, { plain, notes }: Undone, found: ParsedInfotext): ParsedInfotext {
  const best = asPost(plain, boldReadings(plain).reduce(theMore, readCarefully(text, plain, found)));
  return withNotes(withScale(best === found ? found : withoutEdges(best), plain), notes);
}

/** Empty lines between the parts of a post are none of its prompts. */
function withoutEdges(best: ParsedInfotext): ParsedInfotext {
  const { prompt, negativePrompt } = best.recipe;
  return { ...best, recipe: { ...best.recipe, prompt: trimSpace(prompt), negativePrompt: trimSpace(negativePrompt) } };
}

/** What pages call the scale for short, where nothing else says it: no program writes it beside steps for something else. */
function withScale(best: ParsedInfotext, plain: string): ParsedInfotext {
  const { recipe } = best;
  const [key, value] = Object.entries(recipe.unknown ?? {}).find(([one]) => /^scale$/i.test(one)) ?? [];
  const scale = value !== undefined && isWholeNumber(value) ? Number(value) : 0;
  const isMeant = recipe.steps !== undefined && recipe.cfgScale === undefined && scale > 0 && scale <= MOST_SCALE;
  if (!isMeant || OF_A1111.test(plain)) return best;
  const { unknown, ...rest } = recipe;
  const others = Object.entries(unknown ?? {}).filter(([one]) => one !== key);
  return {
    ...best,
    recipe: { ...rest, cfgScale: scale, ...(others.length > 0 && { unknown: Object.fromEntries(others) }) },
  };
}
const MOST_SCALE = 30;

const withNotes = (best: ParsedInfotext, notes: readonly Note[]): ParsedInfotext => ({
  ...best,
  notes: [...best.notes, ...notes, ...noteNegative(best)],
});

/** Mended in ways that leave all words where they are. */
function readCarefully(text: string, plain: string, found: ParsedInfotext): ParsedInfotext {
  const isSound = isOfA1111(plain);
  const mended = mendText(plain);
  const readings = [mended, ...(isSound ? [] : [labelledPage(mended)?.text])].flatMap((one) =>
    one === undefined || one === text ? [] : [parseInfotext(one)],
  );
  const start = plain === text ? found : parseInfotext(plain);
  // Where A1111 gives a text up, the mended one counts also where both say as much.
  const least = isSound ? 1 : 0;
  return readings.reduce((good, other) => (says(other) >= says(good) + least ? other : good), start);
}

/** Ends with a line of parameters. */
const isOfA1111 = (text: string): boolean => splitInfotext(text).pairs.some(({ key }) => key === 'Steps');

/** Words may be taken for labels here that are none: only what says more counts. */
function boldReadings(plain: string): ParsedInfotext[] {
  const english = inEnglish(plain);
  const mended = mendText(english, { isBold: true });
  const careful = mendText(english);
  const before = wordsOfPost(careful).trim();
  const line = isOfA1111(english) && beginsWithSteps(lastLine(plain)) ? undefined : oneLine(plain);
  const pages = isOfA1111(english) ? [] : [labelledPage(mended), labelledPage(mended, { hasLists: true })];
  return [
    ...(english === plain ? [] : [readCarefully(plain, english, parseInfotext(english))]),
    ...(mended === careful ? [] : [withNote(parseInfotext(mended), 'Words before the prompt are left out', before)]),
    ...(line ? [withNote(parseInfotext(line.text), 'What stands between the settings is left out', line.rest)] : []),
    ...pages.flatMap((page) =>
      page ? [withNote(parseInfotext(page.text), 'What stands after the parameters is left out', page.rest)] : [],
    ),
  ];
}

/** Line by line, as posts have it, where that says more, or as much and nothing else is sure of its labels. */
function asPost(plain: string, best: ParsedInfotext): ParsedInfotext {
  const isSound = isOfA1111(plain) && beginsWithSteps(lastLine(plain));
  // Only words before a label of its prompt are none of such a text.
  const post =
    isSound && !/(?<!negative )prompt/i.test(plain)
      ? undefined
      : readPost(withoutTags(inEnglish(plain), true), { isSound });
  if (!post || (!post.hasParameters && !post.isSure) || (isSound && !(post.isSure && post.before + post.rest !== '')))
    return best;
  if (says(post) < says(best) + (post.isSure ? 0 : 1) || !keepsAll(post, best, { plain, isSound })) return best;
  if (post.isMixed)
    post.notes.push({ key: 'Text', message: 'There are several recipes in this text: the first is taken.' });
  const told = withNote(post, 'Words before the prompt are left out', post.before);
  return withNote(told, 'What stands around the recipe is left out', post.rest);
}

const lastLine = (text: string): string => text.trimEnd().slice(text.trimEnd().lastIndexOf('\n') + 1);

const beginsWithSteps = (line: string): boolean => /^[ \t]*Steps:/.test(line);

const theMore = (good: ParsedInfotext, other: ParsedInfotext): ParsedInfotext =>
  says(other) > says(good) || (says(other) === says(good) && hasOnlyLabel(good) && other.recipe.prompt !== '')
    ? other
    : good;

/** Its prompt was taken for the value of a key that nobody knows: "Prompt: a cat, Steps: 24, Seed: 7". */
const hasOnlyLabel = ({ recipe }: ParsedInfotext): boolean =>
  recipe.prompt === '' && Object.keys(recipe.unknown ?? {}).some((key) => labelOf(key) === 'prompt');

function withNote(found: ParsedInfotext, what: string, words: string): ParsedInfotext {
  if (words === '') return found;
  return { ...found, notes: [...found.notes, { key: 'Text', message: `${what}: "${shorten(words)}".` }] };
}

const shorten = (text: string): string => (text.length > 80 ? `${text.slice(0, 79)}…` : text).replaceAll('\n', ' ');

interface Undone {
  plain: string;
  notes: Note[];
  /** Recipes in the text. */
  count: number;
}

/**
 * What was said for sure to come from elsewhere than the picture, and is told.
 *
 * @param cuts only the first of several recipes is left
 */
function undone(text: string, cuts: boolean): Undone {
  const notes: Note[] = [];
  const say = (message: string) => notes.push({ key: 'Text', message });
  const whole = withoutEscapes(text) ?? text;
  if (whole !== text) say('The escapes of HTML in this text ("&amp;" and such) were undone.');
  const weighted = OF_A1111.test(whole) ? undefined : weightedPrompts(whole);
  if (weighted?.hasWeights) say('The weights of the prompts in this text are not carried over.');
  const unescaped = weighted?.text ?? whole;
  const early = cuts && !isOfA1111(unescaped) ? firstPart(unescaped) : { text: unescaped, count: 1 };
  const bare = withoutSurroundings(early.text, (words) =>
    say(`What stands around the recipe is left out: "${shorten(words)}".`),
  );
  const ofA1111 = firstRecipe(bare);
  const isRead = ofA1111.count > 1 || isOfA1111(bare) || !cuts;
  const late = isRead ? ofA1111 : bare === early.text ? early : firstPart(bare);
  const count = Math.max(early.count, late.count);
  const first = withoutNumber(late.text, early.count > 1 ? unescaped : bare);
  if (count > 1) say(`There are ${count} recipes in this text: the first is taken.`);
  const pointed = withDecimalPoints(first);
  if (pointed !== first) say('Numbers with a comma in them are taken for fractions: 6,5 is 6.5.');
  return { plain: pointed, notes, count };
}

/** Labels and lists of any kind are read for it, and changed only where there are several. */
function firstPart(text: string): { text: string; count: number } {
  const several = firstOfSeveral(looseLists(plainLabels(text), { isInOrder: true }));
  return several.count > 1 ? several : { text, count: 1 };
}

/** How much a reading understood. */
function says({ recipe }: ParsedInfotext): number {
  const settings = Object.keys(recipe).filter((field) => !NO_SETTINGS.has(field)).length;
  return settings + (recipe.negativePrompt === '' ? 0 : 1);
}

/** A1111 knows only "Negative prompt:"; others are words of the prompt there, and may not have been meant so. */
function noteNegative({ recipe, hasParameters }: { recipe: Recipe; hasParameters: boolean }): Note[] {
  const [, word] = /^((?:negative|neg|neg prompt)) ?:/im.exec(recipe.prompt) ?? [];
  if (!hasParameters || word === undefined || recipe.negativePrompt !== '') return [];
  return [
    {
      key: 'Text',
      message: `A line of the prompt begins with "${word}:", which is no "Negative prompt:": it stays in the prompt.`,
    },
  ];
}
