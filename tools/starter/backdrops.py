"""Scenes as backgrounds, drawn by code: sky, ground and a few large shapes, a little different every time.

A latent cell covers 16 by 16 pixels, so nothing here is finer than a few pixels. `paint_backdrop` gives one drawing, `Bank`
keeps a number of each, since a training loop draws hundreds a second.
"""

import random
import zlib

import numpy as np
import torch

from configs import PIXELS

# What captions say of each: {name: (with a subject, alone)}.
BACKDROPS = {
    'sea': (('in the sea', 'on the sea', 'at sea', 'by the sea', 'in the ocean', 'in the water'), ('the sea', 'an ocean', 'a calm sea')),
    'beach': (('on a beach', 'on the beach', 'at the beach', 'on the sand'), ('a beach', 'a sandy beach')),
    'meadow': (('in a meadow', 'on a meadow', 'in a field', 'on the grass', 'in the garden', 'in a park'), ('a meadow', 'a green field')),
    'mountains': (('in the mountains', 'in front of mountains', 'with mountains', 'in a mountain landscape'), ('mountains', 'a mountain landscape')),
    'night sky': (('in the night sky', 'at night', 'under the stars', 'in the dark'), ('the night sky', 'a starry night')),
    'space': (('in space', 'in outer space', 'in the galaxy', 'among the stars'), ('outer space', 'a galaxy', 'space')),
    'snow': (('in the snow', 'on snow', 'in winter', 'in a snowy landscape'), ('a snowy landscape', 'a winter landscape')),
    'city': (('in a city', 'in the city', 'in the street', 'downtown', 'in a town'), ('a city', 'a city skyline')),
    'room': (('in a room', 'in the room', 'at home', 'indoors', 'in the kitchen', 'in the living room'), ('a room', 'an empty room')),
    'sunset': (('at sunset', 'in the sunset', 'at dusk', 'at dawn', 'at sunrise'), ('a sunset', 'a sunrise')),
}  # fmt: skip
DRAWINGS = 48  # of each
Y, X = (np.mgrid[:PIXELS, :PIXELS] + 0.5) / PIXELS  # 0..1 down and right


def fade(top: tuple, bottom: tuple, end: float = 1.0) -> np.ndarray:
    """[128, 128, 3]: one colour into the other from the top to the height `end`; colours in 0..255."""
    t = np.clip(Y / end, 0, 1)[..., None]
    return (np.array(top) * (1 - t) + np.array(bottom) * t) / 255


def lay(canvas: np.ndarray, mask: np.ndarray, colour: tuple | np.ndarray) -> np.ndarray:
    """The colour (0..255, or a picture in 0..1) where the mask (0..1) is."""
    over = colour if isinstance(colour, np.ndarray) else np.array(colour) / 255
    return canvas + (over - canvas) * mask[..., None]


def below(line: np.ndarray) -> np.ndarray:
    """A soft mask of what lies under a line: [128] heights in 0..1 from the top."""
    return np.clip((Y - line[None]) * PIXELS / 1.5 + 0.5, 0, 1)


def disc(x: float, y: float, radius: float, soft: float = 1.5) -> np.ndarray:
    return np.clip((radius - np.hypot(X - x, Y - y)) * PIXELS / soft + 0.5, 0, 1)


def box(left: float, top: float, right: float, bottom: float) -> np.ndarray:
    edge = lambda a: np.clip(a * PIXELS / 1.5 + 0.5, 0, 1)
    return edge(X - left) * edge(right - X) * edge(Y - top) * edge(bottom - Y)


def waves(rng: random.Random, height: float, size: float) -> np.ndarray:
    """[128] a gently waving line."""
    x, line = X[0], np.full(PIXELS, height)
    for k in (1, 2, 3):
        line = line + size / k * np.sin(2 * np.pi * (k * x * rng.uniform(0.6, 1.2) + rng.random()))
    return line


def peaks(rng: random.Random, height: float, size: float, count: int) -> np.ndarray:
    """[128] a line of pointed mountains."""
    tops = [(k + rng.uniform(0.3, 0.7)) / count for k in range(count)]
    reach = [size * rng.uniform(0.7, 1.2) for _ in tops]
    return np.min([height - r + np.abs(X[0] - t) * rng.uniform(1.1, 1.5) for t, r in zip(tops, reach)], 0).clip(0, height + 0.1)


