"""Version 2's scenes: counts, things that stand to one another, places, sizes and drawn backgrounds, beside all of version 1's.

A relation is kept in one direction: "a below b" is "b above a", "a behind b" is "b in front of a".
"""

import random

from backdrops import BACKDROPS
from scene import Artwork, Scene, Thing, draw_scene, draw_thing

# Shares of the scenes; the rest are version 1's (SCENERY of those on a drawn background).
SHARES = (('count', 0.13), ('above', 0.06), ('front', 0.05), ('holding', 0.04), ('wearing', 0.04), ('place', 0.09),
          ('sized', 0.06), ('alone', 0.03))  # fmt: skip
SCENERY = 0.18  # of the scenes that are on white otherwise

WEARABLES = {
    # label: (x, y, size) on a face of size 0.8 that stands at y 0.18
    'top hat': (0.0, -0.6, 0.5), 'crown': (0.0, -0.58, 0.45), 'sunglasses': (0.0, 0.1, 0.55), 'glasses': (0.0, 0.1, 0.55),
    'scarf': (0.0, 0.68, 0.5), 'headphone': (0.0, -0.02, 0.85),
}  # fmt: skip
HOLDABLES = (
    'red apple', 'green apple', 'banana', 'pizza', 'red heart', 'star', 'sunflower', 'rose', 'tulip', 'birthday cake', 'soft ice cream',
    'soccer ball', 'basketball', 'balloon', 'umbrella', 'wrapped gift', 'key', 'bell', 'guitar', 'camera', 'carrot', 'strawberry',
    'hamburger', 'doughnut', 'cookie', 'hot beverage', 'mobile phone', 'bouquet', 'lollipop', 'candy', 'beer mug', 'wine glass',
    'teddy bear', 'kite', 'trophy', 'microphone', 'saxophone', 'trumpet', 'violin', 'candle', 'closed book', 'envelope', 'pencil',
    'paintbrush', 'hammer', 'axe', 'shield', 'handbag', 'laptop', 'magnifying glass tilted left',
)  # fmt: skip
HOLDERS = (
    'cat face', 'dog face', 'robot', 'ghost', 'alien', 'skull', 'snowman without snow', 'frog', 'pig face', 'bear', 'panda', 'fox',
    'lion', 'tiger face', 'monkey face', 'rabbit face', 'koala', 'mouse face', 'cow face', 'octopus', 'penguin', 'owl', 'unicorn',
    'grinning face', 'clown face', 'nerd face', 'cowboy hat face', 'elephant', 'horse face', 'wolf', 'gorilla', 'hamster', 'raccoon',
    'dragon face', 'T-Rex', 'teddy bear', 'chicken', 'front-facing baby chick', 'smiling face with horns', 'hedgehog', 'jack-o-lantern',
)  # fmt: skip
FACES = tuple(label for label in HOLDERS if label not in ('octopus', 'elephant', 'T-Rex', 'hedgehog', 'chicken', 'owl', 'gorilla'))
PLACES = {'left': (-1, 0), 'right': (1, 0), 'top': (0, -1), 'bottom': (0, 1)}
TRIPLE = ((0.0, -0.46), (-0.48, 0.42), (0.48, 0.42))


