"""Tests of training by the clock on a GPU, as far as a CPU can tell: records, pool, learner, parts."""

import random
import tempfile
import unittest
from pathlib import Path

import numpy as np
import torch

from backdrops import DRAWINGS, Bank
from captions import Said
from carry import in_processes
from codes import MOST_ROWS, CodeBook
from colours import BACKGROUNDS
from components import SHIPPED
from configs import TEXT, TOKENS
from curriculum import curriculum_of
from drawers import Speller, caption_records, example_records
from layout import layout_of
from learner import Learner
from parts import SLOTS, halves, in_parts, newest, save_unet
from pool import Pool
from scene import Painter, Scene, Thing
from test_version2 import SUBJECTS, labelled_artwork
from training import by_the_clock


class Clock(unittest.TestCase):
    def test_the_rate_rises_stays_and_falls_to_nothing(self):
        at = lambda spent: by_the_clock(spent, 100, warm=0.1, cool=0.5)
        self.assertEqual([at(spent) for spent in (0, 5, 10, 50, 75, 100)], [0, 0.5, 1, 1, 0.5, 0])
        self.assertEqual(at(101), 0)


class Layouts(unittest.TestCase):
    def test_a_layout_says_what_is_painted_where(self):
        scenes = [Scene([Thing(1, None, 0.25, -0.5, 0.5), Thing(0, None)], 'red'), Scene([], 'beach')]
        layout = layout_of(scenes)
        self.assertEqual(layout['rows'].tolist(), [[1, 0, -1], [-1, -1, -1]])
        self.assertEqual(layout['places'][0, :2].tolist(), [[0.25, -0.5, 0.5], [0, 0, 1]])
        self.assertEqual(layout['background'].tolist(), [list(BACKGROUNDS).index('red'), len(BACKGROUNDS) + DRAWINGS + 1])
        painter = Painter(labelled_artwork())
        empty = painter.paint_layout(layout)[1]
        torch.testing.assert_close(empty, Bank().get('beach', 1) * 2 - 1)

    def test_scenes_of_a_batch_do_not_touch_one_another(self):
        art, rng = labelled_artwork(), random.Random(5)
        learned, painter = curriculum_of('v2', art, SUBJECTS), Painter(art)
        layout = layout_of([learned.draw(rng) for _ in range(60)])
        together = painter.paint_layout(layout)
        alone = torch.cat([painter.paint_layout(layout[k : k + 1]) for k in range(60)])
        torch.testing.assert_close(together, alone)


class Records(unittest.TestCase):
    def setUp(self):
        self.speller, self.rng = Speller(SHIPPED / 'tokenizer'), random.Random(3)
        self.learned = curriculum_of('v2', labelled_artwork(), SUBJECTS)

    def test_ids_are_the_tokenizers(self):
        from transformers import CLIPTokenizer

        tokenizer = CLIPTokenizer.from_pretrained(SHIPPED / 'tokenizer')
        texts = ['', 'a red apple', 'Two  CATS, 4k, é', 'photo of ' * 60]
        for length in (16, TOKENS):
            wanted = tokenizer(texts, padding='max_length', max_length=length, truncation=True).input_ids
            np.testing.assert_array_equal(self.speller.ids(texts, length), wanted)
        cut = self.speller.ids(texts, TOKENS)[:, :16].copy()
        cut[:, -1] = TEXT['eos_token_id']
        np.testing.assert_array_equal(cut, self.speller.ids(texts, 16))

    def test_rows_become_the_codes_of_what_is_said(self):
        book, learned = CodeBook(284), self.learned

        class Texts:
            def texts(_, count):
                draw = lambda: learned.describe(learned.draw(self.rng), self.rng, True)
                self.drawn = [('', None), *(draw() for _ in range(count - 1))]
                return self.drawn

        records = caption_records(Texts(), book, self.speller, 200)
        self.assertEqual(records['rows'].shape, (200, MOST_ROWS))
        wanted = torch.stack([book.code(said) for _, said in self.drawn])
        torch.testing.assert_close(book.codes(torch.from_numpy(records['rows'].copy()).long()), wanted, atol=1e-5, rtol=0)
        np.testing.assert_array_equal(records['ids'], self.speller.ids([text for text, _ in self.drawn], TOKENS))

    def test_the_longest_code_fits(self):
        said = Said((1, 2), ('red', 'blue'), 'beach', 'flat', True, ('small', 'big'), '2', 'above', ('left', 'top'))
        self.assertLessEqual(len(CodeBook(284).rows_of(said)), MOST_ROWS)

    def test_records_survive_the_journey(self):
        records = example_records(self.learned, self.rng, self.speller, 30)
        again = np.frombuffer(b'e' + records.tobytes(), records.dtype, offset=1)
        np.testing.assert_array_equal(again, records)
        self.assertTrue((records['ids'][:, 0] == TEXT['bos_token_id']).all())

    def test_processes_give_all_that_their_calls_return(self):
        self.assertEqual(in_processes(lambda a, b: [a, b], [(1, 2), (3, 4)]), [1, 2, 3, 4])


