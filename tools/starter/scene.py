"""Training scenes: which pictures stand where, how large and on what background; and their pixels, batched in torch.

A scene is drawn at random (draw_scene), described in words (captions.describe) and painted (Painter.paint). Most scenes
hold one subject in its canonical place, as the first version did; the rest are shifted, small, or two subjects side by side.
"""

import json
import random
from dataclasses import dataclass, field

import numpy as np
import torch
import torch.nn.functional as F

from backdrops import BACKDROPS, Bank
from colours import BACKGROUNDS, HUES
from configs import PIXELS
from home import DATA, pictures_of

TWO, SMALL, JITTER, RECOLOUR, PLAIN = 0.25, 0.06, 0.1, 0.33, 0.6  # shares of the scenes; PLAIN: on white


@dataclass
class Thing:
    """One pasted picture: its row in the arrays, centre in -1..1 and size (1 = canonical)."""

    row: int
    word: str | None  # the colour word that must be said, None if the picture has its own colours
    x: float = 0.0
    y: float = 0.0
    size: float = 1.0
    said_size: str | None = None  # 'small' or 'big' where the caption must say so


@dataclass
class Scene:
    """Things are painted in their order. The last four are version 2's (compose.py); captions name `told` things in that order."""

    things: list[Thing]
    background: str = 'white'  # a colour, or a name of backdrops.BACKDROPS
    small: bool = False
    count: int = 1  # of the same subject
    relation: str | None = None  # above, front, holding, wearing: of the first told to the second
    place: tuple[str, ...] = ()
    told: tuple[int, ...] | None = None  # indices into things; all of them unless given


@dataclass
class Artwork:
    """The arrays that data.py made, indexed for drawing scenes."""

    pictures: np.ndarray  # [n, 128, 128, 4] uint8, premultiplied
    records: list[dict]
    trainable: list[int] = field(default_factory=list)  # original pictures that are not held out
    variants: dict[int, list[int]] = field(default_factory=dict)  # original row -> trainable recoloured rows

    @classmethod
    def load(cls, version: str) -> 'Artwork':
        name = pictures_of(version)
        records = json.loads((DATA / f'{name}.json').read_text())
        art = cls(np.load(DATA / f'{name}.npy', mmap_mode='c'), records)
        for row, record in enumerate(records):
            if record['held_out']:
                continue
            if 'source' not in record:
                art.trainable.append(row)
            else:
                art.variants.setdefault(record['source'], []).append(row)
        return art

    def originals(self, held_out: bool | None = None) -> list[int]:
        """Rows of the pictures as drawn; all, only the held-out pairs, or only the others."""
        rows = [row for row, record in enumerate(self.records) if 'source' not in record]
        return [row for row in rows if held_out is None or self.records[row]['held_out'] == held_out]


def draw_thing(art: Artwork, rng: random.Random) -> Thing:
    row = rng.choice(art.trainable)
    variants = art.variants.get(row)
    if variants and rng.random() < RECOLOUR:
        rainbow = [v for v in variants if art.records[v]['word'] in HUES]
        chosen = rng.choice(rainbow if rainbow and rng.random() < 0.85 else variants)
        return Thing(chosen, art.records[chosen]['word'])
    return Thing(row, None)


def draw_scene(art: Artwork, rng: random.Random) -> Scene:
    kind = rng.random()
    plain = rng.random() < PLAIN
    background = 'white' if plain else rng.choice(list(BACKGROUNDS))
    if kind < TWO:
        left, right = draw_thing(art, rng), draw_thing(art, rng)
        for thing, x in ((left, -0.5), (right, 0.5)):
            thing.size = rng.uniform(0.5, 0.56)
            thing.x, thing.y = x, rng.choice((0.0, 0.0, rng.uniform(-0.12, 0.12)))
        return Scene([left, right], background)
    thing = draw_thing(art, rng)
    if kind < TWO + SMALL:
        thing.size = rng.uniform(0.45, 0.6)
        return Scene([thing], background, small=True)
    if kind < TWO + SMALL + JITTER:
        thing.size = rng.uniform(0.8, 1.05)
        room = max(0.03, 1 - thing.size * 0.875)
        thing.x, thing.y = rng.uniform(-room, room), rng.uniform(-room, room)
    return Scene([thing], background)


