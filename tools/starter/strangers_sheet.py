"""A sheet of pictures with their prompts and what the page said of them.

    npm run generate -- --prompts tools/starter/strangers.txt --out-dir DIR --seed 7 --provider wasm
    python tools/starter/strangers_sheet.py DIR docs/starter/strangers-read.webp

The words under each picture are those of the app's own reader (read_prompts.mjs).
"""

import argparse
import json
import subprocess
import textwrap
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from home import HERE

CELL, GAP, TEXT, COLUMNS = 160, 8, 76, 8
FONTS = ('/usr/share/fonts/truetype/noto/NotoSansCJK-Regular.ttc', '/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf')


def said(answer: dict) -> str:
    if answer['unknown']:
        near = ', '.join(answer['nearest'])
        return 'KNOWS NOTHING OF IT' + (f' (near: {near})' if near else '')
    if answer['draws'] == answer['prompt']:
        return ''
    return f'Drawn as: {answer["draws"]}' + (f'. Left out: {", ".join(answer["leftOut"])}' if answer['leftOut'] else '')


def readings(prompts: Path) -> list[dict]:
    """What the app's reader says of each line."""
    line = ['node', str(HERE / 'read_prompts.mjs'), str(prompts)]
    return json.loads(subprocess.run(line, check=True, capture_output=True, text=True).stdout)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('pictures', type=Path)
    parser.add_argument('out', type=Path)
    parser.add_argument('--prompts', type=Path, default=HERE / 'strangers.txt')
    options = parser.parse_args()
    answers = readings(options.prompts)
    font = next((ImageFont.truetype(path, 10) for path in FONTS if Path(path).exists()), ImageFont.load_default())
    rows = -(-len(answers) // COLUMNS)
    sheet = Image.new('RGB', (COLUMNS * (CELL + GAP), rows * (CELL + TEXT)), (150, 150, 150))
    draw = ImageDraw.Draw(sheet)
    for k, answer in enumerate(answers):
        x, y = k % COLUMNS * (CELL + GAP), k // COLUMNS * (CELL + TEXT)
        picture = Image.open(options.pictures / f'{k + 1:03d}.png').convert('RGB').resize((CELL, CELL), Image.BICUBIC)
        draw.rectangle((x, y, x + CELL - 1, y + CELL + TEXT - GAP), fill='white')
        sheet.paste(picture, (x, y))
        lines = textwrap.wrap(f'{k + 1} {answer["prompt"]}', 28) + textwrap.wrap(said(answer), 28)
        draw.text((x + 4, y + CELL), '\n'.join(lines[:5]), fill='black', font=font, spacing=2)
    sheet.save(options.out, quality=85)


if __name__ == '__main__':
    main()
