"""Trains a textual-inversion embedding of the starter for a theme: a new word whose vectors its text encoder reads.

    python tools/starter/train_embedding.py [--theme night] [--vectors 3] [--samples 12000]

Only the vectors are trained. The text encoder was taught to output the code of what a caption says (codes.py); here it must output,
for captions that name no scene and the new word behind them, the code of the same things in the theme's scene and place.
Minutes on one thread, resumed from HOME/runs/add-ons/<theme>.pt; the finished file is HOME/export/add-ons/<name>.safetensors.
"""

import argparse
import random
import time
from dataclasses import replace

import torch

from add_on_files import EMBEDDINGS, write_embedding
from add_on_training import SHORT
from codes import CodeBook
from components import SHIPPED, load_components
from configs import TEXT
from curriculum import curriculum_of
from home import RUNS, load_subjects
from looks import THEMES, untold
from scene import Artwork
from training import Average, Meter, Stop, load_checkpoint, one_thread, save_checkpoint, warm_stable_decay


class Word:
    """Texts with the vectors of a new word behind them: ids up to the end of the text, the vectors, the end of the text."""

    def __init__(self, parts, count: int, start: str):
        self.tokenizer, self.encoder = parts.tokenizer, parts.text_encoder
        self.table = self.encoder.get_input_embeddings()
        ids = self.tokenizer(start, add_special_tokens=False).input_ids
        self.vectors = torch.stack([self.table.weight[ids[k % len(ids)]] for k in range(count)]).clone().requires_grad_()

    def after(self, texts: list[str]) -> tuple[torch.Tensor, torch.Tensor]:
        """(what the text encoder makes of them [n, SHORT, width], which positions are behind the text [n, SHORT])."""
        how = dict(padding='max_length', max_length=SHORT, truncation=True, return_tensors='pt')
        ids = self.tokenizer(texts, **how).input_ids
        count, end = len(self.vectors), TEXT['eos_token_id']
        at = (ids == end).float().argmax(1).clamp_max(SHORT - 1 - count)[:, None]
        place = torch.arange(SHORT)[None]
        rows = torch.where((place >= at)[..., None], self.table.weight[end], self.table(ids))
        for k, vector in enumerate(self.vectors):
            rows = torch.where((place == at + k)[..., None], vector, rows)
        return through(self.encoder, rows), place >= at + count


def through(encoder, rows: torch.Tensor) -> torch.Tensor:
    """transformers' CLIPTextModel takes ids alone: the same from the rows of its table on, [n, tokens, width]."""
    model, length = getattr(encoder, 'text_model', encoder), rows.shape[1]
    hidden = rows + model.embeddings.position_embedding(torch.arange(length)[None])
    mask = torch.full((length, length), float('-inf')).triu(1)[None, None]
    for layer in model.encoder.layers:
        out = layer(hidden, mask)
        hidden = out[0] if isinstance(out, tuple) else out
    return model.final_layer_norm(hidden)


class Lessons:
    """Captions without scenes, and the codes of the same in the theme."""

    def __init__(self, theme: tuple[str, str], seed: float):
        self.subjects, self.art, self.rng = load_subjects('v2')['subjects'], Artwork.load('v2'), random.Random(seed)
        self.learned = curriculum_of('v2', self.art, self.subjects)
        self.book, self.theme = CodeBook(len(self.subjects)), theme

    def draw(self, count: int) -> tuple[list[str], torch.Tensor]:
        background, place = self.theme
        texts, codes = [], []
        while len(texts) < count:
            scene = self.learned.draw(self.rng)
            if not scene.things or scene.place:
                continue
            text, said = self.learned.describe(untold(self.art, scene), self.rng, False)
            alone = len(said.subjects) == 1 and said.count is None
            texts.append(text)
            codes.append(self.book.code(replace(said, background=background, place=(place,) if alone else ())))
        return texts, torch.stack(codes)


def code_error(word: Word, texts: list[str], codes: torch.Tensor) -> torch.Tensor:
    out, after = word.after(texts)
    return (((out - codes[:, None]).pow(2).mean(-1)) * after).sum() / after.sum()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--theme', choices=sorted(THEMES), default='night')
    parser.add_argument('--vectors', type=int, default=3)
    parser.add_argument('--start', default='bottom night sky', help='words whose vectors it starts from')
    parser.add_argument('--samples', type=int, default=12_000)
    parser.add_argument('--batch', type=int, default=34)
    parser.add_argument('--rate', type=float, default=2e-2)
    options = parser.parse_args()
    one_thread()
    torch.manual_seed(0)
    lessons, parts = Lessons(THEMES[options.theme], 1), load_components(SHIPPED)
    word = Word(parts, options.vectors, options.start)
    optimizer = torch.optim.Adam([word.vectors], options.rate)
    average, seen, path = Average([word.vectors], 0.99), 0, RUNS / 'add-ons' / f'{options.theme}.pt'
    if state := load_checkpoint(path):
        word.vectors.data.copy_(state['vectors'])
        optimizer.load_state_dict(state['optimizer'])
        average.load(state['average'])
        seen = state['seen']
    kept = lambda: dict(vectors=word.vectors.data, optimizer=optimizer.state_dict(), average=average.state(), seen=seen)
    stop, meter, saved, half = Stop(), Meter(20), time.time(), options.samples // 2
    while seen < options.samples and not stop:
        loss = code_error(word, *lessons.draw(options.batch))
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        factor = warm_stable_decay(seen, start=0, warm=1000, cool_from=half if seen > half else None, cool=half)
        for group in optimizer.param_groups:
            group['lr'] = options.rate * factor
        optimizer.step()
        average.update()
        seen += options.batch
        meter.add(loss.item(), options.batch, f'{seen} captions')
        if time.time() - saved > 60:
            save_checkpoint(path, kept())
            saved = time.time()
    save_checkpoint(path, kept())
    average.swap()
    print(write_embedding(options.theme, word.vectors))


if __name__ == '__main__':
    main()