def clouds(canvas: np.ndarray, rng: random.Random) -> np.ndarray:
    for _ in range(rng.randint(0, 2)):
        x, y = rng.uniform(0.1, 0.9), rng.uniform(0.08, 0.25)
        for dx, r in ((-0.07, 0.04), (0, 0.06), (0.07, 0.045)):
            canvas = lay(canvas, disc(x + dx, y, r) * 0.85, (255, 255, 255))
    return canvas


def stars(canvas: np.ndarray, rng: random.Random, count: int, lowest: float = 1.0) -> np.ndarray:
    for _ in range(count):
        canvas = lay(canvas, disc(rng.random(), rng.uniform(0, lowest), rng.uniform(0.006, 0.016)), (255, 250, 225))
    return canvas


def sea(rng):
    horizon = rng.uniform(0.3, 0.42)
    canvas = clouds(fade((135, 200, 250), (215, 238, 252), horizon), rng)
    canvas = lay(canvas, below(np.full(PIXELS, horizon)), fade((40, 130, 205), (20, 85, 165)))
    for k in range(4):
        line = waves(rng, horizon + 0.1 + 0.14 * k, 0.012)
        canvas = lay(canvas, below(line) * (1 - below(line + 0.02)) * 0.5, (150, 210, 240))
    return canvas


def beach(rng):
    horizon, shore = rng.uniform(0.28, 0.36), rng.uniform(0.5, 0.6)
    canvas = clouds(fade((120, 200, 250), (210, 238, 252), horizon), rng)
    canvas = lay(canvas, below(np.full(PIXELS, horizon)), fade((45, 150, 215), (90, 200, 225), shore))
    line = waves(rng, shore, 0.02)
    canvas = lay(canvas, below(line - 0.02), (240, 250, 252))
    return lay(canvas, below(line), fade((250, 228, 175), (236, 200, 138)))


def meadow(rng):
    horizon = rng.uniform(0.42, 0.52)
    canvas = clouds(fade((125, 200, 250), (220, 240, 252), horizon), rng)
    canvas = lay(canvas, below(waves(rng, horizon, 0.04)), (130, 195, 95))
    canvas = lay(canvas, below(waves(rng, horizon + 0.12, 0.03)), fade((110, 190, 80), (70, 150, 60)))
    for _ in range(rng.randint(3, 7)):
        colour = rng.choice(((250, 235, 90), (255, 255, 255), (245, 130, 150)))
        canvas = lay(canvas, disc(rng.random(), rng.uniform(0.75, 0.97), 0.018), colour)
    return canvas


def mountains(rng):
    canvas = clouds(fade((140, 195, 240), (225, 236, 245), 0.6), rng)
    line = peaks(rng, 0.66, 0.45, 3)
    canvas = lay(canvas, below(line), fade((120, 130, 155), (95, 105, 135)))
    canvas = lay(canvas, below(line) * (1 - below(np.minimum(line + 0.09, 0.4))), (245, 248, 252))
    return lay(canvas, below(waves(rng, 0.72, 0.03)), fade((95, 150, 90), (70, 125, 70)))


def night_sky(rng):
    canvas = stars(fade((12, 18, 55), (45, 55, 110)), rng, rng.randint(14, 22), 0.8)
    return lay(canvas, below(waves(rng, 0.86, 0.03)), (18, 28, 45))


def space(rng):
    canvas = fade((10, 8, 26), (22, 12, 42))
    for colour in ((90, 40, 130), (30, 60, 140)):
        glow = np.exp(-(((X - rng.random()) / 0.3) ** 2 + ((Y - rng.random()) / 0.22) ** 2))
        canvas = lay(canvas, 0.6 * glow, colour)
    canvas = stars(canvas, rng, rng.randint(18, 28))
    x, y = rng.choice((0.14, 0.86)), rng.choice((0.14, 0.86))
    return lay(canvas, disc(x, y, rng.uniform(0.07, 0.1)), rng.choice(((215, 140, 90), (120, 170, 200), (200, 110, 130))))


