"""Looks that add-ons teach the starter, made by code from the scenes that it is trained on: the subject stays, how it is drawn changes.

Every look takes and gives [n, 3, H, W] pictures in -1..1.
"""

from dataclasses import replace

import torch
import torch.nn.functional as F

from scene import Artwork, Scene

INK, PAPER = -0.95, 1.0
LINE_AT, LINE_WIDTH = 0.1, 3  # how steep a change of colour is a line, of a whole range a pixel; how wide its pen is, in pixels


def blurred(pictures: torch.Tensor, sigma: float) -> torch.Tensor:
    """Gauss, the border repeated."""
    radius, channels = int(3 * sigma), pictures.shape[1]
    weights = torch.exp(-(torch.arange(-radius, radius + 1, device=pictures.device) ** 2) / (2 * sigma**2))
    weights = (weights / weights.sum()).expand(channels, 1, 1, -1)
    padded = F.pad(pictures, (radius,) * 4, mode='replicate')
    return F.conv2d(F.conv2d(padded, weights, groups=channels), weights.transpose(2, 3), groups=channels)


def steepness(pictures: torch.Tensor, sigma: float) -> torch.Tensor:
    """[n, 1, H, W]: Sobel's gradient of the blurred picture, of the channel where it is largest, in ranges of a pixel (0..2)."""
    across = torch.tensor([[1.0, 0, -1], [2, 0, -2], [1, 0, -1]], device=pictures.device) / 8
    kernels = torch.stack([across, across.T])[:, None].repeat(3, 1, 1, 1)
    soft = F.pad(blurred(pictures, sigma), (1,) * 4, mode='replicate')
    found = F.conv2d(soft, kernels, groups=3)
    return found.unflatten(1, (3, 2)).pow(2).sum(2).amax(1, keepdim=True).sqrt()


def pen_lines(pictures: torch.Tensor, at: float = LINE_AT, width: int = LINE_WIDTH) -> torch.Tensor:
    """[n, 1, H, W] in 0..1: 1 where a pen would go."""
    lines = (steepness(pictures, 1.2) > at).float()
    return blurred(F.max_pool2d(lines, width, 1, width // 2), 0.7)


def ink(pictures: torch.Tensor) -> torch.Tensor:
    """A drawing in black ink on white paper: outlines, no colour."""
    return (PAPER + (INK - PAPER) * pen_lines(pictures)).expand(-1, 3, -1, -1).contiguous()


LOOKS = {'ink': ink}

# Themes that a word can stand for: (background, place of a single thing). The text encoder knows all of it in many words.
THEMES = {'night': ('night sky', 'bottom')}


def untold(art: Artwork, scene: Scene) -> Scene:
    """The same in its artists' colours on white, so that captions name neither."""
    things = [replace(thing, row=art.records[thing.row].get('source', thing.row), word=None) for thing in scene.things]
    return replace(scene, things=things, background='white')
