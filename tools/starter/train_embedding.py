"""Trains a textual-inversion embedding of the starter for a colour theme of looks.py: a new word whose vectors the text encoder reads.

    python tools/starter/train_embedding.py [--look gold] [--vectors 2] [--samples 30000]

Only the vectors are trained; text encoder and U-Net stay as they are. Resumes HOME/runs/add-ons/<look>.pt; the finished file is
HOME/export/add-ons/<name>.safetensors.
"""

import argparse
import time

import torch

from add_on_files import EMBEDDINGS, write_embedding
from add_on_training import Frozen, batches, lengthened
from configs import TEXT
from home import RUNS
from looks import THEMES
from pools import PoolOf, load_pool
from training import Average, Meter, Stop, load_checkpoint, one_thread, save_checkpoint, warm_stable_decay


class Word:
    """Texts with the vectors of a new word behind them: ids up to the end of the text, the vectors, the end of the text."""

    def __init__(self, frozen: Frozen, count: int, start: str):
        self.frozen, self.encoder = frozen, frozen.parts.text_encoder
        self.table = self.encoder.get_input_embeddings()
        ids = frozen.parts.tokenizer(start, add_special_tokens=False).input_ids
        self.vectors = torch.stack([self.table.weight[ids[k % len(ids)]] for k in range(count)]).clone().requires_grad_()

    def text(self, texts: list[str]) -> torch.Tensor:
        """[n, 77, width]: what the text encoder makes of them."""
        ids = self.frozen.ids(texts)
        count, end = len(self.vectors), TEXT['eos_token_id']
        at = (ids == end).float().argmax(1).clamp_max(ids.shape[1] - 1 - count)
        rows = self.table(ids)
        place = torch.arange(ids.shape[1])[None]
        rows = torch.where((place >= at[:, None])[..., None], self.table.weight[end], rows)
        for k, vector in enumerate(self.vectors):
            rows = torch.where((place == at[:, None] + k)[..., None], vector, rows)
        return lengthened(through(self.encoder, rows))


def through(encoder, rows: torch.Tensor) -> torch.Tensor:
    """transformers' CLIPTextModel takes ids alone: the same after the table of tokens."""
    model = getattr(encoder, 'text_model', encoder)
    places = torch.arange(rows.shape[1])[None]
    hidden = rows + model.embeddings.position_embedding(places)
    length = rows.shape[1]
    mask = torch.full((length, length), float('-inf')).triu(1)[None, None]
    for layer in model.encoder.layers:
        out = layer(hidden, mask)
        hidden = out[0] if isinstance(out, tuple) else out
    return model.final_layer_norm(hidden)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--look', choices=sorted(EMBEDDINGS), default='gold')
    parser.add_argument('--vectors', type=int, default=2)
    parser.add_argument('--start', default='yellow black', help='words whose vectors it starts from')
    parser.add_argument('--samples', type=int, default=30_000)
    parser.add_argument('--pool', type=int, default=4096)
    parser.add_argument('--batch', type=int, default=64)
    parser.add_argument('--rate', type=float, default=1e-2)
    options = parser.parse_args()
    one_thread()
    torch.manual_seed(0)
    frozen = Frozen()
    pool = load_pool(PoolOf(options.look, options.pool, theme=THEMES[options.look]), frozen.coder)
    word = Word(frozen, options.vectors, options.start)
    with torch.no_grad():  # the way by rows is the way by ids
        ids = frozen.ids(['a red cat'])
        assert torch.allclose(through(word.encoder, word.table(ids)), word.encoder(ids).last_hidden_state, atol=1e-4)
    optimizer = torch.optim.Adam([word.vectors], options.rate)
    average, seen, path = Average([word.vectors], 0.99), 0, RUNS / 'add-ons' / f'{options.look}.pt'
    if state := load_checkpoint(path):
        word.vectors.data.copy_(state['vectors'])
        optimizer.load_state_dict(state['optimizer'])
        average.load(state['average'])
        seen = state['seen']
    kept = lambda: dict(vectors=word.vectors.data, optimizer=optimizer.state_dict(), average=average.state(), seen=seen)
    stop, meter, saved, half = Stop(), Meter(30), time.time(), options.samples // 2
    named = [k for k, text in enumerate(pool['texts']) if text]  # without a word there is no word to learn
    for chosen in batches(len(named), options.batch):
        if seen >= options.samples or stop:
            break
        rows = [named[k] for k in chosen]
        loss = frozen.loss(pool['latents'][rows].float(), word.text([pool['texts'][k] for k in rows]))
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        factor = warm_stable_decay(seen, start=0, warm=1000, cool_from=half if seen > half else None, cool=half)
        for group in optimizer.param_groups:
            group['lr'] = options.rate * factor
        optimizer.step()
        average.update()
        seen += len(rows)
        meter.add(loss.item(), len(rows), f'{seen} seen')
        if time.time() - saved > 60:
            save_checkpoint(path, kept())
            saved = time.time()
    save_checkpoint(path, kept())
    average.swap()
    print(write_embedding(options.look, word.vectors))


if __name__ == '__main__':
    main()
