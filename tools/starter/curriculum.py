"""What a version is trained on: how its scenes are drawn and what its captions say."""

import random
from collections.abc import Callable
from dataclasses import dataclass

from captions import Said, describe
from compose import Composer
from scene import Artwork, Scene, draw_scene
from sentences import describe_2


@dataclass(frozen=True)
class Curriculum:
    draw: Callable[[random.Random], Scene]
    describe: Callable[[Scene, random.Random, bool], tuple[str, Said]]
    short: int  # text positions that its captions fit into; all later ones output the same code


def curriculum_of(version: str, art: Artwork, subjects: list[dict]) -> Curriculum:
    """Version 1's (and 0's) sentences, or since version 2 those of strangers."""
    if version in ('v0', 'v1'):
        return Curriculum(lambda rng: draw_scene(art, rng), lambda scene, rng, also: describe(art, subjects, scene, rng, also), 32)
    composer = Composer(art)
    return Curriculum(composer.draw, lambda scene, rng, also: describe_2(art, subjects, scene, rng, also), 48)
