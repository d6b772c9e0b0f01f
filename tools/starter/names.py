"""The subjects' names in other languages, from CLDR's annotations of emoji: what the app's reader knows beside English.

    python tools/starter/names.py [--out public/models/starter/names.json]

A word of another language is taken for a subject's name where it stands at the same emoji as an English name does. Annotations
are sets without an order, so words are aligned by the emoji that bear them: "Katze" is at those where "cat" is. The name of the
subject's own emoji ("Katzengesicht") and of the emoji that bears its English name ("Katze") count most. Colours are found
alike; numbers, sizes and small words of the languages most people write in are in phrases.json.
"""

import argparse
import gzip
import json
import unicodedata
from pathlib import Path

from colours import WORDS
from home import ARTWORK, HERE, load_subjects

LIMIT = 200_000  # bytes, compressed
MOST, MOST_OTHERS = 5, 2  # names of a subject in one of the FIRST languages, and in another
ALIGNED, LOOSELY = 0.5, 0.2  # least overlap of the emoji of two words that mean the same; where there is no better word
LEAST = 180  # subjects: a language that names fewer is left out
FIRST = ('de', 'fr', 'es', 'it', 'pt', 'ru', 'ja', 'zh', 'ar', 'pl', 'nl', 'ko', 'tr', 'sv', 'uk', 'cs', 'hi', 'id', 'vi', 'fi', 'da', 'no')
SYNONYM = 0.4  # how much less the name of what only a synonym calls is worth: a poodle is a dog, but not what "dog" is called
# Those that follow while there is room, by how many people write in them.
THEN = (
    'bn', 'ur', 'fa', 'sw', 'mr', 'te', 'ta', 'th', 'gu', 'kn', 'ml', 'pa', 'my', 'ms', 'fil', 'ro', 'el', 'hu', 'he', 'zh-Hant', 'bg', 'sr',
    'hr', 'sk', 'sl', 'lt', 'lv', 'et', 'ca', 'eu', 'gl', 'af', 'sq', 'mk', 'bs', 'is', 'ga', 'cy', 'az', 'kk', 'uz', 'ka', 'hy', 'be', 'mn',
    'km', 'lo', 'ne', 'si', 'am', 'so', 'zu', 'jv',
)  # fmt: skip


def tidy(word: str) -> str:
    return unicodedata.normalize('NFC', word).lower().replace('’', "'").strip(' :.!?“”"')


def annotations(language: str) -> dict[str, tuple[str, list[str]]]:
    """emoji -> (its name, its keywords)."""
    path = ARTWORK / 'node_modules' / 'cldr-annotations-full' / 'annotations' / language / 'annotations.json'
    entries = json.loads(path.read_text())['annotations'].get('annotations', {})
    strip = lambda emoji: emoji.replace('\ufe0f', '')
    return {
        strip(emoji): (tidy(entry.get('tts', [''])[0]), [tidy(word) for word in entry.get('default', [])])
        for emoji, entry in entries.items()
    }


def bearers(annotated: dict) -> dict[str, set[str]]:
    """word -> the emoji that bear it, as a name or a keyword."""
    out: dict[str, set[str]] = {}
    for emoji, (name, keywords) in annotated.items():
        for word in {name, *keywords}:
            out.setdefault(word, set()).add(emoji)
    return out


def overlap(a: set, b: set) -> float:
    return len(a & b) / len(a | b) if a or b else 0.0


class Aligner:
    """Finds what English words are called in one language."""

    def __init__(self, english: dict, foreign: dict):
        self.foreign, self.bearers = foreign, bearers(foreign)
        self.english = bearers(english)
        self.named = {name: emoji for emoji, (name, _) in reversed(english.items())}

    def names(self, emoji: str, words: list[str]) -> dict[str, float]:
        """name -> how sure, of the subject that this emoji shows and these English words call."""
        found: dict[str, float] = {}
        take = lambda word, score: word and found.__setitem__(word, max(score, found.get(word, 0)))
        if emoji in self.foreign:
            take(self.foreign[emoji][0], 2)
        for place, word in enumerate(words):
            sure = 1 if place == 0 else SYNONYM
            other = self.named.get(word)
            if other in self.foreign:
                take(self.foreign[other][0], 2.1 * sure)
            wanted = self.english.get(word, set())
            near = {key for one in wanted if one in self.foreign for key in self.foreign[one][1]}
            for key in near:
                score = overlap(self.bearers[key], wanted)
                if score >= ALIGNED and emoji in self.bearers[key]:
                    take(key, score + (1 if place == 0 else 0))
        if all(' ' in name for name in found):  # such as "white medium star": the plain word stands at too many emoji
            wanted = self.english.get(words[0], set())
            plain = [key for key in self.foreign.get(emoji, ('', []))[1] if ' ' not in key]
            best = max(plain, key=lambda key: (overlap(self.bearers[key], wanted), key), default=None)
            if best and overlap(self.bearers[best], wanted) >= LOOSELY:
                take(best, 1)
        return found

    def colour(self, word: str) -> str | None:
        """The word at most of the emoji where the colour's is; circles, squares and hearts have it in every language."""
        wanted = self.english[word]
        near = {key for one in wanted if one in self.foreign for key in self.foreign[one][1]}
        best = max(near, key=lambda key: (overlap(self.bearers[key], wanted), key), default=None)
        return best if best and overlap(self.bearers[best], wanted) >= ALIGNED else None


