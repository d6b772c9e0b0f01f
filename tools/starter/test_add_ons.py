"""Looks, hints and adapters: `python -m unittest discover -s tools/starter`. Without artwork: made-up pictures."""

import unittest

import torch
from torch import nn

from hints import as_condition, wobbled
from looks import LOOKS, pen_lines
from lora import Lora


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


class Hints(unittest.TestCase):
    def test_wobbling_moves_lines_by_pixels_only(self):
        import numpy as np

        lines = torch.zeros(4, 1, 128, 128)
        lines[:, :, 60:64] = 1
        bent = wobbled(lines, np.random.default_rng(1))
        self.assertAlmostEqual(bent.mean().item(), lines.mean().item(), delta=0.01)
        self.assertEqual(bent[:, :, :45].max().item(), 0)

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
