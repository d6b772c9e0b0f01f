"""Trains a LoRA of the starter for a look of looks.py, and writes it as an ordinary .safetensors with kohya's names.

    python tools/starter/train_lora.py [--look ink] [--samples 32000] [--rank 4]

Resumes HOME/runs/add-ons/<look>.pt; the finished file is HOME/export/add-ons/<name>.safetensors. Some ten minutes of one core.
"""

import argparse
import time

import torch

from add_on_files import LORAS, write_lora
from add_on_training import Frozen, batches
from home import RUNS
from looks import LOOKS
from lora import Lora
from pools import PoolOf, load_pool
from training import Average, Meter, Stop, load_checkpoint, one_thread, save_checkpoint, warm_stable_decay


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--look', choices=sorted(LORAS), default='ink')
    parser.add_argument('--samples', type=int, default=32_000)
    parser.add_argument('--pool', type=int, default=8192, help='different scenes')
    parser.add_argument('--rank', type=int, default=4)
    parser.add_argument('--batch', type=int, default=64)
    parser.add_argument('--rate', type=float, default=2e-3)
    options = parser.parse_args()
    one_thread()
    torch.manual_seed(0)
    frozen = Frozen()
    pool = load_pool(PoolOf(options.look, options.pool, LOOKS[options.look]), frozen.coder)
    lora = Lora(frozen.parts.unet, options.rank)
    parameters = list(lora.parameters())
    optimizer = torch.optim.AdamW(parameters, options.rate, betas=(0.9, 0.99), weight_decay=1e-2, foreach=True)
    average, seen, path = Average(parameters, 0.998), 0, RUNS / 'add-ons' / f'{options.look}.pt'
    if state := load_checkpoint(path):
        lora.load_state_dict(state['lora'])
        optimizer.load_state_dict(state['optimizer'])
        average.load(state['average'])
        seen = state['seen']
    kept = lambda: dict(lora=lora.state_dict(), optimizer=optimizer.state_dict(), average=average.state(), seen=seen)
    stop, meter, saved, half = Stop(), Meter(30), time.time(), options.samples // 2
    for chosen in batches(len(pool['texts']), options.batch):
        if seen >= options.samples or stop:
            break
        loss = frozen.loss(pool['latents'][chosen].float(), frozen.text([pool['texts'][k] for k in chosen]))
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        factor = warm_stable_decay(seen, start=0, warm=2000, cool_from=half if seen > half else None, cool=half)
        for group in optimizer.param_groups:
            group['lr'] = options.rate * factor
        optimizer.step()
        average.update()
        seen += len(chosen)
        meter.add(loss.item(), len(chosen), f'{seen} seen')
        if time.time() - saved > 60:
            save_checkpoint(path, kept())
            saved = time.time()
    save_checkpoint(path, kept())
    average.swap()
    print(write_lora(options.look, lora.tensors(), seen))


if __name__ == '__main__':
    main()
