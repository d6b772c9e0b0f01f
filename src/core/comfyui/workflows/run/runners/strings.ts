/** Texts that are cut, compared, searched and changed, by Python's rules: letters are code points, negative places count from the end. */
import type { Place, Runners } from '../graph-walk';
import { pythonPattern, pythonReplacement, reachesTooFar } from './regex';
import { literal } from './values';

/** @see ComfyUI comfy_extras/nodes_string.py */
export const STRING_RUNNERS: Runners = {
  cut_text: (at) => literal([...at.text('string')].slice(at.number('start'), at.number('end')).join('')),
  measure_text: (at) => literal([...at.text('string')].length),
  change_case: (at) => literal(CASES[at.text('mode')](at.text('string'))),
  text_contains: (at) => {
    const [text, part] = folded(at, 'string', 'substring');
    return literal(text.includes(part));
  },
  compare_texts: (at) => {
    const [a, b] = folded(at, 'string_a', 'string_b');
    const mode = at.text('mode');
    return literal(mode === 'Equal' ? a === b : mode === 'Starts With' ? a.startsWith(b) : a.endsWith(b));
  },
  match_pattern: (at) => literal(patternOf(at).test(at.text('string'))),
  extract_pattern: (at) => literal(extracted(at)),
  replace_pattern: (at) => {
    const most = at.number('count');
    const replacement = pythonReplacement(at.text('replace'));
    let made = 0;
    const text = at.text('string').replace(patternOf(at, 'g'), (...found: unknown[]) => {
      made++;
      return most > 0 && made > most ? String(found[0]) : replacement(found);
    });
    return literal(text);
  },
  /** @see WAS nodes: how often it was there, too */
  exchange_text: (at) => {
    const parts = at.text('text').split(at.text('find'));
    const count = at.text('find') === '' ? 0 : parts.length - 1;
    const text = count === 0 ? at.text('text') : parts.join(at.text('replace'));
    return [...literal(text), ...literal(count), ...literal(count), ...literal(count)];
  },
  /** @see Comfyroll nodes_utils_text.py; Python puts a text also around and between all letters where it looks for nothing */
  join_two_texts: (at) => literal(at.text('text1') + at.text('separator') + at.text('text2')),
  replace_three_times: (at) => {
    const textOf = (name: string): string => (at.value(name) ? at.text(name) : '');
    const exchanged = (text: string, find: string, by: string): string =>
      find === '' ? ['', ...text, ''].join(by) : text.replaceAll(find, () => by);
    return literal(
      [1, 2, 3].reduce((text, n) => exchanged(text, textOf(`find${n}`), textOf(`replace${n}`)), at.text('text')),
    );
  },
  four_texts: (at) => ['text', 'text_b', 'text_c', 'text_d'].flatMap((name) => literal(at.text(name))),
  /** @see pysssss string_function.py: append joins what is not empty; replace searches the first for the second */
  string_function: (at) => {
    const [a, b, c] = ['text_a', 'text_b', 'text_c'].map((name) => at.text(name));
    const isTidy = at.text('tidy_tags') === 'yes';
    if (at.text('action') === 'append') {
      const parts = [a, b, c].filter((part) => part !== '');
      return literal(isTidy ? tidied(parts.join(', ')) : parts.join(''));
    }
    const slashed = /^\/(.*)\/$/s.exec(b);
    if (slashed) throw at.stop('text_b is a pattern between strokes, which does not run here; RegexReplace does.');
    const text = a.replaceAll(b, () => c);
    return literal(isTidy ? tidied(text) : text);
  },
};

const upperFirst = (word: string): string => {
  const [first = '', ...rest] = [...word];
  return first.toUpperCase() + rest.join('').toLowerCase();
};

const CASES: Readonly<Record<string, (text: string) => string>> = {
  UPPERCASE: (text) => text.toUpperCase(),
  lowercase: (text) => text.toLowerCase(),
  Capitalize: upperFirst,
  'Title Case': (text) => text.replace(/\p{L}+/gu, upperFirst),
};

const tidied = (text: string): string =>
  text
    .replace(/\s{2,}/g, ' ')
    .replaceAll(' ,', ',')
    .replace(/,{2,}/g, ',')
    .trim();

function folded(at: Place, ...names: [string, string]): [string, string] {
  const [a, b] = names.map((name) => (at.isOn('case_sensitive') ? at.text(name) : at.text(name).toLowerCase()));
  return [a, b];
}

/** @throws Stop for a pattern that is none here, or that might take for ever */
function patternOf(at: Place, flags = ''): RegExp {
  const pattern = at.text('regex_pattern');
  const all = `${flags}${at.isOn('case_insensitive') ? 'i' : ''}${at.isOn('multiline') ? 'm' : ''}${at.isOn('dotall') ? 's' : ''}u`;
  const made = pythonPattern(pattern, all);
  if (!made) throw at.stop(`"${pattern}" is no pattern that is read here.`);
  if (reachesTooFar(pattern, at.text('string').length))
    throw at.stop(`"${pattern}" repeats what repeats, which could take for ever on a text this long.`);
  return made;
}

function extracted(at: Place): string {
  const [mode, text, group] = [at.text('mode'), at.text('string'), at.number('group_index')];
  const found = [...text.matchAll(patternOf(at, 'g'))];
  switch (mode) {
    case 'First Match':
      return found[0]?.[0] ?? '';
    case 'All Matches':
      // Where it has groups Python's findall gives the first of them.
      return found.map((one) => (one.length > 1 ? (one[1] ?? '') : one[0])).join('\n');
    case 'First Group':
      return found[0]?.[group] ?? '';
    default:
      return found.flatMap((one) => (one.length > 1 && one.length > group ? [one[group] ?? ''] : [])).join('\n');
  }
}
