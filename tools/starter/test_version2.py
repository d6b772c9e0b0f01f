"""Tests of version 2's composers: scenes of compose.py, captions of sentences.py, drawn backgrounds, codes."""

import random
import re
import unittest

import numpy as np
import torch

from backdrops import BACKDROPS, Bank, paint_backdrop
from captions import Said
from codes import SECOND_SHIFT, CodeBook
from colours import BACKGROUNDS
from compose import FACES, HOLDABLES, HOLDERS, SHARES, TRIPLE, WEARABLES, Composer
from curriculum import curriculum_of
from home import load_subjects, pictures_of
from measures2 import PLACES, ink, is_at, nearest_backdrop, pieces
from scene import Artwork, Painter, Scene, Thing
from sentences import RELATIONS, compose_caption, describe_2, filled, plural
from test_starter import small_artwork

SUBJECTS = [{'label': 'cat face', 'names': ['cat'], 'also': ['kitty']}, {'label': 'top hat', 'names': ['top hat'], 'also': []}]


def labelled_artwork() -> Artwork:
    """A red cat (with a yellow variant) and a blue hat."""
    art = small_artwork()
    for record, label in zip(art.records, ('cat face', 'top hat', 'cat face')):
        record['label'] = label
    return art


def centre(picture: torch.Tensor, channel: int) -> tuple[float, float]:
    """Where a colour channel stands out from the mean of the others: (x, y) in -1..1."""
    strength = (picture[channel] - picture[[c for c in range(3) if c != channel]].amax(0)).clamp_min(0)
    at = torch.linspace(-1, 1, len(strength))
    return ((strength.sum(0) * at).sum() / strength.sum()).item(), ((strength.sum(1) * at).sum() / strength.sum()).item()


class Backdrops(unittest.TestCase):
    def test_each_is_a_whole_picture_and_like_no_other(self):
        means = {}
        for name in BACKDROPS:
            drawn = np.stack([paint_backdrop(name, random.Random(seed)) for seed in range(8)])
            self.assertEqual(drawn.shape, (8, 128, 128, 3))
            self.assertTrue(np.isfinite(drawn).all() and drawn.min() >= 0 and drawn.max() <= 1, name)
            self.assertGreater(np.abs(drawn[0] - drawn[1]).mean(), 0.002, f'{name} is always the same')
            means[name] = drawn.mean(0).reshape(8, 16, 8, 16, 3).mean((1, 3))
        for name, mean in means.items():
            others = [np.abs(mean - other).mean() for key, other in means.items() if key != name]
            self.assertGreater(min(others), 0.04, name)

    def test_they_stand_behind_the_things_and_are_the_same_twice(self):
        art = labelled_artwork()
        scene = Scene([Thing(0, None, 0, 0.1, 0.7)], 'beach')
        one, two = (Painter(art).paint([scene])[0] for _ in range(2))
        torch.testing.assert_close(one, two)
        expected = torch.tensor([220, 30, 40]) / 127.5 - 1
        torch.testing.assert_close(one[:, 90, 64], expected, atol=0.05, rtol=0)
        bank = Bank(4)
        corners = torch.stack([bank.get('beach', k)[:, 120, 4] * 2 - 1 for k in range(4)])
        self.assertLess((corners - one[:, 120, 4]).abs().amax(1).min().item(), 0.15)

    def test_no_name_is_a_colour(self):
        self.assertFalse(set(BACKDROPS) & set(BACKGROUNDS))


