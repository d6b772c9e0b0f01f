"""Looks, hints and adapters: `python -m unittest discover -s tools/starter`. Without artwork: made-up pictures."""

import random
import unittest

import numpy as np
import torch
from torch import nn

from curriculum import curriculum_of
from evaluate_control import stands_out
from hints import STILL, as_condition, edges, hints_of_layout, kept_parts, outlines, placed, places_of, wobbled
from layout import COLOURS, layout_of
from looks import LOOKS, pen_lines
from lora import Lora
from scene import Painter, Scene, Thing
from test_version2 import SUBJECTS, labelled_artwork


def square() -> torch.Tensor:
    """[1, 3, 128, 128]: a red square on white."""
    picture = torch.ones(1, 3, 128, 128)
    picture[:, 1:, 40:90, 40:90] = -1
    return picture


class Looks(unittest.TestCase):
    def test_pen_follows_the_border_and_nothing_else(self):
        lines = pen_lines(square())[0, 0]
        self.assertGreater(lines[64, 40].item(), 0.9)
        self.assertLess(lines[64, 64].item(), 0.01)
        self.assertLess(lines[10, 10].item(), 0.01)

    def test_ink_has_no_colour(self):
        drawn = LOOKS['ink'](square())
        self.assertEqual(drawn.shape, (1, 3, 128, 128))
        self.assertEqual((drawn.amax(1) - drawn.amin(1)).max().item(), 0)
        self.assertLess(drawn.min().item(), -0.9)
        self.assertEqual(drawn[0, 0, 64, 64].item(), 1)


class Straight:
    """Random numbers that bend nothing."""

    def uniform(self, low, high, shape):
        return np.zeros(shape)

    def standard_normal(self, shape, dtype):
        return np.zeros(shape, dtype)


class Hints(unittest.TestCase):
    def test_wobbling_moves_lines_by_pixels_only(self):
        lines = torch.zeros(4, 1, 128, 128)
        lines[:, :, 60:64] = 1
        bent = wobbled(lines, np.random.default_rng(1))
        self.assertAlmostEqual(bent.mean().item(), lines.mean().item(), delta=0.01)
        self.assertEqual(bent[:, :, :45].max().item(), 0)

    def test_a_hint_goes_where_its_picture_goes(self):
        """The middle of both, and their size, when moved, shrunk and stretched."""
        painter, rng = Painter(labelled_artwork()), np.random.default_rng(2)
        layout = layout_of([Scene([Thing(0, None)])] * 3)
        places = np.float32([STILL, (0.3, -0.2, 0.5, 0.7), (-0.1, 0.1, 0.8, 0.6)])
        pictures = stands_out(placed(painter.paint_layout(layout), places)).float()
        lines = torch.nn.functional.max_pool2d(outlines(layout, painter, rng), 3, 1, 1)
        hints = (wobbled(lines, Straight(), places)[:, 0] > 0.5).float()
        for picture, hint in zip(pictures, hints):
            for side in (0, 1):
                there, drawn = (shown.amax(side).nonzero()[:, 0] for shown in (picture, hint))
                self.assertAlmostEqual(there[0].item(), drawn[0].item(), delta=3)
                self.assertAlmostEqual(there[-1].item(), drawn[-1].item(), delta=3)

    def test_scenes_before_a_backdrop_stay_where_they_are(self):
        layout = layout_of([Scene([Thing(0, None)], name) for name in ('beach', 'red') * 60])
        moved = (places_of(layout, np.random.default_rng(4)) != STILL).any(1)
        self.assertFalse(moved[layout['background'] >= len(COLOURS)].any())
        self.assertAlmostEqual(moved.mean(), 0.25, delta=0.08)

    def test_hints_of_each_kind_have_lines_only_at_things(self):
        art, rng = labelled_artwork(), np.random.default_rng(5)
        painter, learned = Painter(art), curriculum_of('v2', art, SUBJECTS)
        layout = layout_of([learned.draw(random.Random(k)) for k in range(24)])
        things = (layout['rows'] >= 0).any(1)
        for drawn in (outlines, edges):
            lines = drawn(layout, painter, rng)
            self.assertEqual(((lines.flatten(1).amax(1) > 0).numpy() & ~things).sum(), 0)
            self.assertTrue((lines.flatten(1).mean(1)[torch.from_numpy(things)] < 0.3).all())
            self.assertGreater(lines.sum().item(), 0)
        hints = hints_of_layout(layout, painter, rng, places_of(layout, rng))
        self.assertEqual((hints.shape, hints.dtype), ((24, 1, 128, 128), torch.uint8))

    def test_half_of_the_hints_lack_a_rectangle(self):
        kept = kept_parts(2000, 128, np.random.default_rng(6), 'cpu').flatten(1).float().mean(1)
        self.assertAlmostEqual((kept == 1).float().mean().item(), 0.485, delta=0.04)
        self.assertAlmostEqual((kept == 0).float().mean().item(), 0.03, delta=0.015)

    def test_condition_is_three_channels_in_0_to_1(self):
        hints = torch.full((2, 1, 8, 8), 255, dtype=torch.uint8)
        self.assertEqual(as_condition(hints).shape, (2, 3, 8, 8))
        self.assertEqual(as_condition(hints).max().item(), 1)


class Adapters(unittest.TestCase):
    def test_side_branches_are_the_merged_weights(self):
        torch.manual_seed(0)
        model = nn.Sequential(nn.Conv2d(3, 8, 3, stride=2, padding=1), nn.Flatten(), nn.Linear(8 * 16, 5))
        x = torch.randn(2, 3, 8, 8)
        plain = model(x)
        lora = Lora(model, 2, 0.6)
        self.assertTrue(torch.equal(model(x), plain))
        for branch in lora.branches:
            nn.init.normal_(branch.up.weight, std=0.1)
        beside = model(x)
        tensors = lora.tensors()
        lora.load_tensors(tensors)
        beside = model(x)
        lora.strength = 0.0
        with torch.no_grad():
            for name, layer in (('0', model[0]), ('2', model[2])):
                down, up = (tensors[f'lora_unet_{name}.lora_{part}.weight'].float() for part in ('down', 'up'))
                scale = tensors[f'lora_unet_{name}.alpha'].item() / len(down)
                layer.weight += 0.6 * scale * (up.flatten(1) @ down.flatten(1)).view_as(layer.weight)
        self.assertLess((model(x) - beside).abs().max().item(), 1e-5)
        self.assertGreater((beside - plain).abs().max().item(), 0.01)


if __name__ == '__main__':
    unittest.main()
