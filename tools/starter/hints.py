"""What a person draws of a scene, made by code: white strokes on black, as every ControlNet takes them.

Two kinds: scribbles, the outline of each thing alone, of some with its corners rounded; and edges, with the lines inside. Both
wobble, differ in width, and have parts missing, since nobody draws as the artwork is. All of it on the painter's device.
"""

import random

import numpy as np
import torch
import torch.nn.functional as F

from layout import COLOURS, MOST, layout_of
from looks import blurred, steepness
from scene import Painter, Scene

SCRIBBLE, CRUDE, EMPTY = 0.5, 0.25, 0.03  # shares: outlines alone; rounded ones of those; nothing at all
EDGE_BACKGROUNDS = ('white', 'grey', 'light blue')
PLACED = 0.5  # share of the scenes on a plain background that are moved, shrunk and stretched
STILL = (0.0, 0.0, 1.0, 1.0)  # x, y, width, height of a scene that is not


def outlines(layout: np.ndarray, painter: Painter, numbers: np.random.Generator) -> torch.Tensor:
    """[n, 1, 128, 128] in 0..1: the border of each thing, what stands in front hiding what is behind."""
    scene, order = (layout['rows'] >= 0).nonzero()
    alphas = painter.layers(layout['rows'][scene, order], layout['places'][scene, order])[:, 3:]
    crude = painter.there((numbers.random(len(layout)) < CRUDE)[scene].nonzero()[0])
    alphas[crude] = F.avg_pool2d(alphas[crude], 9, 1, 4)
    inside = F.max_pool2d(-(alphas > 0.5).float(), 3, 1, 1).neg()
    border = (alphas > 0.5).float() - inside
    out = torch.zeros(len(layout), 1, painter.pixels, painter.pixels, device=painter.device)
    for k in range(MOST):
        things = (order == k).nonzero()[0]
        at = painter.there(scene[things])
        solid = (alphas[painter.there(things)] > 0.5).float()
        out[at] = torch.maximum(out[at] * (1 - solid), border[painter.there(things)])
    return out


def edges(layout: np.ndarray, painter: Painter, numbers: np.random.Generator) -> torch.Tensor:
    """[n, 1, 128, 128]: lines where colours change, on a plain background."""
    plain = layout.copy()
    plain['background'] = numbers.choice([COLOURS[name] for name in EDGE_BACKGROUNDS], len(layout))
    steep = steepness(painter.paint_layout(plain), numbers.choice((0.8, 1.0, 1.4)))
    at = on_device(numbers.uniform(0.06, 0.16, (len(layout), 1, 1, 1)), painter.device)
    ridge = (steep >= F.max_pool2d(steep, 3, 1, 1) * 0.97).float()
    return (steep > at).float() * ridge


def on_device(array: np.ndarray, device: str | torch.device) -> torch.Tensor:
    return torch.from_numpy(array.astype(np.float32)).to(device)


def places_of(layout: np.ndarray, numbers: np.random.Generator) -> np.ndarray:
    """[n, 4], (x, y, width, height) of whole scenes: as they are, or elsewhere and of other proportions. People draw so; pictures follow."""
    count = len(layout)
    size, stretch = numbers.uniform(0.6, 1, count), np.exp(numbers.uniform(-0.3, 0.3, count))
    sides = np.minimum(1, np.stack([size * stretch**0.5, size / stretch**0.5], 1))
    placed = np.concatenate([numbers.uniform(-1, 1, (count, 2)) * (1 - sides), sides], 1)
    chosen = (layout['background'] < len(COLOURS)) & (numbers.random(count) < PLACED)
    return np.where(chosen[:, None], placed, STILL).astype(np.float32)


def grid_of(places: np.ndarray, size: int, device: str | torch.device) -> torch.Tensor:
    """[n, size, size, 2]: where F.grid_sample finds what is shown at (x, y) at (width, height) times its size."""
    x, y, w, h = places.T
    zero = np.zeros_like(x)
    theta = np.stack([1 / w, zero, -x / w, zero, 1 / h, -y / h], 1).reshape(-1, 2, 3)
    return F.affine_grid(on_device(theta, device), (len(places), 1, size, size), align_corners=False)