class Composer:
    """Draws version 2's scenes. It finds pictures by their labels, so it needs no list of subjects."""

    def __init__(self, art: Artwork):
        self.art = art
        self.rows: dict[str, list[int]] = {}
        for row in art.trainable:
            self.rows.setdefault(art.records[row]['label'], []).append(row)

    def pick(self, labels, rng: random.Random) -> Thing:
        """One of the labels that have a picture, now and then in another colour; anything where none has."""
        known = [label for label in labels if label in self.rows]
        if not known:
            return draw_thing(self.art, rng)
        row = rng.choice(self.rows[rng.choice(known)])
        variants = self.art.variants.get(row)
        if variants and rng.random() < 0.2:
            chosen = rng.choice(variants)
            return Thing(chosen, self.art.records[chosen]['word'])
        return Thing(row, None)

    def draw(self, rng: random.Random) -> Scene:
        at = rng.random()
        for kind, share in SHARES:
            if at < share:
                scene = getattr(self, kind)(rng)
                break
            at -= share
        else:
            scene = draw_scene(self.art, rng)
            if scene.background != 'white' or rng.random() >= SCENERY:
                return scene
            scene.background = rng.choice(list(BACKDROPS))
            if len(scene.things) == 1 and not scene.small:
                settle(scene.things[0], rng)
            return scene
        if scene.background == 'white':
            scene.background = other_background(rng)
        return scene

    def count(self, rng) -> Scene:
        thing, number = draw_thing(self.art, rng), rng.choice((2, 3, 3))
        spots = TRIPLE if number == 3 else ((-0.5, 0.0), (0.5, 0.0))
        size = rng.uniform(0.46, 0.52) if number == 3 else rng.uniform(0.5, 0.56)
        jitter = lambda: rng.uniform(-0.04, 0.04)
        return Scene([Thing(thing.row, thing.word, x + jitter(), y + jitter(), size) for x, y in spots], count=number, told=(0,))

    def above(self, rng) -> Scene:
        top, bottom = draw_thing(self.art, rng), draw_thing(self.art, rng)
        for thing, y in ((top, -0.5), (bottom, 0.5)):
            thing.x, thing.y, thing.size = rng.uniform(-0.06, 0.06), y, rng.uniform(0.5, 0.56)
        self.resize(rng, top, bottom)
        return Scene([top, bottom], relation='above')

    def front(self, rng) -> Scene:
        before, behind = draw_thing(self.art, rng), draw_thing(self.art, rng)
        side = rng.choice((-1, 1))
        behind.x, behind.y, behind.size = 0.18 * side, -0.2, rng.uniform(0.7, 0.76)
        before.x, before.y, before.size = -0.32 * side, 0.45, rng.uniform(0.46, 0.52)
        return Scene([behind, before], relation='front', told=(1, 0))

    def holding(self, rng) -> Scene:
        holder, held = self.pick(HOLDERS, rng), self.pick(HOLDABLES, rng)
        holder.x, holder.y, holder.size = -0.14, -0.1, rng.uniform(0.74, 0.8)
        held.x, held.y, held.size = 0.52, 0.5, rng.uniform(0.4, 0.46)
        return Scene([holder, held], relation='holding')

    def wearing(self, rng) -> Scene:
        face = self.pick(FACES, rng)
        worn = self.pick(WEARABLES, rng)
        face.y, face.size = 0.18, 0.8
        worn.x, worn.y, worn.size = WEARABLES.get(self.art.records[worn.row]['label'], (0.0, -0.6, 0.5))
        return Scene([face, worn], relation='wearing')

    def place(self, rng) -> Scene:
        """One thing at a side or in a corner."""
        thing = draw_thing(self.art, rng)
        places = rng.choice((('left',), ('right',), ('top',), ('bottom',), ('top', 'left'), ('top', 'right'), ('bottom', 'left'), ('bottom', 'right')))
        thing.said_size = rng.choice((None, None, 'small', 'big'))
        thing.size = {None: 0.52, 'small': 0.38, 'big': 0.66}[thing.said_size] * rng.uniform(0.95, 1.05)
        reach = 1 - thing.size * 0.9
        thing.x, thing.y = (reach * sum(PLACES[name][axis] for name in places) for axis in (0, 1))
        return Scene([thing], place=places)

    def sized(self, rng) -> Scene:
        """A big one alone, or two side by side of which one is big or small."""
        thing = draw_thing(self.art, rng)
        if rng.random() < 0.4:
            thing.said_size, thing.size = 'big', rng.uniform(1.16, 1.26)
            return Scene([thing])
        other = draw_thing(self.art, rng)
        for one, x in ((thing, -0.5), (other, 0.5)):
            one.x, one.size = x, rng.uniform(0.5, 0.56)
        self.resize(rng, thing, other, always=True)
        return Scene([thing, other])

    def alone(self, rng) -> Scene:
        return Scene([], rng.choice(list(BACKDROPS)))

    @staticmethod
    def resize(rng, first: Thing, second: Thing, always=False) -> None:
        """Makes one of two big or small: they lean away from the bigger one's side."""
        if not always and rng.random() > 0.3:
            return
        chosen, other = rng.sample((first, second), 2)
        chosen.said_size = rng.choice(('small', 'big'))
        chosen.size = (0.34 if chosen.said_size == 'small' else 0.68) * rng.uniform(0.96, 1.04)
        if chosen.said_size == 'big':
            other.size = 0.42
            chosen.x, chosen.y = chosen.x * 0.72, chosen.y * 0.72
            other.x, other.y = other.x * 1.16, other.y * 1.16
        if rng.random() < 0.5:
            other.said_size = 'small' if chosen.said_size == 'big' else None
            other.size = 0.36 if other.said_size else other.size


def settle(thing: Thing, rng: random.Random) -> None:
    """Lets the background be seen: a little smaller and lower than alone on white."""
    thing.size, thing.x, thing.y = rng.uniform(0.68, 0.78), rng.uniform(-0.08, 0.08), rng.uniform(0.08, 0.18)


def other_background(rng: random.Random) -> str:
    from colours import BACKGROUNDS

    kind = rng.random()
    if kind < 0.55:
        return 'white'
    return rng.choice(list(BACKDROPS)) if kind < 0.8 else rng.choice(list(BACKGROUNDS))
