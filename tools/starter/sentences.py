"""Version 2's captions: what people write. Plurals, numbers, filler, synonyms, relations, places and scenes."""

import random

from backdrops import BACKDROPS
from captions import STYLE_WORDS, Said, describe, name_thing, with_article
from scene import Artwork, Scene

FILLED, ALSO = 0.4, 0.3  # shares of the captions with filler, and of the things called by a synonym
BEFORE = (
    'a photo of', 'photo of', 'a picture of', 'picture of', 'an image of', 'a drawing of', 'a painting of', 'an illustration of', 'a sketch of',
    'a portrait of', 'a close-up of', 'a render of', 'clipart of', 'an icon of', 'a logo of', 'emoji of', 'draw me', 'draw', 'please draw', 'paint me',
    'paint', 'show me', 'create', 'make', 'generate', 'i want', 'can you draw', 'i would like', 'give me', 'there is', 'this is',
    'a beautiful photo of', 'a cute drawing of', 'a high quality photo of',
)  # fmt: skip
AFTER = (
    'highly detailed', '4k', '8k', 'hd', 'masterpiece', 'best quality', 'digital art', 'oil painting', 'watercolor', 'photorealistic', 'realistic',
    'trending on artstation', 'cinematic lighting', 'sharp focus', 'cartoon', 'vector', 'concept art', 'high quality', 'please', 'isolated',
    'studio lighting', 'professional', 'anime style', 'pixel art', 'detailed', 'illustration', 'ultra realistic', '3d render',
)  # fmt: skip
ADJECTIVES = (
    'cute', 'beautiful', 'nice', 'funny', 'pretty', 'lovely', 'adorable', 'happy', 'old', 'new', 'young', 'shiny', 'fluffy', 'realistic', 'simple',
    'sweet', 'cool', 'single', 'fancy', 'strange', 'magic', 'wild', 'baby', 'cartoon', 'detailed', 'fresh', 'colourful', 'colorful', 'great', 'friendly',
)  # fmt: skip
NUMBERS = {2: ('two', '2', 'a pair of', 'a couple of', 'both'), 3: ('three', '3', 'three', 'a group of three')}
SEVERAL = ('', '', 'some', 'several', 'many', 'a few', 'a bunch of', 'a group of', 'lots of')
SIZES = {'small': ('small', 'tiny', 'little', 'mini'), 'big': ('big', 'large', 'huge', 'giant', 'enormous')}
RELATIONS = {
    # relation: (words, words that name the second first)
    'above': (('above', 'over', 'on top of', 'on'), ('below', 'under', 'beneath', 'underneath')),
    'front': (('in front of',), ('behind',)),
    'holding': (('holding', 'with', 'carrying', 'playing', 'eating'), ('held by',)),
    'wearing': (('wearing', 'with', 'in', 'who wears'), ('on the head of', 'worn by')),
}  # fmt: skip
BESIDE = (' and ', ' and ', ' and ', ' next to ', ' left of ', ' beside ', ', ', ' & ')
IRREGULAR = {'mouse': 'mice', 'wolf': 'wolves', 'sheep': 'sheep', 'deer': 'deer', 'fish': 'fish', 'die': 'dice', 'goose': 'geese'} | {
    'knife': 'knives', 'maple leaf': 'maple leaves', 'leaf': 'leaves', 'loaf': 'loaves', 'calf': 'calves', 'ox': 'oxen', 'cactus': 'cacti',
}  # fmt: skip


def plural(name: str) -> str:
    """An English plural; of the last word, or of the first where "of" or "with" follows it."""
    if name in IRREGULAR:
        return IRREGULAR[name]
    for joint in (' of ', ' with '):
        if joint in name:
            head, rest = name.split(joint, 1)
            return plural(head) + joint + rest
    *before, last = name.split(' ')
    if last in IRREGULAR:
        made = IRREGULAR[last]
    elif last.endswith(('s', 'x', 'z', 'ch', 'sh')):
        made = last if last.endswith('s') and not last.endswith(('ss', 'us')) else last + 'es'
    elif last.endswith('y') and last[-2:-1] not in 'aeiou':
        made = last[:-1] + 'ies'
    elif last in ('tomato', 'potato', 'mango', 'volcano', 'tornado'):
        made = last + 'es'
    else:
        made = last + 's'
    return ' '.join([*before, made])


def thing_phrase(art: Artwork, subjects: list[dict], scene: Scene, index: int, rng: random.Random) -> tuple[str, str | None, int]:
    thing = scene.things[index]
    record = art.records[thing.row]
    subject = subjects[record['subject']]
    if rng.random() < ALSO and subject.get('also'):
        subject = subject | {'names': subject['also'], 'also': []}
    phrase, colour = name_thing(subject, record, thing, rng, False)
    if thing.said_size:
        phrase = f'{rng.choice(SIZES[thing.said_size])} {phrase}'
    if rng.random() < 0.15:
        phrase = f'{rng.choice(ADJECTIVES)} {phrase}'
    return phrase, colour, record['subject']