def placed(pictures: torch.Tensor, places: np.ndarray) -> torch.Tensor:
    """[n, c, h, w] pictures of scenes on plain backgrounds, at their places."""
    moved = torch.from_numpy((places != STILL).any(1).nonzero()[0]).to(pictures.device)
    if len(moved):
        grid = grid_of(places[moved.cpu().numpy()], pictures.shape[-1], pictures.device)
        found = F.grid_sample(pictures[moved], grid, mode='bicubic', align_corners=False, padding_mode='border')
        pictures[moved] = found.clamp(-1, 1)
    return pictures


def wobbled(lines: torch.Tensor, numbers: np.random.Generator, places: np.ndarray | None = None) -> torch.Tensor:
    """At their places, bent by a smooth random field of a few pixels."""
    count, size, device = len(lines), lines.shape[-1], lines.device
    reach = on_device(numbers.uniform(0, 3.0, (count, 1, 1, 1)), device)
    field = on_device(numbers.standard_normal((count, 2, 6, 6), dtype=np.float32), device)
    field = F.interpolate(field, (size, size), mode='bicubic') * reach * 2 / size
    at = grid_of(np.tile(np.float32(STILL), (count, 1)) if places is None else places, size, device)
    return F.grid_sample(lines, at + field.permute(0, 2, 3, 1), mode='bilinear', align_corners=False)


def kept_parts(count: int, size: int, numbers: np.random.Generator, device: str | torch.device) -> torch.Tensor:
    """[n, 1, size, size] bool: half of them lack a rectangle, a few all."""
    drawn = numbers.integers((0, 0, 12, 12), (116, 116, 44, 44), (count, 4))
    drawn[numbers.random(count) >= 0.5, 2:] = 0
    drawn[numbers.random(count) < EMPTY] = 0, 0, size, size
    y, x, h, w = on_device(drawn, device).T.reshape(4, count, 1, 1, 1)
    at = torch.arange(size, device=device)
    rows, columns = at[:, None], at
    return ~((rows >= y) & (rows < y + h) & (columns >= x) & (columns < x + w))


def hints_of_layout(layout: np.ndarray, painter: Painter, numbers: np.random.Generator, places: np.ndarray | None = None) -> torch.Tensor:
    """[n, 1, 128, 128] uint8, of scenes at their places."""
    count, size = len(layout), painter.pixels
    lines = torch.empty(count, 1, size, size, device=painter.device)
    scribble = numbers.random(count) < SCRIBBLE
    for chosen, drawn in ((scribble, outlines), (~scribble, edges)):
        if chosen.any():
            lines[painter.there(chosen.nonzero()[0])] = drawn(layout[chosen], painter, numbers)
    lines = wobbled(F.max_pool2d(lines, 3, 1, 1), numbers, places)
    wide = F.max_pool2d(lines, 3, 1, 1)
    which = on_device(numbers.integers(0, 3, (count, 1, 1, 1)), painter.device)
    lines = torch.where(which == 0, lines, torch.where(which == 1, wide, F.max_pool2d(wide, 3, 1, 1)))
    lines = lines * kept_parts(count, size, numbers, painter.device)
    lines = (blurred(lines, 0.6) * 1.6).clamp(0, 1)
    return (lines * 255).round().byte()


def hints_of(scenes: list[Scene], painter: Painter, rng: random.Random) -> torch.Tensor:
    """[n, 1, 128, 128] uint8."""
    return hints_of_layout(layout_of(scenes), painter, np.random.default_rng(rng.getrandbits(32)))


def as_condition(hints: torch.Tensor) -> torch.Tensor:
    """[n, 3, 128, 128] in 0..1, as ControlNets are given them."""
    return (hints.float() / 255).expand(-1, 3, -1, -1)