class Composing(unittest.TestCase):
    def setUp(self):
        self.art, self.rng = labelled_artwork(), random.Random(0)
        self.composer, self.painter = Composer(self.art), Painter(self.art)

    def drawn(self, kind: str, count=40) -> list[Scene]:
        return [getattr(self.composer, kind)(self.rng) for _ in range(count)]

    def test_labels_exist(self):
        labels = {subject['label'] for subject in load_subjects('v2')['subjects']}
        self.assertEqual([name for name in (*WEARABLES, *HOLDABLES, *HOLDERS, *FACES) if name not in labels], [])
        self.assertLess(sum(share for _, share in SHARES), 0.55)  # half of it stays version 1's

    def test_counts_are_so_many_of_one_picture_that_do_not_cover_each_other(self):
        for scene in self.drawn('count'):
            self.assertEqual(len(scene.things), scene.count)
            self.assertEqual(len({thing.row for thing in scene.things}), 1)
            for a in scene.things:
                for b in scene.things:
                    apart = max(abs(a.x - b.x), abs(a.y - b.y))
                    self.assertTrue(a is b or apart > 0.82 * (a.size + b.size) * 0.875, (a, b))

    def test_above_is_above(self):
        for scene in self.drawn('above'):
            if {thing.row for thing in scene.things} != {0, 1}:
                continue
            picture = self.painter.paint([scene])[0]
            red, blue = centre(picture, 0)[1], centre(picture, 2)[1]
            first_is_red = scene.things[0].row == 0
            self.assertLess(*((red, blue) if first_is_red else (blue, red)))

    def test_what_is_in_front_covers_the_other(self):
        scene = next(s for s in self.drawn('front') if [t.row for t in s.things] == [1, 0])
        before = scene.things[1]
        x, y = (int((v + 1) * 64) for v in (before.x + 0.15, before.y))
        self.assertGreater(self.painter.paint([scene])[0][0, y, x], self.painter.paint([scene])[0][2, y, x])
        self.assertEqual(scene.told, (1, 0))

    def test_places_and_sizes_are_what_they_say(self):
        wide = {None: (0.48, 0.56), 'small': (0.35, 0.41), 'big': (0.62, 0.7)}
        for scene in self.drawn('place'):
            thing = scene.things[0]
            for name, axis, sign in (('left', 'x', -1), ('right', 'x', 1), ('top', 'y', -1), ('bottom', 'y', 1)):
                if name in scene.place:
                    self.assertGreater(getattr(thing, axis) * sign, 0.3)
            low, high = wide[thing.said_size]
            self.assertTrue(low < thing.size < high)
            self.assertLessEqual(abs(thing.x) + thing.size * 0.875, 1.01)
        for scene in self.drawn('sized'):
            if len(scene.things) == 2:
                big, small = ([t.size for t in scene.things if t.said_size == name] for name in ('big', 'small'))
                others = [t.size for t in scene.things if not t.said_size]
                self.assertTrue(all(b > o for b in big for o in others + small) and all(s < o for s in small for o in others + big))

    def test_hats_are_on_heads(self):
        scene = next(s for s in self.drawn('wearing') if [t.row for t in s.things] == [0, 1])
        picture = self.painter.paint([scene])[0]
        self.assertLess(centre(picture, 2)[1], centre(picture, 0)[1] - 0.4)

    def test_half_of_all_scenes_are_version_1s(self):
        scenes = [self.composer.draw(self.rng) for _ in range(3000)]
        old = sum(s.count == 1 and not s.relation and not s.place and s.background not in BACKDROPS and bool(s.things)
                  and not any(t.said_size for t in s.things) for s in scenes)  # fmt: skip
        self.assertTrue(0.4 < old / 3000 < 0.65, old)


