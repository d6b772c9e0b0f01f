"""Whether a rounded starter still paints what is asked: its pictures beside those of the float weights, same prompts, same seed.

    python tools/quantisation/concepts.py COUNT MODEL ROUNDED...    the first COUNT subjects; folders in the diffusers layout,
                                                                   ROUNDED by unpack.py

Needs the artwork of tools/starter/data.py. No classifier: a picture counts as right when the artwork nearest to it at 32x32
pixels shows the subject asked for.
"""

import sys
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "starter"))

from components import load_components, picture_psnr  # noqa: E402
from home import load_subjects  # noqa: E402
from measures import Setting, hits, nearest_subjects, percent, shuffled_hits  # noqa: E402
from scene import Artwork, Painter  # noqa: E402

SEED = 7


def main(count: int, folders: list[Path]) -> None:
    torch.set_num_threads(1)
    art = Artwork.load("v1")
    painter, everything = Painter(art), load_subjects("v1")["subjects"]
    plain = None
    print("| weights | top-1 | top-5 | PSNR against float |\n| --- | --- | --- | --- |")
    for folder in folders:
        setting = Setting(load_components(folder), load_subjects("v1"), art, painter, None, everything)
        subjects = setting.subjects[:count]
        pictures = setting.make([setting.names[k] for k in subjects], SEED)
        plain = pictures if plain is None else plain
        ranked = nearest_subjects(setting, pictures)
        top1, top5 = hits(ranked, subjects)
        psnr = "" if plain is pictures else f"{picture_psnr(plain, pictures).median():.1f} dB"
        print(f"| {folder.name} ({len(pictures)}) | {percent(top1)} | {percent(top5)} | {psnr} |", flush=True)
    print("| chance |", " | ".join(percent(value) for value in shuffled_hits(ranked, subjects)), "| |")


if __name__ == "__main__":
    main(int(sys.argv[1]), [Path(argument) for argument in sys.argv[2:]])
