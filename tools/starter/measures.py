"""The measures of evaluate.py. Each returns {name: (value, control)} ready for the table, on fixed seeds, nothing picked."""

import random

import numpy as np
import torch
import torch.nn.functional as F

from captions import STYLE_WORDS, with_article
from classifier import judged, rank_subjects
from colours import BACKGROUNDS, HUES, art_word, main_word, recolour
from components import decode, encode, picture_psnr, sample_ddim
from scene import Scene, Thing

COLOUR_OBJECTS = ('heart', 'car', 'apple', 'star', 'balloon', 'fish', 'umbrella', 'gift')
BACKGROUND_OBJECTS = ('apple', 'cat', 'heart', 'star')


class Setting:
    """What is measured (components, its subjects, its styles) and with what (artwork, painter, classifier)."""

    def __init__(self, parts, listed: dict, art, painter, network, all_subjects: list[dict], steps=8, cfg=4.0):
        self.parts, self.art, self.painter, self.network = parts, art, painter, network
        self.steps, self.cfg, self.sets = steps, cfg, listed['sets']
        index_of = {subject['label']: k for k, subject in enumerate(all_subjects)}
        self.subjects = [index_of[subject['label']] for subject in listed['subjects']]
        self.names = {index_of[subject['label']]: subject['names'][0] for subject in listed['subjects']}
        own = set(self.subjects)
        self.rows = [r for r in art.originals() if art.records[r]['subject'] in own and art.records[r]['set'] in self.sets]
        self.references = painter.paint([Scene([Thing(row, None)]) for row in self.rows])

    def make(self, prompts: list[str], seed: int) -> torch.Tensor:
        """[n, 3, H, W] pictures in -1..1, of the model's own size."""
        latents = sample_ddim(self.parts, prompts, seed=seed, steps=self.steps, cfg=self.cfg)
        return decode(self.parts, latents).clamp(-1, 1)


def share(flags) -> float:
    flags = list(flags)
    return sum(map(bool, flags)) / max(1, len(flags))


def percent(value: float) -> str:
    return f'{100 * value:.1f} %'


def small(pictures: torch.Tensor) -> torch.Tensor:
    return F.avg_pool2d(judged(pictures), 2).flatten(1)


def hits(ranked: list[list[int]], wanted: list[int]) -> tuple[float, float]:
    """(top-1, top-5) shares."""
    return share(r[0] == w for r, w in zip(ranked, wanted)), share(w in r[:5] for r, w in zip(ranked, wanted))


def shuffled_hits(ranked: list[list[int]], wanted: list[int]) -> tuple[float, float]:
    """The same with the wanted subjects permuted, mean of 50 permutations: what chance gives."""
    rng = random.Random(0)
    runs = [hits(ranked, rng.sample(wanted, len(wanted))) for _ in range(50)]
    return tuple(float(np.mean(column)) for column in zip(*runs))


def nearest_subjects(s: Setting, pictures: torch.Tensor, leave_out=None) -> list[list[int]]:
    """Subjects by distance of their nearest artwork at 32x32 pixels, on white; leave_out(picture, row) hides artwork."""
    distances = torch.cdist(small(pictures), small(s.references))
    ranked = []
    for k, row in enumerate(distances):
        order = [j for j in row.argsort().tolist() if leave_out is None or not leave_out(k, s.rows[j])]
        ranked.append(list(dict.fromkeys(s.art.records[s.rows[j]]['subject'] for j in order))[:5])
    return ranked


def pair(values: tuple[float, float]) -> str:
    return ' / '.join(map(percent, values))


def measure_autoencoder(s: Setting) -> dict:
    """PSNR of decode(encode(x)), on pictures the decoder was trained with and on styles or pairs it was not."""
    rng, colours = random.Random(5), list(BACKGROUNDS)
    seen = [row for row in s.rows if not s.art.records[row]['held_out']]
    own = set(s.rows)
    unseen = [row for row in s.art.originals() if row not in own or s.art.records[row]['held_out']]
    variants = [rng.choice(s.art.variants[row]) for row in seen if row in s.art.variants]
    sets = {
        'training pictures on white': [Scene([Thing(row, None)]) for row in seen],
        'on coloured backgrounds': [Scene([Thing(row, None)], rng.choice(colours)) for row in seen],
        'recoloured': [Scene([Thing(row, None)]) for row in variants],
        'artwork not trained on, on white': [Scene([Thing(row, None)]) for row in unseen],
    }
    out = {}
    for name, scenes in sets.items():
        x = s.painter.paint(scenes)
        y = decode(s.parts, encode(s.parts, x)).clamp(-1, 1)
        out[f'autoencoder PSNR, {name} ({len(scenes)})'] = (f'{picture_psnr(x, y).mean():.1f} dB', '')
    return out