class Sentences(unittest.TestCase):
    def setUp(self):
        self.art, self.rng = labelled_artwork(), random.Random(1)

    def captions(self, scene: Scene, count=60) -> list[tuple[str, Said]]:
        return [compose_caption(self.art, SUBJECTS, scene, self.rng) for _ in range(count)]

    def test_plurals(self):
        for one, many in {
            'cat': 'cats', 'cherry': 'cherries', 'monkey': 'monkeys', 'box': 'boxes', 'mouse': 'mice', 'wolf': 'wolves', 'bus': 'buses',
            'slice of pizza': 'slices of pizza', 'pine tree': 'pine trees', 'glasses': 'glasses', 'fish': 'fish', 'tomato': 'tomatoes',
            'radio': 'radios', 'smiley with sunglasses': 'smileys with sunglasses', 'octopus': 'octopuses', 'cup of coffee': 'cups of coffee',
            'bunny': 'bunnies', 'brush': 'brushes', 'dress': 'dresses', 'red heart': 'red hearts',
        }.items():  # fmt: skip
            self.assertEqual(plural(one), many)

    def test_a_number_is_said_and_returned(self):
        scene = Scene([Thing(0, None)] * 3, count=3, told=(0,))
        for text, said in self.captions(scene):
            self.assertRegex(text, r'\b(cats|kitties)\b')
            self.assertEqual(said.count == '3', bool(re.search(r'\bthree\b|\b3\b', text)), text)
            self.assertIn(said.count, ('3', 'several'))
            self.assertEqual(said.subjects, (0,))

    def test_a_relation_told_backwards_names_the_second_first(self):
        for relation, (forward, backward) in RELATIONS.items():
            for text, said in self.captions(Scene([Thing(0, None), Thing(1, None)], relation=relation)):
                self.assertEqual((said.subjects, said.relation), ((0, 1), relation))
                cat, hat = re.search(r'cat|kitty', text).start(), text.index('top hat')
                back = any(re.search(rf'\b{word}\b', text) for word in backward)
                self.assertEqual(cat < hat, not back, text)

    def test_sizes_and_places_belong_to_what_they_are_said_of(self):
        scene = Scene([Thing(0, 'red', said_size='small'), Thing(1, None, said_size='big')])
        for text, said in self.captions(scene):
            self.assertEqual((said.sizes, said.colours[0]), (('small', 'big'), 'red'))
            self.assertRegex(text, r'(small|tiny|little|mini) red (cat|kitty).*(big|large|huge|giant|enormous) (blue )?top hat')
        for text, said in self.captions(Scene([Thing(0, None)], place=('top', 'left'))):
            self.assertIn('top left', text)
            self.assertEqual(said.place, ('top', 'left'))

    def test_scenes_are_named(self):
        for name, (behind, alone) in BACKDROPS.items():
            for text, said in self.captions(Scene([Thing(0, None)], name), 12):
                self.assertTrue(any(words in text for words in (*behind, f'{name} background')), text)
                self.assertEqual(said.background, name)
            text, said = self.captions(Scene([], name), 1)[0]
            self.assertIn(text, alone)
            self.assertEqual(said.subjects, ())

    def test_filler_only_adds_words(self):
        for _ in range(100):
            text = filled('a cat on a beach', self.rng)
            self.assertIn('a cat on a beach', text)
            self.assertGreater(len(text), len('a cat on a beach'))

    def test_version_1s_captions_are_replayed(self):
        scene = Scene([Thing(2, 'yellow')], 'blue')
        for _ in range(50):
            text, said = describe_2(self.art, SUBJECTS, scene, self.rng)
            self.assertRegex(text, r'yellow (cat|kitty)')
            self.assertIn('on a blue background', text)
            self.assertEqual((said.subjects, said.colours, said.background), ((0,), ('yellow',), 'blue'))

    def test_the_curriculum_of_a_version(self):
        one, two = (curriculum_of(version, self.art, SUBJECTS) for version in ('v1', 'v2'))
        texts = lambda learned: [learned.describe(learned.draw(self.rng), self.rng, True)[0] for _ in range(400)]
        new = re.compile(r'\b(photo|wearing|three|beach|kitties|draw)\b')
        self.assertFalse(any(new.search(text) for text in texts(one)))
        self.assertGreater(sum(bool(new.search(text)) for text in texts(two)), 20)


