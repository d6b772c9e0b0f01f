"""Scenes as arrays: all that a painter needs of them, small enough to go from process to process by the thousand."""

import numpy as np

from backdrops import BACKDROPS, DRAWINGS
from colours import BACKGROUNDS

MOST = 3  # things in a scene
LAYOUT = np.dtype([('rows', '<i4', MOST), ('places', '<f4', (MOST, 3)), ('background', '<i4')])
COLOURS = {name: k for k, name in enumerate(BACKGROUNDS)}
FIRST_DRAWING = {name: len(COLOURS) + k * DRAWINGS for k, name in enumerate(BACKDROPS)}


def layout_of(scenes: list) -> np.ndarray:
    """[n] of LAYOUT: rows of the pictures in the order they are painted (-1: none), each one's x, y and size, the background.

    A background is the index of a colour or, after those, of a drawing of a backdrop; which drawing follows from the rows and
    the scene's place in the list.
    """
    out = np.zeros(len(scenes), LAYOUT)
    out['rows'] = -1
    for index, scene in enumerate(scenes):
        for k, thing in enumerate(scene.things):
            out['rows'][index, k] = thing.row
            out['places'][index, k] = thing.x, thing.y, thing.size
        if scene.background in COLOURS:
            out['background'][index] = COLOURS[scene.background]
        else:
            which = index + sum(thing.row for thing in scene.things)
            out['background'][index] = FIRST_DRAWING[scene.background] + which % DRAWINGS
    return out