def is_colour(word: str, colours: set[str]) -> bool:
    """Whatever its ending."""
    alike = lambda colour: word == colour or (len(colour) > 2 and word.startswith(colour) and len(word) - len(colour) < 4)
    return any(map(alike, colours))


def names_colour(name: str, colours: set[str]) -> bool:
    return any(is_colour(word, colours) for word in name.split())


def without_colours(names: dict[str, float], colours: set[str]) -> dict[str, float]:
    """ "roter apfel" is a red one: what is left, "apfel", is any."""
    bare: dict[str, float] = {}
    for name, score in names.items():
        rest = ' '.join(word for word in name.split() if not is_colour(word, colours))
        rest = rest or name  # a colour that is a subject too: "rose"
        bare[rest] = max(score, bare.get(rest, 0))
    return bare


def language_names(aligner: Aligner, subjects: list[dict], emoji_of: dict[str, str], most: int, taken: set[str]) -> list[list[str]]:
    """For each subject its names, the surest first; no name means two subjects or is `taken` by a colour."""
    found = [aligner.names(emoji_of[s['label']], [*s['names'], *s.get('also', []), s['label'].lower()]) for s in subjects]
    owner: dict[str, int] = {}
    for k, names in enumerate(found):
        if not names_colour(subjects[k]['names'][0], set(WORDS)):
            found[k] = names = without_colours(names, taken)
        for name, score in names.items():
            if name not in owner or score > found[owner[name]][name]:
                owner[name] = k
    # Shorter ones first among equals: what is typed is mostly the plain word.
    order = lambda k: sorted((n for n in found[k] if owner.get(n) == k), key=lambda n: (-found[k][n], len(n), n))
    return [order(k)[:most] for k in range(len(subjects))]


def build(version: str) -> dict:
    subjects = load_subjects(version)['subjects']
    emojis = json.loads((ARTWORK / 'node_modules' / 'emojibase-data' / 'en' / 'data.json').read_text())
    emoji_of = {emoji['label']: emoji['emoji'].replace('\ufe0f', '') for emoji in emojis}
    english, phrases = annotations('en'), json.loads((HERE / 'phrases.json').read_text())
    languages, size = {}, 0
    for language in (*FIRST, *THEN):
        aligner = Aligner(english, annotations(language))
        known = phrases.get(language, {})
        colours = known.get('colours') or {word: aligner.colour(word) for word in WORDS}
        taken = {part for value in colours.values() if value for part in value.split()}
        names = language_names(aligner, subjects, emoji_of, MOST if language in FIRST else MOST_OTHERS, taken)
        if sum(map(bool, names)) < LEAST:
            continue
        if language == 'zh-Hant':
            names = [[name for name in of if name != '的'] for of in names]
        for subject, more in zip(subjects, names):
            more += known.get('names', {}).get(subject['names'][0], '').split()
        one = known | {'names': ';'.join('|'.join(of) for of in names)} | {'colours': {k: v for k, v in colours.items() if v}}
        size += len(gzip.compress(json.dumps(one, ensure_ascii=False).encode(), 9))
        if size > LIMIT:
            break
        languages[language] = one
    return {'subjects': [subject['names'][0] for subject in subjects], 'languages': languages}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--subjects', default='v2')
    parser.add_argument('--out', type=Path, default=HERE.parents[1] / 'public' / 'models' / 'starter' / 'names.json')
    options = parser.parse_args()
    built = build(options.subjects)
    text = json.dumps(built, ensure_ascii=False, separators=(',', ':'))
    size = len(gzip.compress(text.encode(), 9))
    if size > LIMIT:
        raise SystemExit(f'{size} bytes compressed are more than {LIMIT}')
    options.out.write_text(text + '\n')
    named = {name: sum(bool(part) for part in one['names'].split(';')) for name, one in built['languages'].items()}
    print(f'{options.out}: {len(named)} languages, {len(text.encode())} bytes, {size} compressed; subjects named: {named}')


if __name__ == '__main__':
    main()