class Words(unittest.TestCase):
    def test_the_list_keeps_version_1s_subjects_and_pictures(self):
        old, new = load_subjects('v1')['subjects'], load_subjects('v2')['subjects']
        self.assertEqual([s['label'] for s in old], [s['label'] for s in new])
        self.assertEqual([s['names'] for s in old], [s['names'] for s in new])
        self.assertEqual((pictures_of('v1'), pictures_of('v2')), ('v1', 'v1'))

    def test_no_name_means_two_subjects(self):
        owner = {}
        for subject in load_subjects('v2')['subjects']:
            for name in subject['names'] + subject['also']:
                self.assertEqual(owner.setdefault(name, subject['label']), subject['label'], name)


class Measures(unittest.TestCase):
    def setUp(self):
        self.painter = Painter(labelled_artwork())

    def paint(self, *things: Thing, background='white') -> torch.Tensor:
        return self.painter.paint([Scene(list(things), background)])[0]

    def test_pieces_are_counted(self):
        for count, spots in ((1, ((0, 0),)), (2, ((-0.5, 0), (0.5, 0))), (3, TRIPLE)):
            picture = self.paint(*(Thing(0, None, x, y, 0.45) for x, y in spots))
            self.assertEqual(len(pieces(ink(picture))), count)
        self.assertEqual(pieces(ink(torch.ones(3, 128, 128))), [])

    def test_places_are_told_apart(self):
        for place, (x, y) in {'left': (-0.5, 0), 'right': (0.5, 0), 'top': (0, -0.5), 'bottom': (0, 0.5)}.items():
            picture = self.paint(Thing(0, None, x, y, 0.45))
            self.assertEqual([name for name in PLACES if is_at(picture, name)], [place])
        self.assertFalse(any(is_at(self.paint(Thing(0, None)), name) for name in PLACES))

    def test_scenes_are_told_apart_behind_a_thing(self):
        bank = Bank(24)
        for name in BACKDROPS:
            self.assertEqual(nearest_backdrop(self.paint(Thing(0, None, 0, 0.1, 0.72), background=name)[None], bank), [name])
        plain = nearest_backdrop(torch.zeros(1, 3, 128, 128), bank)
        self.assertEqual(len(plain), 1)


class Codes2(unittest.TestCase):
    def test_version_1s_codes_stay_and_new_words_are_told_apart(self):
        book = CodeBook(284)
        close = lambda a, b: torch.nn.functional.cosine_similarity(book.code(a), book.code(b), dim=0).item()
        cat = Said((4,), (None,))
        torch.testing.assert_close(book.code(cat), book.code(Said((4,), (None,), sizes=(None,))))
        torch.testing.assert_close(book.code(Said((4,), (None,), small=True)), book.code(Said((4,), (None,), sizes=('small',))))
        new = [Said((4,), (None,), count='2'), Said((4,), (None,), count='3'), Said((4,), (None,), place=('left',)),
               Said((4,), (None,), 'beach'), Said((4,), (None,), sizes=('big',)), Said((4,), (None,), place=('left', 'top'))]  # fmt: skip
        for k, one in enumerate([cat, *new]):
            for other in new[k:]:
                self.assertLess(close(one, other), 0.95)
        stacked = Said((4, 5), (None, None), relation='above')
        self.assertLess(close(stacked, Said((5, 4), (None, None), relation='above')), 0.5)
        self.assertLess(close(stacked, Said((4, 5), (None, None))), 0.95)

    def test_a_size_belongs_to_its_thing(self):
        book = CodeBook(284)
        first, second = (book.code(Said((4, 5), (None, None), sizes=sizes)) for sizes in (('big', None), (None, 'big')))
        self.assertLess(torch.nn.functional.cosine_similarity(first, second, dim=0), 0.95)
        torch.testing.assert_close(book.code(Said((5, 4), (None, None), sizes=(None, 'big'))).roll(SECOND_SHIFT), first)


if __name__ == '__main__':
    unittest.main()