def measure_subjects(s: Setting, seeds=(7, 8)) -> tuple[dict, torch.Tensor]:
    """Retrieval and classifier accuracy over all canonical names; also the pictures of the first seed."""
    prompts = [s.names[k] for k in s.subjects]
    pictures = torch.cat([s.make(prompts, seed) for seed in seeds])
    wanted = s.subjects * len(seeds)
    near = nearest_subjects(s, pictures)
    named = rank_subjects(s.network, pictures, s.subjects).tolist()
    classes = s.network[-1].out_features
    everything = rank_subjects(s.network, pictures, list(range(classes))).tolist()
    real = rank_subjects(s.network, s.references, s.subjects).tolist()
    truth = [s.art.records[row]['subject'] for row in s.rows]
    other = nearest_subjects(
        s, s.references, lambda k, row: s.art.records[row]['set'] == s.art.records[s.rows[k]]['set']
    )
    count = f'{len(prompts)} subjects x {len(seeds)} seeds'
    return {
        f'nearest artwork shows the subject, top-1 / top-5 ({count})': (
            pair(hits(near, wanted)),
            f'shuffled prompts {pair(shuffled_hits(near, wanted))}',
        ),
        'the same for real artwork among the other styles (ceiling)': (pair(hits(other, truth)), ''),
        f'classifier names the subject, top-1 / top-5 ({count})': (
            pair(hits(named, wanted)),
            f'shuffled prompts {pair(shuffled_hits(named, wanted))}',
        ),
        f'the same among all {classes} subjects the classifier knows': (
            pair(hits(everything, wanted)),
            f'shuffled prompts {pair(shuffled_hits(everything, wanted))}',
        ),
        'the same for real artwork, which it was trained on (ceiling)': (pair(hits(real, truth)), ''),
    }, pictures[: len(prompts)]


def colour_of(picture: torch.Tensor) -> str | None:
    """The main colour word of what stands out from white."""
    rgb = ((picture + 1) / 2).permute(1, 2, 0).numpy()
    return main_word(rgb, np.abs(rgb - 1).max(-1) > 0.12)[0]


def rotated(art: np.ndarray, turns: float) -> np.ndarray:
    """Version 0's recolouring: every pixel's hue turned about the grey axis. Premultiplied uint8 in and out."""
    angle = 2 * np.pi * turns
    cos, sin, third, root = np.cos(angle), np.sin(angle), 1 / 3, np.sqrt(1 / 3)
    a, b, c = cos + (1 - cos) * third, third * (1 - cos) - root * sin, third * (1 - cos) + root * sin
    matrix = np.array([[a, b, c], [c, a, b], [b, c, a]])
    out = art.copy()
    out[..., :3] = np.minimum(np.clip(art[..., :3] @ matrix.T, 0, 255), art[..., 3:])
    return out


def trained_colours(s: Setting, subject: int) -> set[str]:
    """Colour words that the model can have seen with a subject: its own colours and the variants it was trained on."""
    words = set()
    for row in s.rows:
        record = s.art.records[row]
        if record['subject'] != subject or record['held_out']:
            continue
        words.add(record['word'])
        if 'emojione' not in s.sets:  # version 0: eight hue rotations, kept where one colour covers half
            found = [art_word(rotated(np.array(s.art.pictures[row]), turn / 8)) for turn in range(1, 8)]
            words |= {word for word, part in found if part > 0.5}
        else:
            words |= {s.art.records[variant]['word'] for variant in s.art.variants.get(row, [])}
    return words


def colour_accuracy(s: Setting, pairs: list[tuple[str, int]], seed: int) -> tuple[float, float, float]:
    """(colour right, colour and subject right, colour right when the prompt leaves it out)."""
    with_word = s.make([f'{word} {s.names[k]}' for word, k in pairs], seed)
    without = s.make([s.names[k] for _, k in pairs], seed)
    named = rank_subjects(s.network, with_word, s.subjects)[:, 0].tolist()
    right = [colour_of(picture) == word for picture, (word, _) in zip(with_word, pairs)]
    control = [colour_of(picture) == word for picture, (word, _) in zip(without, pairs)]
    both = [r and n == k for r, n, (_, k) in zip(right, named, pairs)]
    return share(right), share(both), share(control)


def measure_colours(s: Setting, seed=3, most=120) -> dict:
    """Colour words: the fixed 56 pairs of version 0's card, then pairs seen and never seen in training."""
    by_name = {name: k for k, name in s.names.items()}
    fixed = [(word, by_name[name]) for word in HUES for name in COLOUR_OBJECTS]
    groups = {f'7 colours x {len(COLOUR_OBJECTS)} fixed subjects': fixed}
    seen, unseen = [], []
    for k in s.subjects:
        rows = [row for row in s.rows if s.art.records[row]['subject'] == k]
        if s.names[k].split()[0] in HUES:
            continue
        known = trained_colours(s, k)
        for word in HUES:
            if word in known:
                seen.append((word, k))
            elif any(recolour(np.array(s.art.pictures[row]), word) is not None for row in rows):
                unseen.append((word, k))
    rng = random.Random(0)
    for name, pairs in (('pairs seen in training', seen), ('pairs never seen in training', unseen)):
        groups[name] = rng.sample(pairs, min(most, len(pairs)))
    out = {}
    for name, pairs in groups.items():
        right, both, control = colour_accuracy(s, pairs, seed)
        out[f'colour word is the main colour, {name} ({len(pairs)})'] = (
            f'{percent(right)} (with the right subject {percent(both)})',
            f'without the word {percent(control)}',
        )
    return out


