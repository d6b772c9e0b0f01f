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

from backdrops import Bank
from colours import BACKGROUNDS, HUES
from configs import PIXELS
from home import DATA, pictures_of
from layout import COLOURS, MOST, layout_of

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
        self.large = torch.from_numpy(art.pictures).to(device)  # [n, 128, 128, 4]; on the CPU it stays on disk
        self.canonical = self.large if pixels == 128 else halved(art.pictures).to(device)
        self.drawings: torch.Tensor | None = None  # of all backdrops, made when the first is asked for
        self.colours = torch.tensor(list(BACKGROUNDS.values()), device=device) / 255

    def there(self, indices: np.ndarray) -> torch.Tensor:
        return torch.from_numpy(indices.astype(np.int64)).to(self.device)

    def layers(self, rows: np.ndarray, places: np.ndarray) -> torch.Tensor:
        """[things, 4, pixels, pixels] premultiplied, 0..1, of pictures' rows and their (x, y, size)."""
        out = torch.empty((len(rows), 4, self.pixels, self.pixels), device=self.device)
        size = places[:, 2]
        still, tiny = (places == (0, 0, 1)).all(1), size < 0.36
        half = (size <= 0.7) & ~tiny
        moved = ~(still | tiny | half)
        # Bilinear where the picture is twice as dense as the result, a little too sharp rather than blurred; else bicubic.
        for chosen, source in ((still, self.canonical), (tiny, self.canonical), (half, self.canonical), (moved, self.large)):
            if not chosen.any():
                continue
            art = source[self.there(rows[chosen])].permute(0, 3, 1, 2).float() / 255
            if chosen is tiny:  # halved first: bilinear sampling would skip pixels
                art = F.interpolate(F.avg_pool2d(art, 2), scale_factor=2, mode='bilinear')
            if chosen is not still:
                mode = 'bicubic' if chosen is moved and self.pixels == 128 else 'bilinear'
                art = self.moved(art, places[chosen], mode)
            out[self.there(chosen.nonzero()[0])] = art
        return out

    def moved(self, art: torch.Tensor, places: np.ndarray, mode: str) -> torch.Tensor:
        x, y, size = np.ascontiguousarray(places.T, np.float32)
        one, zero = np.ones_like(size), np.zeros_like(size)
        theta = torch.from_numpy(np.stack([one, zero, -x, zero, one, -y], 1) / size[:, None]).view(-1, 2, 3)
        grid = F.affine_grid(theta.to(self.device), (len(places), 4, self.pixels, self.pixels), align_corners=False)
        return F.grid_sample(art, grid, mode=mode, padding_mode='zeros', align_corners=False).clamp(0, 1)

    def canvases(self, backgrounds: np.ndarray) -> torch.Tensor:
        """[n, 3, pixels, pixels] in 0..1, of backgrounds as layout.py numbers them."""
        plain = self.colours[self.there(np.minimum(backgrounds, len(COLOURS) - 1))]
        canvas = plain[:, :, None, None].repeat(1, 1, self.pixels, self.pixels)
        drawn = backgrounds >= len(COLOURS)
        if drawn.any():
            if self.drawings is None:
                self.drawings = torch.cat(list(Bank(pixels=self.pixels).drawn.values())).to(self.device)
            found = self.drawings[self.there(backgrounds[drawn] - len(COLOURS))]
            canvas[self.there(drawn.nonzero()[0])] = found.float() / 255
        return canvas

    def paint_layout(self, layout: np.ndarray) -> torch.Tensor:
        """The pictures of layout_of(scenes)."""
        scene, order = (layout['rows'] >= 0).nonzero()
        layers = self.layers(layout['rows'][scene, order], layout['places'][scene, order])
        canvas = self.canvases(layout['background'])
        for k in range(MOST):
            things = (order == k).nonzero()[0]
            layer, at = layers[self.there(things)], self.there(scene[things])
            canvas[at] = layer[:, :3] + (1 - layer[:, 3:]) * canvas[at]
        return canvas.clamp(0, 1) * 2 - 1

    def paint(self, scenes: list[Scene]) -> torch.Tensor:
        return self.paint_layout(layout_of(scenes))
