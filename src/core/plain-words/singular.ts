/** English plurals. */

const IRREGULAR: Readonly<Record<string, string>> = {
  mice: 'mouse',
  wolves: 'wolf',
  leaves: 'leaf',
  loaves: 'loaf',
  knives: 'knife',
  calves: 'calf',
  oxen: 'ox',
  geese: 'goose',
  dice: 'die',
  cacti: 'cactus',
  octopi: 'octopus',
  hippopotami: 'hippopotamus',
  men: 'man',
  women: 'woman',
  children: 'child',
  people: 'person',
  teeth: 'tooth',
  feet: 'foot',
};

/** What a word may be the plural of, the likelier first; nothing where it can be none. */
export function singularsOf(word: string): string[] {
  const irregular = IRREGULAR[word];
  if (irregular) return [irregular];
  if (word.length < 4 || !word.endsWith('s') || word.endsWith('ss')) return [];
  const found = [word.slice(0, -1)];
  if (word.endsWith('ies')) found.push(`${word.slice(0, -3)}y`);
  if (word.endsWith('es')) found.push(word.slice(0, -2));
  return found;
}

const ES = /(?:s|x|z|ch|sh)$/u;
const ES_AFTER_O = new Set(['tomato', 'potato', 'mango', 'volcano', 'tornado']);

/** The plural of a name: its last word's, or its first word's where "of" follows that. */
export function pluralOf(name: string): string {
  const [head, ...rest] = name.split(/ (?=of |with )/u);
  const words = head.split(' ');
  const last = words[words.length - 1];
  return [[...words.slice(0, -1), pluralWord(last)].join(' '), ...rest].join(' ');
}

function pluralWord(word: string): string {
  const irregular = Object.entries(IRREGULAR).find(([, singular]) => singular === word);
  if (irregular) return irregular[0];
  if (['sheep', 'deer', 'fish'].includes(word)) return word;
  if (/[^su]s$/u.test(word)) return word; // glasses, jeans
  if (ES.test(word) || ES_AFTER_O.has(word)) return `${word}es`;
  return /[^aeiou]y$/u.test(word) ? `${word.slice(0, -1)}ies` : `${word}s`;
}