def halved(pictures: np.ndarray) -> torch.Tensor:
    """[n, 64, 64, 4] uint8, box filtered; in blocks, since the whole as float would be large."""
    out = torch.empty((len(pictures), 64, 64, 4), dtype=torch.uint8)
    for start in range(0, len(pictures), 256):
        block = torch.from_numpy(np.array(pictures[start : start + 256])).permute(0, 3, 1, 2).float()
        out[start : start + 256] = F.avg_pool2d(block, 2).round().byte().permute(0, 2, 3, 1)
    return out


class Painter:
    """Paints scenes to [n, 3, pixels, pixels] pictures in -1..1; pixels is 128, or 64 as for version 0."""

    def __init__(self, art: Artwork, device: str = 'cpu', pixels: int = PIXELS):
        self.device, self.pixels = device, pixels
        self.large = torch.from_numpy(art.pictures)  # [n, 128, 128, 4], stays on disk
        self.canonical = self.large if pixels == 128 else halved(art.pictures)
        self.bank: Bank | None = None
        self.colours = {name: torch.tensor(rgb, device=device) / 255 for name, rgb in BACKGROUNDS.items()}

    def layers(self, things: list[Thing]) -> torch.Tensor:
        """[things, 4, pixels, pixels] premultiplied, 0..1."""
        out = torch.empty((len(things), 4, self.pixels, self.pixels), device=self.device)
        still = [k for k, thing in enumerate(things) if (thing.x, thing.y, thing.size) == (0, 0, 1)]
        half = [k for k, thing in enumerate(things) if thing.size <= 0.7]
        moved = sorted(set(range(len(things))) - set(still) - set(half))
        tiny = [k for k, thing in enumerate(things) if thing.size < 0.36]
        half = [k for k in half if k not in set(tiny)]
        # Bilinear where the picture is twice as dense as the result, a little too sharp rather than blurred; else bicubic.
        for chosen, source in ((still, self.canonical), (tiny, self.canonical), (half, self.canonical), (moved, self.large)):
            if not chosen:
                continue
            art = source[[things[k].row for k in chosen]].to(self.device).permute(0, 3, 1, 2).float() / 255
            if chosen is tiny:  # halved first: bilinear sampling would skip pixels
                art = F.interpolate(F.avg_pool2d(art, 2), scale_factor=2, mode='bilinear')
            if chosen is not still:
                mode = 'bicubic' if chosen is moved and self.pixels == 128 else 'bilinear'
                art = self.moved(art, [things[k] for k in chosen], mode)
            out[chosen] = art
        return out

    def moved(self, art: torch.Tensor, things: list[Thing], mode: str) -> torch.Tensor:
        theta = torch.tensor([[[1, 0, -thing.x], [0, 1, -thing.y]] for thing in things], dtype=torch.float32)
        theta = theta / torch.tensor([thing.size for thing in things])[:, None, None]
        grid = F.affine_grid(theta.to(self.device), (len(things), 4, self.pixels, self.pixels), align_corners=False)
        return F.grid_sample(art, grid, mode=mode, padding_mode='zeros', align_corners=False).clamp(0, 1)

    def canvas(self, scene: Scene, index: int) -> torch.Tensor:
        """[3, pixels, pixels] in 0..1; which drawing of a backdrop follows from what stands before it and its place in the batch."""
        if scene.background not in BACKDROPS:
            return self.colours[scene.background][:, None, None].expand(3, self.pixels, self.pixels)
        if self.bank is None:
            self.bank = Bank(pixels=self.pixels)
        which = index + sum(thing.row for thing in scene.things)
        return self.bank.get(scene.background, which).to(self.device)

    def paint(self, scenes: list[Scene]) -> torch.Tensor:
        layers = self.layers([thing for scene in scenes for thing in scene.things])
        pictures, next_layer = [], 0
        for index, scene in enumerate(scenes):
            canvas = self.canvas(scene, index)
            for _ in scene.things:
                layer = layers[next_layer]
                canvas = layer[:3] + (1 - layer[3:]) * canvas
                next_layer += 1
            pictures.append(canvas)
        return torch.stack(pictures).clamp(0, 1) * 2 - 1
