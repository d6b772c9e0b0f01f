"""What a version is trained on: how its scenes are drawn and what its captions say."""

import random
from collections.abc import Callable
from dataclasses import dataclass

from captions import Said, describe
from compose import Composer
from scene import Artwork, Scene, draw_scene
from sentences import describe_2

EMPTY = 0.1  # share of empty captions, for classifier-free guidance


@dataclass(frozen=True)
class Curriculum:
    draw: Callable[[random.Random], Scene]
    describe: Callable[[Scene, random.Random, bool], tuple[str, Said]]
    short: int  # text positions that its captions fit into; all later ones output the same code

    def examples(self, rng: random.Random, count: int) -> tuple[list[Scene], list[str]]:
        """What the U-Net learns from: scenes and their captions."""
        scenes = [self.draw(rng) for _ in range(count)]
        return scenes, ['' if rng.random() < EMPTY else self.describe(scene, rng, False)[0] for scene in scenes]


def curriculum_of(version: str, art: Artwork, subjects: list[dict]) -> Curriculum:
    """Version 1's (and 0's) sentences, or since version 2 those of strangers."""
    if version in ('v0', 'v1'):
        return Curriculum(lambda rng: draw_scene(art, rng), lambda scene, rng, also: describe(art, subjects, scene, rng, also), 32)
    composer = Composer(art)
    return Curriculum(composer.draw, lambda scene, rng, also: describe_2(art, subjects, scene, rng, also), 48)
