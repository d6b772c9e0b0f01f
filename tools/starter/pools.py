"""Examples made once and used many times: latents of scenes in a look, their captions, and hints where a network needs them.

Painting a scene costs more than a training step, so add-ons, which need few samples, draw from a pool. HOME/pools/<name>.pt.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch

from curriculum import curriculum_of
from home import HOME, load_subjects
from patches import PatchCoder
from scene import Artwork, Painter
from training import load_checkpoint, save_checkpoint

BLOCK = 64


@dataclass(frozen=True)
class PoolOf:
    """What a pool is made of."""

    name: str
    count: int
    look: Callable[[torch.Tensor], torch.Tensor] = lambda pictures: pictures
    hint: Callable | None = None  # of (scenes, painter, rng): what a network is shown of them
    version: str = 'v2'


def make_pool(path: Path, pool: PoolOf, coder: PatchCoder, seed: int) -> dict:
    """{latents [n, c, h, w] float16, texts, hints?}."""
    art, rng = Artwork.load(pool.version), random.Random(seed)
    painter, learned = Painter(art), curriculum_of(pool.version, art, load_subjects(pool.version)['subjects'])
    latents, texts, hints = [], [], []
    while len(texts) < pool.count:
        scenes, said = learned.examples(rng, BLOCK)
        latents.append(coder.encode(pool.look(painter.paint(scenes))).half())
        texts += said
        if pool.hint:
            hints.append(pool.hint(scenes, painter, rng))
    made = dict(latents=torch.cat(latents), texts=texts) | (dict(hints=torch.cat(hints)) if pool.hint else {})
    save_checkpoint(path, made)
    return made


def load_pool(pool: PoolOf, coder: PatchCoder, seed: int = 1) -> dict:
    path = HOME / 'pools' / f'{pool.name}.pt'
    kept = load_checkpoint(path)
    return kept if kept and len(kept['texts']) >= pool.count else make_pool(path, pool, coder, seed)
