"""Tests of the training tools that need no artwork: python -m unittest discover -s tools/starter"""

import random
import tempfile
import unittest
from pathlib import Path

import numpy as np
import torch

from captions import Said, describe
from carry import PART, join, result_archive, split
from codes import SECOND_SHIFT, CodeBook
from colours import HUES, TARGETS, art_word, from_hsv, main_word, recolour, to_hsv
from components import SHIPPED, encode, encode_prompts, load_components
from configs import UNET, VAE
from data import is_colour_held_out, is_held_out, recoloured
from grow import grow_decoder, grow_unet, is_half_as_large
from home import load_subjects
from patches import fit_patches, grow_patches, probe_encoder, write_encoder
from scene import Artwork, Painter, Scene, Thing, draw_scene
from training import Average, warm_stable_decay


def disc(rgb: tuple[int, int, int]) -> np.ndarray:
    """A filled circle with a dark dot, [128, 128, 4] premultiplied."""
    y, x = np.mgrid[:128, :128] - 63.5
    art = np.zeros((128, 128, 4), np.uint8)
    art[np.hypot(x, y) < 56] = (*rgb, 255)
    art[np.hypot(x, y) < 12] = (20, 20, 20, 255)
    return art


def small_artwork() -> Artwork:
    red, blue = disc((220, 30, 40)), disc((40, 80, 230))
    art = Artwork(np.stack([red, blue, recolour(red, 'yellow')]), [])
    named = lambda subject, word: dict(subject=subject, label='x', set='noto', word=word, share=0.9, held_out=False)
    art.records = [named(0, 'red'), named(1, 'blue'), named(0, 'yellow') | dict(source=0)]
    art.trainable, art.variants = [0, 1], {0: [2]}
    return art


class Colours(unittest.TestCase):
    def test_hsv_there_and_back(self):
        rgb = np.random.RandomState(0).rand(1000, 3)
        np.testing.assert_allclose(from_hsv(*to_hsv(rgb)), rgb, atol=1e-9)

    def test_recolouring_gives_the_word_and_keeps_the_rest(self):
        art = disc((220, 30, 40))
        self.assertEqual(art_word(art)[0], 'red')
        for word in TARGETS:
            with self.subTest(word=word):
                made = recolour(art, word)
                self.assertEqual(art_word(made)[0], word)
                np.testing.assert_array_equal(made[64, 64], art[64, 64])  # the dark dot
                np.testing.assert_array_equal(made[..., 3], art[..., 3])

    def test_a_picture_without_a_main_colour_is_left_alone(self):
        stripes = disc((0, 0, 0))
        for k, hue in enumerate(np.arange(0, 360, 30)):
            colour = from_hsv(np.array(hue), np.array(0.9), np.array(0.9)) * 255
            stripes[:, k * 11 : k * 11 + 11, :3] = colour
        stripes[..., :3][stripes[..., 3] == 0] = 0
        self.assertIsNone(recolour(stripes, 'blue'))

    def test_too_few_pixels_have_no_word(self):
        self.assertEqual(main_word(np.zeros((8, 8, 3)), np.zeros((8, 8), bool)), (None, 0.0))