def counted(phrase: str, count: int, rng: random.Random) -> tuple[str, str]:
    """(phrase, what is said of the number)."""
    if rng.random() < 0.25:
        return f'{rng.choice(SEVERAL)} {plural(phrase)}'.strip(), 'several'
    return f'{rng.choice(NUMBERS[count])} {plural(phrase)}', str(count)


def joined(scene: Scene, phrases: list[str], rng: random.Random) -> str:
    if len(phrases) == 1:
        return phrases[0]
    if scene.relation is None:
        return rng.choice(BESIDE).join(phrases)
    forward, backward = RELATIONS[scene.relation]
    if rng.random() < 0.6 or scene.relation == 'holding':
        return f'{phrases[0]} {rng.choice(forward)} {phrases[1]}'
    return f'{phrases[1]} {rng.choice(backward)} {phrases[0]}'


def place_words(place: tuple[str, ...], rng: random.Random) -> str:
    if len(place) == 2:
        return rng.choice((f'in the {place[0]} {place[1]} corner', f'at the {place[0]} {place[1]}', f'{place[0]} {place[1]}'))
    name = place[0]
    if name in ('left', 'right'):
        return rng.choice((f'on the {name}', f'on the {name} side', f'at the {name}', f'to the {name}'))
    return rng.choice((f'at the {name}', f'on the {name}', f'in the {"upper" if name == "top" else "lower"} part'))


def background_words(background: str, rng: random.Random) -> str:
    if background in BACKDROPS:
        return rng.choice((*BACKDROPS[background][0], f'on a {background} background'))
    return f'on {"an" if background[0] in "aeiou" else "a"} {background} background'


def filled(text: str, rng: random.Random) -> str:
    """The same with words that say nothing of what is seen."""
    if rng.random() < 0.65:
        text = f'{rng.choice(BEFORE)} {text}'
    else:
        return f'{text}, {", ".join(rng.sample(AFTER, rng.randint(1, 3)))}'
    return f'{text}, {rng.choice(AFTER)}' if rng.random() < 0.25 else text


def compose_caption(art: Artwork, subjects: list[dict], scene: Scene, rng: random.Random) -> tuple[str, Said]:
    """(caption, what it says) of a scene of compose.py."""
    if not scene.things:
        return rng.choice(BACKDROPS[scene.background][1]), Said((), (), scene.background)
    told = scene.told or tuple(range(len(scene.things)))
    phrases, colours, which, sizes = [], [], [], []
    for index in told:
        phrase, colour, subject = thing_phrase(art, subjects, scene, index, rng)
        phrases.append(phrase)
        colours.append(colour)
        which.append(subject)
        sizes.append(scene.things[index].said_size)
    said_count, small, style = None, False, None
    if scene.count > 1:
        phrases[0], said_count = counted(phrases[0], scene.count, rng)
    elif scene.small and rng.random() < 0.75:
        phrases[0], small = f'{rng.choice(SIZES["small"])} {phrases[0]}', True
    elif len(phrases) == 1 and rng.random() < 0.1:
        style = STYLE_WORDS[art.records[scene.things[0].row]['set']]
        phrases[0] = f'{style} {phrases[0]}'
    if rng.random() < 0.6:
        phrases = [phrase if k == 0 and said_count else with_article(phrase) for k, phrase in enumerate(phrases)]
    text = joined(scene, phrases, rng)
    if scene.place:
        text = f'{text} {place_words(scene.place, rng)}'
    background = None
    if scene.background != 'white' or rng.random() < 0.06:
        background = scene.background
        text = f'{text} {background_words(background, rng)}'
    return text, Said(tuple(which), tuple(colours), background, style, small, tuple(sizes), said_count, scene.relation, scene.place)


def describe_2(art: Artwork, subjects: list[dict], scene: Scene, rng: random.Random, also=True) -> tuple[str, Said]:
    """Version 1's captions for half of its scenes, this file's for the rest, filler over both."""
    old = scene.count == 1 and scene.relation is None and not scene.place and scene.background not in BACKDROPS
    old = old and scene.things and not any(thing.said_size for thing in scene.things)
    if old and rng.random() < 0.5:
        text, said = describe(art, subjects, scene, rng, also)
    else:
        text, said = compose_caption(art, subjects, scene, rng)
    return (filled(text, rng) if rng.random() < FILLED else text), said