def snow(rng):
    canvas = fade((165, 195, 225), (225, 235, 245), 0.55)
    for x in (rng.uniform(0.05, 0.25), rng.uniform(0.75, 0.95)):
        for k in range(3):
            width = 0.05 + 0.03 * k
            top = 0.28 + 0.09 * k
            tree = (np.abs(X - x) < width * (Y - top) / 0.13) & (Y > top) & (Y < top + 0.13)
            canvas = lay(canvas, tree.astype(float), (70, 115, 100))
    canvas = lay(canvas, below(waves(rng, 0.56, 0.03)), fade((250, 252, 255), (215, 228, 244)))
    for _ in range(rng.randint(10, 16)):
        canvas = lay(canvas, disc(rng.random(), rng.uniform(0, 0.6), 0.013), (255, 255, 255))
    return canvas


def city(rng):
    canvas, left = clouds(fade((160, 200, 235), (225, 235, 242), 0.7), rng), -0.05
    while left < 1:
        width, top = rng.uniform(0.12, 0.22), rng.uniform(0.15, 0.45)
        canvas = lay(canvas, box(left, top, left + width, 0.8), rng.choice(((125, 135, 155), (150, 145, 150), (165, 130, 115), (105, 120, 145))))
        for y in np.arange(top + 0.05, 0.7, 0.09):
            for x in np.arange(left + 0.03, left + width - 0.04, 0.06):
                canvas = lay(canvas, box(x, y, x + 0.03, y + 0.045), (250, 235, 170))
        left += width + 0.01
    return lay(canvas, below(np.full(PIXELS, 0.78)), (95, 98, 105))


def room(rng):
    wall = rng.choice(((245, 228, 205), (215, 228, 235), (240, 215, 210), (225, 232, 210)))
    canvas = lay(fade(wall, wall), below(np.full(PIXELS, 0.72)), fade((190, 140, 95), (150, 105, 70)))
    canvas = lay(canvas, box(-0.1, 0.69, 1.1, 0.72), (250, 250, 248))
    x = rng.choice((0.08, 0.66))
    canvas = lay(canvas, box(x, 0.12, x + 0.26, 0.44), (250, 250, 248))
    canvas = lay(canvas, box(x + 0.02, 0.14, x + 0.24, 0.42), (150, 210, 245))
    return lay(canvas, box(x + 0.12, 0.14, x + 0.14, 0.42), (250, 250, 248))


def sunset(rng):
    horizon = rng.uniform(0.6, 0.68)
    canvas = fade((95, 70, 150), (255, 150, 80), horizon)
    canvas = lay(canvas, disc(rng.uniform(0.25, 0.75), horizon - 0.04, 0.13), (255, 225, 120))
    return lay(canvas, below(waves(rng, horizon, 0.015)), fade((120, 60, 90), (60, 35, 70)))


PAINTERS = {
    'sea': sea, 'beach': beach, 'meadow': meadow, 'mountains': mountains, 'night sky': night_sky,
    'space': space, 'snow': snow, 'city': city, 'room': room, 'sunset': sunset,
}  # fmt: skip


def paint_backdrop(name: str, rng: random.Random) -> np.ndarray:
    """[128, 128, 3] in 0..1."""
    canvas = PAINTERS[name](rng)
    return np.clip(canvas[:, ::-1] if rng.random() < 0.5 else canvas, 0, 1)


class Bank:
    """`count` drawings of each backdrop, as bytes; `get` gives one as [3, pixels, pixels] in 0..1."""

    def __init__(self, count: int = DRAWINGS, pixels: int = PIXELS):
        self.drawn = {}
        for name in BACKDROPS:
            rng = random.Random(zlib.crc32(name.encode()))
            stack = np.stack([np.round(paint_backdrop(name, rng) * 255).astype(np.uint8) for _ in range(count)])
            tensor = torch.from_numpy(stack).permute(0, 3, 1, 2)
            if pixels != PIXELS:
                tensor = torch.nn.functional.avg_pool2d(tensor.float(), PIXELS // pixels).round().byte()
            self.drawn[name] = tensor

    def get(self, name: str, which: int) -> torch.Tensor:
        stack = self.drawn[name]
        return stack[which % len(stack)].float() / 255