def background_of(picture: torch.Tensor) -> str:
    """The named background nearest to the mean of the four 4x4 corners, at 64x64 pixels."""
    picture = judged(picture[None])[0]
    ends = (slice(0, 4), slice(-4, None))
    corners = torch.stack([picture[:, y, x].mean((1, 2)) for y in ends for x in ends])
    rgb = (corners.mean(0) + 1) / 2 * 255
    return min(BACKGROUNDS, key=lambda name: (torch.tensor(BACKGROUNDS[name]) - rgb).abs().sum().item())


def measure_backgrounds(s: Setting, seed=5) -> dict:
    cases = [(word, name) for word in BACKGROUNDS if word != 'white' for name in BACKGROUND_OBJECTS]
    article = lambda word: 'an' if word[0] in 'aeiou' else 'a'
    made = s.make([f'{name} on {article(word)} {word} background' for word, name in cases], seed)
    plain = s.make([name for _, name in cases], seed)
    right = share(background_of(picture) == word for picture, (word, _) in zip(made, cases))
    control = share(background_of(picture) == word for picture, (word, _) in zip(plain, cases))
    return {f"background word is the corners' colour ({len(cases)})": (percent(right), f'without the words {percent(control)}')}


def measure_held_out(s: Setting, seed=9) -> dict:
    """Prompts with a style word for the (subject, style) pairs that were kept out of training."""
    rows = [row for row in s.rows if s.art.records[row]['held_out']]
    if not rows:
        return {'held-out (subject, style) pairs': ('none: every pair was trained on', '')}
    wanted = [s.art.records[row]['subject'] for row in rows]
    pictures = s.make([f'{STYLE_WORDS[s.art.records[row]["set"]]} {s.names[k]}' for row, k in zip(rows, wanted)], seed)
    near = nearest_subjects(s, pictures)
    named = rank_subjects(s.network, pictures, s.subjects).tolist()
    return {
        f'held-out (subject, style) pairs, nearest artwork, top-1 / top-5 ({len(rows)})': (
            pair(hits(near, wanted)),
            f'shuffled prompts {pair(shuffled_hits(near, wanted))}',
        ),
        f'held-out (subject, style) pairs, classifier, top-1 / top-5 ({len(rows)})': (
            pair(hits(named, wanted)),
            f'shuffled prompts {pair(shuffled_hits(named, wanted))}',
        ),
    }


def halves(pictures: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The left and right middle squares, [n, 3, 32, 32], doubled."""
    pictures = judged(pictures)
    return tuple(F.interpolate(pictures[:, :, 16:48, x : x + 32], scale_factor=2, mode='bilinear') for x in (0, 32))


def measure_two(s: Setting, seed=11, count=64) -> dict:
    """"a X and a Y": the classifier must find X in the left half and Y in the right, each among its first five."""
    rng = random.Random(1)
    pairs = [rng.sample(s.subjects, 2) for _ in range(count)]
    pictures = s.make([f'{with_article(s.names[a])} and {with_article(s.names[b])}' for a, b in pairs], seed)
    real_scenes = []
    for a, b in pairs:
        rows = [rng.choice([r for r in s.rows if s.art.records[r]['subject'] == k]) for k in (a, b)]
        real_scenes.append(Scene([Thing(rows[0], None, -0.5, 0, 0.53), Thing(rows[1], None, 0.5, 0, 0.53)]))

    def both(images: torch.Tensor, wanted: list[list[int]], top: int) -> float:
        left, right = (rank_subjects(s.network, half, s.subjects, top).tolist() for half in halves(images))
        return share(a in lefts and b in rights for (a, b), lefts, rights in zip(wanted, left, right))

    real = s.painter.paint(real_scenes)
    moved = pairs[1:] + pairs[:1]
    values = [both(pictures, pairs, top) for top in (1, 5)]
    control = [both(pictures, moved, top) for top in (1, 5)]
    ceiling = [both(real, pairs, top) for top in (1, 5)]
    return {
        f'two subjects, both found in their halves, top-1 / top-5 ({count})': (
            pair(values),
            f'other prompts {pair(control)}; real artwork {pair(ceiling)}',
        )
    }


def measure_steps(s: Setting, seed=7) -> dict:
    """Classifier accuracy with fewer and more steps."""
    wanted, prompts, out = s.subjects, [s.names[k] for k in s.subjects], []
    before = s.steps
    for steps in (4, 8, 20):
        s.steps = steps
        out.append(f'{steps}: {pair(hits(rank_subjects(s.network, s.make(prompts, seed), s.subjects).tolist(), wanted))}')
    s.steps = before
    return {'classifier, top-1 / top-5, by number of steps (one seed)': ('; '.join(out), '')}
