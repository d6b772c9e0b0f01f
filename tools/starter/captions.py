"""Words for scenes, and what each caption said: the text encoder is taught to output exactly what was said."""

import random
from dataclasses import dataclass

from colours import WORDS
from scene import Artwork, Scene, Thing

STYLE_WORDS = {'fluent-emoji-flat': 'flat', 'twemoji': 'twemoji', 'noto': 'noto', 'emojione': 'clipart'}
UNCOUNTED = {'cherries', 'grapes', 'fries', 'coffee', 'fire', 'corn', 'cheese', 'heart', 'bread', 'milk', 'wine', 'beer'} | {
    'popcorn', 'sushi', 'spaghetti', 'bacon', 'honey', 'chocolate', 'pancakes', 'blueberries', 'jeans', 'socks', 'glasses',
    'sunglasses', 'scissors', 'headphones', 'lightning', 'broccoli', 'tea', 'chips', 'high',
}  # fmt: skip


@dataclass(frozen=True)
class Said:
    """What a caption states. Subjects are indices; None where it says nothing. The last four are version 2's."""

    subjects: tuple[int, ...]  # one, or the left and the right one, or the first and the second of a relation
    colours: tuple[str | None, ...]
    background: str | None = None
    style: str | None = None
    small: bool = False
    sizes: tuple[str | None, ...] = ()
    count: str | None = None  # '2', '3' or 'several'
    relation: str | None = None  # above, front, holding, wearing
    place: tuple[str, ...] = ()  # left, right, top, bottom


def with_article(phrase: str) -> str:
    if phrase.split()[-1] in UNCOUNTED:
        return phrase
    return ('an ' if phrase[0] in 'aeiou' else 'a ') + phrase


def name_thing(subject: dict, record: dict, thing: Thing, rng: random.Random, also: bool) -> tuple[str, str | None]:
    """('blue car', 'blue'). A recoloured picture always says its colour; a picture in its own colours seldom does."""
    names = subject['names'] + (subject.get('also', []) if also and rng.random() < 0.3 else [])
    name = rng.choice(names)
    first = name.split()[0]
    if thing.word:
        name = name.split(' ', 1)[1] if first in WORDS else name
        return f'{thing.word} {name}', thing.word
    if first in WORDS:
        return name, first
    if record['word'] and record['share'] > 0.55 and rng.random() < 0.12:
        return f'{record["word"]} {name}', record['word']
    return name, None


def describe(art: Artwork, subjects: list[dict], scene: Scene, rng: random.Random, also=False) -> tuple[str, Said]:
    """(caption, what it says). Every attribute is said only sometimes, so short prompts work."""
    phrases, colours, which = [], [], []
    for thing in scene.things:
        record = art.records[thing.row]
        phrase, colour = name_thing(subjects[record['subject']], record, thing, rng, also)
        phrases.append(phrase)
        colours.append(colour)
        which.append(record['subject'])
    articles = rng.random() < 0.45
    small = scene.small and rng.random() < 0.75
    style = STYLE_WORDS[art.records[scene.things[0].row]['set']] if len(phrases) == 1 and rng.random() < 0.25 else None
    if small:
        phrases = [rng.choice(('small ', 'tiny ')) + phrase for phrase in phrases]
    after = ''
    if style:
        if rng.random() < 0.6:
            phrases[0] = f'{style} {phrases[0]}'
        else:
            after = f', {style} style'
    if articles:
        phrases = [with_article(phrase) for phrase in phrases]
    text = rng.choice((' and ', ' and ', ' and ', ' next to ', ' left of ')).join(phrases)
    said_background = None
    if scene.background != 'white' or rng.random() < 0.12:
        said_background = scene.background
        text += f' on {"an" if said_background[0] in "aeiou" else "a"} {said_background} background'
    return text + after, Said(tuple(which), tuple(colours), said_background, style, small)
