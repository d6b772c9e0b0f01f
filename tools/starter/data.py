"""Renders the training artwork: npm packages -> HOME/data/<version>.npy (pictures) and .json (what each shows).

    python tools/starter/data.py [--subjects v1]

Needs npm (the packages are pinned in package-lock.json) and rsvg-convert (Debian: librsvg2-bin). Each picture is cropped to
its drawn area and centred at 7/8 of the square, [128, 128, 4] premultiplied uint8. Recoloured variants follow the originals.
"""

import argparse
import hashlib
import io
import json
import re
import shutil
import subprocess

import numpy as np
from PIL import Image

from colours import TARGETS, art_word, recolour
from home import ARTWORK, DATA, HERE, HOME, load_subjects, write_atomically

SIZE, FILL = 128, 112
COLOUR_NAMED = {'green apple', 'green book'}  # subjects whose name is a colour: never recoloured


def install_packages() -> None:
    ARTWORK.mkdir(parents=True, exist_ok=True)
    for name in ('package.json', 'package-lock.json'):
        shutil.copy(HERE / name, ARTWORK / name)
    subprocess.run(['npm', 'ci', '--ignore-scripts', '--no-audit', '--no-fund'], cwd=ARTWORK, check=True)


def slug(text: str) -> str:
    return re.sub(r'[^a-z0-9]+', '-', text.lower().replace('’', '').replace("'", '')).strip('-')


def plain(hexcode: str) -> str:
    """A hexcode without the variation selector, which sets write differently."""
    return '-'.join(part for part in hexcode.lower().split('-') if part != 'fe0f')


class IconSet:
    """One @iconify-json package: finds the icon of an emoji by its code, else by its name, and makes an SVG of it."""

    def __init__(self, name: str):
        folder = ARTWORK / 'node_modules' / '@iconify-json' / name
        self.set = json.loads((folder / 'icons.json').read_text())
        chars = folder / 'chars.json'
        self.by_code = {plain(k): n for k, n in json.loads(chars.read_text()).items()} if chars.exists() else {}

    def svg(self, emoji: dict) -> str | None:
        name = self.by_code.get(plain(emoji['hexcode'])) or slug(emoji['label'])
        name = self.set.get('aliases', {}).get(name, {}).get('parent', name)
        icon = self.set['icons'].get(name)
        if icon is None:
            return None
        get = lambda key, default: icon.get(key, self.set.get(key, default))
        box = f'{get("left", 0)} {get("top", 0)} {get("width", 16)} {get("height", 16)}'
        return (
            '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
            f'width="512" height="512" viewBox="{box}">{icon["body"]}</svg>'
        )


def render(svg: str) -> np.ndarray:
    """[128, 128, 4] premultiplied: the drawn area, its longer side 112 pixels, in the middle."""
    done = subprocess.run(['rsvg-convert', '-f', 'png'], input=svg.encode(), stdout=subprocess.PIPE, check=True)
    image = Image.open(io.BytesIO(done.stdout)).convert('RGBA')
    box = image.getchannel('A').point(lambda a: 255 if a > 20 else 0).getbbox()
    drawn = image.convert('RGBa').crop(box)
    scale = FILL / max(drawn.size)
    drawn = drawn.resize([max(1, round(side * scale)) for side in drawn.size], Image.LANCZOS)
    out = Image.new('RGBa', (SIZE, SIZE))
    out.paste(drawn, ((SIZE - drawn.width) // 2, (SIZE - drawn.height) // 2))
    out = np.array(out)
    out[..., :3] = np.minimum(out[..., :3], out[..., 3:])  # Lanczos overshoot
    return out


def share_of_hash(*key: str) -> float:
    """A number in 0..1 that depends on the key alone: the same pairs are held out on every machine."""
    return int.from_bytes(hashlib.sha256('/'.join(key).encode()).digest()[:4]) / 2**32


def is_held_out(subject: dict, set_name: str, first_sets: list[str]) -> bool:
    """8 % of the (subject, style) pairs; never one that an earlier version was trained on, since versions warm-start."""
    seen_before = subject.get('since', 0) == 0 and set_name in first_sets
    return not seen_before and share_of_hash('style', subject['label'], set_name) < 0.08


def is_colour_held_out(subject: dict, word: str) -> bool:
    """12 % of the (subject, colour word) pairs of the subjects that are new in this version."""
    return subject.get('since', 0) > 0 and share_of_hash('colour', subject['label'], word) < 0.12


def drawn(listed: dict) -> tuple[list[np.ndarray], list[dict]]:
    """(pictures, records): every subject in every set that has it, as its artists drew it."""
    emojis = json.loads((ARTWORK / 'node_modules' / 'emojibase-data' / 'en' / 'data.json').read_text())
    by_label = {emoji['label']: emoji for emoji in emojis}
    sets = {name: IconSet(name) for name in listed['sets']}
    pictures, records = [], []
    first_sets = load_subjects('v0')['sets']
    for index, subject in enumerate(listed['subjects']):
        for name, icons in sets.items():
            svg = icons.svg(by_label[subject['label']])
            if svg is None:
                continue
            art = render(svg)
            word, share = art_word(art)
            held = is_held_out(subject, name, first_sets)
            pictures.append(art)
            records.append(dict(subject=index, label=subject['label'], set=name, word=word, share=share, held_out=held))
    return pictures, records


def recoloured(originals: list[np.ndarray], records: list[dict], subjects: list[dict]) -> tuple[list[np.ndarray], list[dict]]:
    """(pictures, records) of every original in every colour that it can be given; `source` is the original's row."""
    pictures, more = [], []
    for source, record in enumerate(records):
        subject = subjects[record['subject']]
        for word in () if subject['label'] in COLOUR_NAMED else TARGETS:
            if word == record['word']:
                continue
            art = recolour(originals[source], word)
            if art is not None:
                held = record['held_out'] or is_colour_held_out(subject, word)
                pictures.append(art)
                more.append({**record, 'word': word, 'source': source, 'held_out': held})
    return pictures, more


def write_data(version: str, pictures: list[np.ndarray], records: list[dict]) -> None:
    DATA.mkdir(parents=True, exist_ok=True)
    with open(DATA / f'{version}.npy', 'wb') as file:
        np.save(file, np.stack(pictures))
    write_atomically(DATA / f'{version}.json', lambda path: path.write_text(json.dumps(records)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--subjects', default='v1')
    options = parser.parse_args()
    if not (ARTWORK / 'node_modules' / 'emojibase-data').exists():
        install_packages()
    listed = load_subjects(options.subjects)
    originals, records = drawn(listed)
    variants, more = recoloured(originals, records, listed['subjects'])
    write_data(options.subjects, [*originals, *variants], records + more)
    held = sum(r['held_out'] for r in records)
    print(f'{len(listed["subjects"])} subjects, {len(originals)} pictures ({held} held out), {len(variants)} recoloured; in {HOME}')


if __name__ == '__main__':
    main()