class Pools(unittest.TestCase):
    def test_the_oldest_give_way_and_only_what_is_there_is_drawn(self):
        pool, generator = Pool(10, 'cpu', x=((2,), torch.float16)), torch.Generator().manual_seed(0)
        rows = lambda first, count: torch.arange(first, first + count)[:, None].expand(-1, 2).float()
        pool.add(x=rows(0, 4))
        self.assertEqual(set(pool.draw(200, generator)['x'][:, 0].tolist()), {0, 1, 2, 3})
        pool.add(x=rows(4, 8))
        self.assertEqual(len(pool), 10)
        self.assertEqual(set(pool.draw(500, generator)['x'][:, 0].tolist()), set(range(2, 12)))


class Learning(unittest.TestCase):
    def learner(self, rate: float) -> Learner:
        torch.manual_seed(0)
        return Learner(torch.nn.Linear(3, 2), 'cpu', rate=rate, weight_decay=0.01, decay=0.9)

    def test_it_steps_as_adamw_with_clipped_gradients(self):
        learner = self.learner(0.01)
        torch.manual_seed(0)
        plain = torch.nn.Linear(3, 2)
        optimizer = torch.optim.AdamW(plain.parameters(), 0.01, betas=(0.9, 0.99), weight_decay=0.01)
        x = torch.randn(5, 3) * 10
        for factor in (1.0, 0.5, 0.0):
            learner.rate.fill_(0.01 * factor)
            optimizer.param_groups[0]['lr'] = 0.01 * factor
            loss = learner.network(x).pow(2).mean()
            learner.learn(loss)
            optimizer.zero_grad()
            plain(x).pow(2).mean().backward()
            torch.nn.utils.clip_grad_norm_(plain.parameters(), 1.0)
            optimizer.step()
        for weight, live, wanted in zip(learner.weights, learner.live, plain.parameters()):
            torch.testing.assert_close(weight, wanted)
            torch.testing.assert_close(live, wanted)

    def test_it_goes_back_to_what_it_remembered(self):
        learner = self.learner(0.1)
        learner.remember()
        before = {name: tensor.clone() for name, tensor in learner.averaged().items()}
        for _ in range(3):
            learner.learn(learner.network(torch.ones(4, 3)).pow(2).mean())
        self.assertGreater(learner.take_losses(), 0)
        self.assertEqual(learner.take_losses(), 0)
        self.assertGreater((learner.live[0] - before['weight']).abs().max().item(), 0)
        learner.go_back()
        for tensors in (learner.weights, learner.live, learner.kept):
            torch.testing.assert_close(tensors[0].detach(), before['weight'])


class Parts(unittest.TestCase):
    def test_the_newest_whole_slot_is_taken(self):
        weights = lambda value: {name: torch.full((4_000_000,), value) for name in 'abc'}
        self.assertEqual([sorted(part) for part in in_parts(halves(weights(1.0)))], [['a'], ['b'], ['c']])
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            save_unet(folder, SLOTS[0], weights(1.0), dict(seen=1, steps=1))
            save_unet(folder, SLOTS[1], weights(2.0), dict(seen=2, steps=2))
            state, found = newest(folder)
            self.assertEqual((state['seen'], found['b'][0].item()), (2, 2.0))
            written = (folder / 'unet-b-1.safetensors').read_bytes()
            save_unet(folder, SLOTS[1], weights(3.0), dict(seen=3, steps=3))
            (folder / 'unet-b-1.safetensors').write_bytes(written)  # as if it had been cut off while writing the second
            self.assertEqual(newest(folder)[0]['seen'], 1)


if __name__ == '__main__':
    unittest.main()