class Scenes(unittest.TestCase):
    def test_a_canonical_thing_is_the_picture_itself(self):
        art = small_artwork()
        for pixels in (64, 128):
            picture = Painter(art, pixels=pixels).paint([Scene([Thing(0, None)], 'white')])[0]
            self.assertEqual(picture.shape, (3, pixels, pixels))
            expected = torch.tensor([220, 30, 40]) / 127.5 - 1
            torch.testing.assert_close(picture[:, pixels // 2, pixels // 5], expected, atol=0.01, rtol=0)
            torch.testing.assert_close(picture[:, 0, 0], torch.ones(3))

    def test_a_moved_thing_looks_alike_at_both_sizes(self):
        for size in (0.53, 0.9):
            scene = Scene([Thing(0, None, -0.1, 0.05, size)], 'blue')
            small, large = (Painter(small_artwork(), pixels=pixels).paint([scene])[0] for pixels in (64, 128))
            halved = torch.nn.functional.avg_pool2d(large, 2)
            self.assertLess((halved - small).abs().mean().item(), 0.02)

    def test_two_things_stand_left_and_right(self):
        picture = Painter(small_artwork()).paint([Scene([Thing(0, None, -0.5, 0, 0.5), Thing(1, None, 0.5, 0, 0.5)])])[0]
        red, blue = picture[:, 64, 16], picture[:, 64, 80]
        self.assertGreater(red[0], red[2])
        self.assertGreater(blue[2], blue[0])

    def test_the_caption_says_a_recolouring_always_and_returns_what_it_says(self):
        art, rng = small_artwork(), random.Random(0)
        subjects = [{'label': 'a', 'names': ['red ball']}, {'label': 'b', 'names': ['drop']}]
        for _ in range(200):
            text, said = describe(art, subjects, Scene([Thing(2, 'yellow')], 'blue'), rng)
            self.assertIn('yellow ball', text)
            self.assertNotIn('red', text)
            self.assertEqual((said.colours, said.background), (('yellow',), 'blue'))
            self.assertIn('on a blue background', text)

    def test_held_out_variants_are_never_drawn(self):
        art, rng = small_artwork(), random.Random(0)
        art.trainable, art.variants = [1], {}
        rows = {thing.row for _ in range(300) for thing in draw_scene(art, rng).things}
        self.assertEqual(rows, {1})


class HeldOut(unittest.TestCase):
    def test_pairs_that_version_0_saw_are_never_held_out(self):
        first = load_subjects('v0')
        for subject in first['subjects']:
            for name in first['sets']:
                self.assertFalse(is_held_out(subject | {'since': 0}, name, first['sets']))

    def test_some_but_few_of_the_others_are(self):
        listed, first = load_subjects('v1'), load_subjects('v0')['sets']
        new = [s for s in listed['subjects'] if s['since'] > 0]
        held = sum(is_held_out(s, name, first) for s in new for name in listed['sets'])
        self.assertTrue(0.05 < held / len(new) / len(listed['sets']) < 0.12)
        colours = sum(is_colour_held_out(s, word) for s in new for word in HUES)
        self.assertTrue(0.08 < colours / len(new) / len(HUES) < 0.16)

    def test_later_lists_keep_the_order_of_the_first(self):
        labels = [[s['label'] for s in load_subjects(v)['subjects']] for v in ('v0', 'v1')]
        self.assertEqual(labels[0], labels[1][: len(labels[0])])
        self.assertEqual(len(set(labels[1])), len(labels[1]))


class Codes(unittest.TestCase):
    def test_first_rows_are_those_the_shipped_model_was_trained_with(self):
        book, parts = CodeBook(284), load_components(SHIPPED)
        for text, said in (
            ('red apple', Said((0,), ('red',))),
            ('a blue car on a pink background', Said((11,), ('blue',), 'pink')),
            ('noto cat', Said((4,), (None,), None, 'noto')),
        ):
            error = (encode_prompts(parts, [text])[0, -1] - book.code(said)).pow(2).mean().item()
            self.assertLess(error, 0.03, text)

    def test_left_and_right_differ(self):
        book = CodeBook(284)
        one, other = book.code(Said((1, 2), (None, None))), book.code(Said((2, 1), (None, None)))
        self.assertLess(torch.nn.functional.cosine_similarity(one, other, dim=0), 0.5)
        torch.testing.assert_close(one.roll(SECOND_SHIFT), other)


def drawn_pictures(count: int, pixels: int = 128) -> torch.Tensor:
    """Scenes with a little noise, so that no direction of their patches is empty."""
    art, rng = small_artwork(), random.Random(0)
    pictures = Painter(art, pixels=pixels).paint([draw_scene(art, rng) for _ in range(count)])
    return pictures + 0.05 * torch.randn(pictures.shape, generator=torch.Generator().manual_seed(0))


class Patches(unittest.TestCase):
    def test_the_coder_is_the_principal_components(self):
        pictures = drawn_pictures(60)
        coder = fit_patches(pictures, 16, 32)
        self.assertEqual((coder.patch, coder.matrix.shape), (16, (768, 32)))
        codes = coder.encode(pictures).permute(0, 2, 3, 1).reshape(-1, 32)
        self.assertAlmostEqual(codes.pow(2).mean().item(), 1, delta=0.01)
        patches = torch.nn.functional.unfold(pictures, 16, stride=16).transpose(1, 2).reshape(-1, 768)
        centred = patches - patches.mean(0)
        kept = torch.linalg.lstsq(codes, centred).solution
        left = (centred - codes @ kept).pow(2).sum()
        values = torch.linalg.svdvals(centred)
        torch.testing.assert_close(left, values[32:].pow(2).sum(), rtol=1e-3, atol=0)

    def test_the_written_encoder_computes_the_fitted_coder(self):
        from diffusers import AutoencoderKL

        pictures = drawn_pictures(100)
        coder, vae = fit_patches(pictures, 16, 32), AutoencoderKL(**VAE).eval()
        write_encoder(vae, coder, pictures)
        with torch.no_grad():
            error = (vae.encode(pictures).latent_dist.mean - coder.encode(pictures)).pow(2).mean().sqrt()
        self.assertLess(error.item(), 0.06)

    def test_the_shipped_encoder_is_found_again(self):
        parts = load_components(SHIPPED)
        size = parts.vae.config.sample_size
        pictures = torch.rand(2, 3, size, size, generator=torch.Generator().manual_seed(0)) * 2 - 1
        error = (probe_encoder(parts.vae).encode(pictures) - encode(parts, pictures)).abs().max()
        self.assertLess(error.item(), 0.02)


class Growing(unittest.TestCase):
    def test_the_grown_coder_begins_with_the_small_ones_code_of_the_halved_picture(self):
        pictures = drawn_pictures(60)
        halved = torch.nn.functional.avg_pool2d(pictures, 2)
        small = fit_patches(halved, 8, 16)
        grown = grow_patches(small, pictures, 32)
        codes = grown.encode(pictures)
        torch.testing.assert_close(codes[:, :16], small.encode(halved), atol=1e-4, rtol=0)
        cells = codes.permute(0, 2, 3, 1).reshape(-1, 32)
        self.assertLess(cells[:, 16:].mean(0).abs().max().item(), 1e-3)
        self.assertLess(torch.corrcoef(cells.T)[16:, :16].abs().max().item(), 1e-2)

    def test_the_grown_unet_does_the_same_to_the_first_channels(self):
        from diffusers import UNet2DConditionModel

        torch.manual_seed(0)
        small = UNet2DConditionModel(**UNET | dict(in_channels=16, out_channels=16)).eval()
        grown = grow_unet(small).eval()
        self.assertTrue(is_half_as_large(small.config, UNET))
        self.assertFalse(is_half_as_large(grown.config, UNET))
        x, text, t = torch.randn(1, 32, 8, 8), torch.randn(1, 77, 192), torch.tensor([500])
        with torch.no_grad():
            made = grown(x, t, text).sample
            torch.testing.assert_close(made[:, :16], small(x[:, :16], t, text).sample)
        self.assertEqual(made[:, 16:].abs().max().item(), 0)

    def test_the_grown_decoder_paints_the_small_ones_picture_doubled(self):
        from diffusers import AutoencoderKL

        torch.manual_seed(0)
        levels = dict(
            block_out_channels=VAE['block_out_channels'][1:],
            down_block_types=VAE['down_block_types'][1:],
            up_block_types=VAE['up_block_types'][1:],
        )
        small = AutoencoderKL(**VAE | levels | dict(latent_channels=16)).eval()
        with torch.no_grad():
            # The last convolution made 1x1: what stands beside a pixel is another one once the picture is doubled.
            weight = small.decoder.conv_out.weight
            weight.copy_(weight * torch.nn.functional.pad(torch.ones(1, 1), (1, 1, 1, 1)))
            z = torch.randn(1, 32, 4, 4)
            made, doubled = grow_decoder(small).eval().decode(z).sample, small.decode(z[:, :16]).sample
        expected = torch.nn.functional.interpolate(doubled, scale_factor=2)
        torch.testing.assert_close(made, expected, atol=1e-4, rtol=1e-4)


class Training(unittest.TestCase):
    def test_the_rate_rises_stays_and_falls(self):
        rate = lambda seen, cool_from: warm_stable_decay(seen, start=0, warm=100, cool_from=cool_from, cool=1000)
        self.assertLess(rate(0, None), 0.02)
        self.assertEqual(rate(10_000, None), 1)
        self.assertAlmostEqual(rate(5500, 5000), 0.5)
        self.assertAlmostEqual(rate(6000, 5000), 0.01)

    def test_the_average_swaps_in_and_out(self):
        weight = torch.nn.Parameter(torch.zeros(3))
        average = Average([weight], 0.9)
        with torch.no_grad():
            weight += 1
        average.update()
        before = weight.detach().clone()
        average.swap()
        self.assertFalse(torch.equal(weight, before))
        average.swap()
        torch.testing.assert_close(weight.detach(), before)


class Carrying(unittest.TestCase):
    def test_a_result_is_joined_from_its_parts(self):
        rng = np.random.RandomState(0)
        with tempfile.TemporaryDirectory() as home:
            model, parts, out = (Path(home) / name for name in ('model', 'parts', 'out'))
            files = {'unet/weights.bin': rng.bytes(PART + 5), 'gesso.json': b'{}'}
            for name, content in files.items():
                (model / name).parent.mkdir(parents=True, exist_ok=True)
                (model / name).write_bytes(content)
            paths = split(result_archive(model), parts)
            self.assertEqual(len(paths), 2)
            self.assertLessEqual(max(path.stat().st_size for path in paths), PART)
            join(parts, out)
            self.assertEqual({name: (out / name).read_bytes() for name in files}, files)

    def test_recoloured_pictures_are_told_from_the_originals(self):
        art = disc((220, 30, 40))
        record = dict(subject=0, label='ball', set='noto', word='red', share=0.9, held_out=False)
        pictures, records = recoloured([art], [record], [{'label': 'ball', 'since': 0}])
        self.assertEqual({made['word'] for made in records}, set(TARGETS) - {'red'})
        self.assertTrue(all(made['source'] == 0 for made in records))
        self.assertEqual([art_word(picture)[0] for picture in pictures], [made['word'] for made in records])


class Tokenizer(unittest.TestCase):
    def test_the_written_files_load_as_a_clip_tokenizer(self):
        from transformers import CLIPTokenizer

        from configs import TEXT, VOCABULARY
        from tokenizer import write_tokenizer

        rng = random.Random(0)
        words = [''.join(rng.choices('abcdefghijklmnopqrstuvwxyz', k=8)) for _ in range(3000)]
        with tempfile.TemporaryDirectory() as folder:
            write_tokenizer(Path(folder), [*words, *['red apple'] * 50])
            tokenizer = CLIPTokenizer.from_pretrained(folder)
            ids = tokenizer('a RED  apple!', padding='max_length', max_length=77).input_ids
        self.assertEqual(len(tokenizer), VOCABULARY)
        self.assertEqual((ids[0], ids[-1], len(ids)), (TEXT['bos_token_id'], TEXT['eos_token_id'], 77))
        self.assertIn('red</w>', tokenizer.convert_ids_to_tokens(ids))


if __name__ == '__main__':
    unittest.main()
