"""What version 2 must do beside version 1's measures: counts, places, relations, scenes, filler. Each with a control.

Ready for the table as measures.py's; `baseline` prompts leave out the words that are measured, so a model that ignores them
scores what chance gives.
"""

import random

import torch
import torch.nn.functional as F

from backdrops import BACKDROPS, Bank
from captions import with_article
from classifier import judged, rank_subjects
from measures import Setting, pair, percent, share
from sentences import AFTER, BEFORE, NUMBERS, plural


def ink(picture: torch.Tensor) -> torch.Tensor:
    """[64, 64] of a picture in -1..1: where something stands out from white."""
    return ((judged(picture[None])[0] - 1).abs().amax(0) > 0.25).float()


def pieces(mask: torch.Tensor, least: int = 60) -> list[tuple[float, float, int]]:
    """Connected parts of a mask with at least so many pixels: (x, y) of their centres in -1..1, and how many pixels."""
    from scipy import ndimage

    labels, count = ndimage.label(ndimage.binary_closing(mask.numpy() > 0, iterations=1))
    found = []
    for k in range(1, count + 1):
        ys, xs = (labels == k).nonzero()
        if len(xs) >= least:
            found.append((xs.mean() / 31.5 - 1, ys.mean() / 31.5 - 1, len(xs)))
    return found


# Subjects in one piece in every style: their number can be counted.
WHOLE = ('apple', 'heart', 'star', 'balloon', 'banana', 'car', 'fish', 'lemon', 'bell', 'key', 'pear', 'peach', 'cookie', 'mushroom')


def measure_counts(s: Setting, seed=13) -> dict:
    """ "two apples", "3 hearts": how many pieces are there; control: the subject alone."""
    known = [name for name in WHOLE if name in s.names.values()]
    cases = [(name, number, word) for name in known for number in (2, 3) for word in NUMBERS[number][:2]]
    made = s.make([f'{word} {plural(name)}' for name, _, word in cases], seed)
    alone = s.make([name for name, _, _ in cases], seed)
    right = lambda pictures: share(len(pieces(ink(p))) == number for p, (_, number, _) in zip(pictures, cases))
    return {f'as many pieces as the number says ({len(cases)})': (percent(right(made)), f'without the number {percent(right(alone))}')}


PLACES = {'left': (0, -1), 'right': (0, 1), 'top': (1, -1), 'bottom': (1, 1)}


def is_at(picture: torch.Tensor, place: str) -> bool:
    """Whether the middle of what stands out lies clearly to that side."""
    mask = ink(picture)
    if mask.sum() < 40:
        return False
    at = torch.linspace(-1, 1, 64)
    axis, sign = PLACES[place]
    middle = (mask.sum(axis) * at).sum() / mask.sum()
    return bool(middle * sign > 0.2)


def measure_places(s: Setting, seed=15, count=10) -> dict:
    names = random.Random(2).sample(list(s.names.values()), count)
    cases = [(name, place) for name in names for place in PLACES]
    words = lambda place: f'on the {place}' if place in ('left', 'right') else f'at the {place}'
    made = s.make([f'{with_article(name)} {words(place)}' for name, place in cases], seed)
    plain = s.make([with_article(name) for name, _ in cases], seed)
    right = lambda pictures: share(is_at(p, place) for p, (_, place) in zip(pictures, cases))
    return {f'the thing is at the side that is named ({len(cases)})': (percent(right(made)), f'without the words {percent(right(plain))}')}


def measure_above(s: Setting, seed=17, count=48) -> dict:
    """ "a X above a Y" and "a Y below a X": the classifier finds X in the upper half and Y in the lower."""
    rng = random.Random(3)
    pairs = [rng.sample(s.subjects, 2) for _ in range(count)]
    name = lambda k: with_article(s.names[k])
    texts = [f'{name(a)} above {name(b)}' if k % 2 else f'{name(b)} below {name(a)}' for k, (a, b) in enumerate(pairs)]

    def found(pictures: torch.Tensor, wanted: list, top: int) -> float:
        small = judged(pictures)
        halves = [F.interpolate(small[:, :, y : y + 32, 16:48], scale_factor=2, mode='bilinear') for y in (0, 32)]
        upper, lower = (rank_subjects(s.network, half, s.subjects, top).tolist() for half in halves)
        return share(a in u and b in low for (a, b), u, low in zip(wanted, upper, lower))

    made = s.make(texts, seed)
    values, control = ([found(made, wanted, top) for top in (1, 5)] for wanted in (pairs, [p[::-1] for p in pairs]))
    return {f'above and below, both found in their halves, top-1 / top-5 ({count})': (pair(values), f'upside down {pair(control)}')}


def nearest_backdrop(pictures: torch.Tensor, bank: Bank) -> list[str]:
    """The scene whose mean drawing is nearest at the four sides of a picture, where no subject stands."""
    edge = torch.ones(16, 16, dtype=torch.bool)
    edge[3:13, 3:13] = False
    cells = lambda x: F.adaptive_avg_pool2d(x, 16)[..., edge].flatten(1)
    names = list(BACKDROPS)
    means = torch.stack([cells(torch.stack([bank.get(name, k) for k in range(24)]) * 2 - 1).mean(0) for name in names])
    return [names[k] for k in torch.cdist(cells(pictures), means).argmin(1).tolist()]


def measure_scenes(s: Setting, seed=19, count=6) -> dict:
    names = random.Random(4).sample(list(s.names.values()), count)
    cases = [(name, scene) for name in names for scene in BACKDROPS]
    bank = Bank(24, pixels=s.parts.vae.config.sample_size)
    made = s.make([f'{with_article(name)} {BACKDROPS[scene][0][0]}' for name, scene in cases], seed)
    plain = s.make([with_article(name) for name, _ in cases], seed)
    right = lambda pictures: share(found == scene for found, (_, scene) in zip(nearest_backdrop(pictures, bank), cases))
    index = {name: k for k, name in s.names.items()}
    named = rank_subjects(s.network, made, s.subjects)[:, 0].tolist()
    subjects = share(k == index[name] for k, (name, _) in zip(named, cases))
    return {
        f'the scene is the one that is named ({len(cases)})': (
            f'{percent(right(made))} (the right subject in {percent(subjects)})',
            f'without the words {percent(right(plain))}',
        )
    }


def measure_filler(s: Setting, seed=7) -> dict:
    """Classifier accuracy of the names alone, before and after filler: the difference must stay within 2 points."""
    rng, names = random.Random(5), [s.names[k] for k in s.subjects]
    filled = [f'{rng.choice(BEFORE)} {with_article(name)}, {", ".join(rng.sample(AFTER, 2))}' for name in names]
    top = lambda texts: share(k == w for k, w in zip(rank_subjects(s.network, s.make(texts, seed), s.subjects)[:, 0].tolist(), s.subjects))
    with_it, without = top(filled), top(names)
    return {f'classifier names the subject through filler, top-1 ({len(names)})': (percent(with_it), f'without filler {percent(without)}')}
