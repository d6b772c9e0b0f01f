"""What a person draws of a scene, made by code: white strokes on black, as every ControlNet takes them.

Two kinds: scribbles, the outline of each thing alone; and edges, with the lines inside. Both wobble, differ in width, and
have parts missing, since nobody draws as the artwork is.
"""

import random
from dataclasses import replace

import numpy as np
import torch
import torch.nn.functional as F

from layout import MOST, layout_of
from looks import blurred, steepness
from scene import Painter, Scene

SCRIBBLE, EMPTY = 0.5, 0.03  # shares of the hints: outlines alone, nothing at all
EDGE_BACKGROUNDS = ('white', 'grey', 'light blue')


def outlines(scenes: list[Scene], painter: Painter) -> torch.Tensor:
    """[n, 1, 128, 128] in 0..1: the border of each thing, what stands in front hiding what is behind."""
    layout = layout_of(scenes)
    scene, order = (layout['rows'] >= 0).nonzero()
    alphas = painter.layers(layout['rows'][scene, order], layout['places'][scene, order])[:, 3:]
    inside = F.max_pool2d(-(alphas > 0.5).float(), 3, 1, 1).neg()
    border = (alphas > 0.5).float() - inside
    out = torch.zeros(len(scenes), 1, painter.pixels, painter.pixels)
    for k in range(MOST):
        things = (order == k).nonzero()[0]
        at = painter.there(scene[things])
        solid = (alphas[painter.there(things)] > 0.5).float()
        out[at] = torch.maximum(out[at] * (1 - solid), border[painter.there(things)])
    return out


def edges(scenes: list[Scene], painter: Painter, rng: random.Random) -> torch.Tensor:
    """[n, 1, 128, 128]: lines where colours change, on a plain background."""
    plain = [replace(scene, background=rng.choice(EDGE_BACKGROUNDS)) for scene in scenes]
    steep = steepness(painter.paint(plain), rng.choice((0.8, 1.0, 1.4)))
    found = (steep > rng.uniform(0.06, 0.16)).float()
    ridge = (steep >= F.max_pool2d(steep, 3, 1, 1) * 0.97).float()
    return found * ridge


def wobbled(lines: torch.Tensor, rng: np.random.Generator) -> torch.Tensor:
    """Bent by a smooth random field of a few pixels."""
    count, size = len(lines), lines.shape[-1]
    reach = torch.from_numpy(rng.uniform(0, 3.0, (count, 1, 1, 1)).astype(np.float32))
    field = torch.from_numpy(rng.standard_normal((count, 2, 6, 6), dtype=np.float32))
    field = F.interpolate(field, (size, size), mode='bicubic') * reach * 2 / size
    still = F.affine_grid(torch.eye(2, 3).expand(count, 2, 3), (count, 1, size, size), align_corners=False)
    return F.grid_sample(lines, still + field.permute(0, 2, 3, 1), mode='bilinear', align_corners=False)


def hints_of(scenes: list[Scene], painter: Painter, rng: random.Random) -> torch.Tensor:
    """[n, 1, 128, 128] uint8."""
    numbers = np.random.default_rng(rng.getrandbits(32))
    lines = torch.where(torch.rand(len(scenes), 1, 1, 1) < SCRIBBLE, outlines(scenes, painter), edges(scenes, painter, rng))
    lines = wobbled(F.max_pool2d(lines, 3, 1, 1), numbers)
    wide = F.max_pool2d(lines, 3, 1, 1)
    which = torch.from_numpy(numbers.integers(0, 3, (len(scenes), 1, 1, 1)))
    lines = torch.where(which == 0, lines, torch.where(which == 1, wide, F.max_pool2d(wide, 3, 1, 1)))
    for k, row in enumerate(lines):
        if numbers.random() < 0.5:  # a part is not drawn
            y, x, h, w = (int(v) for v in numbers.integers((0, 0, 12, 12), (116, 116, 44, 44)))
            row[:, y : y + h, x : x + w] = 0
        if numbers.random() < EMPTY:
            row.zero_()
    lines = (blurred(lines, 0.6) * 1.6).clamp(0, 1)
    return (lines * 255).round().byte()


def as_condition(hints: torch.Tensor) -> torch.Tensor:
    """[n, 3, 128, 128] in 0..1, as ControlNets are given them."""
    return (hints.float() / 255).expand(-1, 3, -1, -1)
