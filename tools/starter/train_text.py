"""Makes the tokenizer and trains the text encoder, alone and before the U-Net: a few minutes.

    python tools/starter/train_text.py [--run v1] [--subjects v1] [--from MODEL] [--samples 400000]

Every position from the end of the text on must output the code of what the caption says (codes.py). Trained jointly with the
U-Net instead, a small model learned no conditioning at all: most of the 77 tokens are padding and drown the words.
Resumes HOME/runs/<run>/text.pt; the finished encoder is written to HOME/runs/<run>/{tokenizer,text_encoder}.
"""

import argparse
import json
import random
import shutil
import time
from pathlib import Path

import torch

from codes import CodeBook
from configs import TEXT, TOKENS
from curriculum import curriculum_of
from home import ARTWORK, RUNS, load_subjects
from scene import Artwork
from training import Meter, Stop, device_of, half_where_fast, load_checkpoint, one_thread, save_checkpoint, warm_stable_decay
from tokenizer import write_tokenizer

FULL = 0.2  # share of the batches with all 77 positions; captions fit into fewer


def all_artwork(version: str) -> Artwork:
    """Held-out pictures too: only the U-Net must not see them, the words are common property."""
    art = Artwork.load(version)
    art.trainable = art.originals()
    art.variants = {}
    for row, record in enumerate(art.records):
        if 'source' in record:
            art.variants.setdefault(record['source'], []).append(row)
    return art


class Captions:
    """Random captions as token ids with the codes they must become."""

    def __init__(self, version: str, seed: float):
        self.subjects = load_subjects(version)['subjects']
        self.curriculum = curriculum_of(version, all_artwork(version), self.subjects)
        self.rng = random.Random(seed)

    def texts(self, count: int) -> list[tuple[str, object]]:
        draw = lambda: self.curriculum.describe(self.curriculum.draw(self.rng), self.rng, True)
        return [('', None) if self.rng.random() < 0.03 else draw() for _ in range(count)]


def general_words() -> list[str]:
    """Names of all emoji: so that words the model does not know stay a few tokens long."""
    emojis = json.loads((ARTWORK / 'node_modules' / 'emojibase-data' / 'en' / 'data.json').read_text())
    return [emoji['label'].lower() for emoji in emojis]


def batch_of(captions: Captions, tokenizer, book: CodeBook, count: int, length: int, device: str):
    drawn = captions.texts(count)
    ids = tokenizer(
        [text for text, _ in drawn], padding='max_length', max_length=length, truncation=True, return_tensors='pt'
    ).input_ids.to(device)
    return ids, torch.stack([book.code(said) for _, said in drawn])


def code_error(encoder, ids: torch.Tensor, codes: torch.Tensor) -> torch.Tensor:
    """Mean squared error over the end-of-text token and all after it."""
    out = encoder(ids).last_hidden_state.float()
    end = (ids == TEXT['eos_token_id']).float().argmax(1)
    after = (torch.arange(ids.shape[1], device=ids.device) >= end[:, None]).float()
    return ((out - codes[:, None]).pow(2).mean(-1) * after).sum() / after.sum()


@torch.no_grad()
def understood(encoder, tokenizer, book: CodeBook, subjects: list[dict], device: str) -> float:
    """Share of the canonical names whose own code is the nearest of all subjects' codes, at the last position."""
    names = [subject['names'][0] for subject in subjects]
    ids = tokenizer(names, padding='max_length', max_length=TOKENS, truncation=True, return_tensors='pt').input_ids
    out = torch.cat([encoder(part.to(device)).last_hidden_state[:, -1] for part in ids.split(64)])
    nearest = (out @ book.subjects.T).argmax(1)
    return (nearest == torch.arange(len(names), device=device)).float().mean().item()


def new_encoder(start: Path | None):
    from transformers import CLIPTextConfig, CLIPTextModel

    if start:
        return CLIPTextModel.from_pretrained(start / 'text_encoder', dtype=torch.float32)
    encoder = CLIPTextModel(CLIPTextConfig(**TEXT))
    for name, parameter in encoder.named_parameters():
        if 'embedding' in name:
            torch.nn.init.normal_(parameter, std=0.15 if 'token' in name else 0.05)
    return encoder


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--run', default='v1')
    parser.add_argument('--subjects', default='v1')
    parser.add_argument('--from', dest='start', type=Path, help='model whose tokenizer and text encoder a new run starts from')
    parser.add_argument('--samples', type=int, default=400_000)
    parser.add_argument('--batch', type=int, default=96)
    parser.add_argument('--rate', type=float, default=1.5e-3)
    parser.add_argument('--device', default='auto')
    options = parser.parse_args()
    from transformers import CLIPTokenizer

    one_thread()
    device, folder = device_of(options.device), RUNS / options.run
    captions = Captions(options.subjects, time.time())
    if not (folder / 'tokenizer' / 'merges.txt').exists() and options.start:
        shutil.copytree(options.start / 'tokenizer', folder / 'tokenizer')
    if not (folder / 'tokenizer' / 'merges.txt').exists():
        texts = [text for text, _ in Captions(options.subjects, 0).texts(12_000)]
        write_tokenizer(folder / 'tokenizer', texts + general_words())
    tokenizer = CLIPTokenizer.from_pretrained(folder / 'tokenizer')
    torch.manual_seed(0)
    encoder = new_encoder(options.start).to(device)
    book = CodeBook(len(captions.subjects), device)
    optimizer = torch.optim.AdamW(encoder.parameters(), options.rate, betas=(0.9, 0.99), weight_decay=1e-3, foreach=True)
    seen, path = 0, folder / 'text.pt'
    if state := load_checkpoint(path, device):
        encoder.load_state_dict(state['encoder'])
        optimizer.load_state_dict(state['optimizer'])
        seen = state['seen']
    save = lambda: save_checkpoint(
        path, dict(encoder=encoder.state_dict(), optimizer=optimizer.state_dict(), seen=seen)
    )
    stop, meter, half, saved = Stop(), Meter(20), options.samples // 2, time.time()
    short = captions.curriculum.short
    while seen < options.samples and not stop:
        full = captions.rng.random() < FULL
        ids, codes = batch_of(
            captions, tokenizer, book, options.batch // (3 if full else 1), TOKENS if full else short, device
        )
        factor = warm_stable_decay(seen, start=0, warm=5000, cool_from=half if seen > half else None, cool=half)
        for group in optimizer.param_groups:
            group['lr'] = options.rate * factor
        with half_where_fast(device):
            loss = code_error(encoder, ids, codes)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(encoder.parameters(), 1.0)
        optimizer.step()
        seen += len(ids)
        meter.add(loss.item(), len(ids), f'{seen} captions')
        if time.time() - saved > 120:
            save()
            saved = time.time()
    save()
    if seen < options.samples:
        raise SystemExit(f'stopped after {seen} captions; the same command goes on')
    encoder.save_pretrained(folder / 'text_encoder')
    with torch.no_grad():
        errors = [code_error(encoder, *batch_of(captions, tokenizer, book, 128, n, device)).item() for n in (short, TOKENS)]
    share = understood(encoder, tokenizer, book, captions.subjects, device)
    print(f'{seen} captions; code error {errors[0]:.4f} at {short} tokens, {errors[1]:.4f} at {TOKENS}; names understood {share:.3f}')


if __name__ == '__main__':
    main()
