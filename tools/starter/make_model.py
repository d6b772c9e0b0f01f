"""Makes a starter model from nothing but npm packages: data, text encoder, autoencoder, U-Net, export, checks, measures.

    python tools/starter/make_model.py [--run v1] [--samples 950000] [--cool 850000] [--out DIR]

Every step resumes where it was interrupted and is skipped once it is done, so after any interruption give the same command
again. On CUDA the loops take large batches on one process; on CPU one one-thread process for each core.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

import torch

from home import DATA, HERE, HOME, RUNS
from training import load_checkpoint


def command(script: str, *arguments: object) -> None:
    line = [sys.executable, str(HERE / script), *map(str, arguments)]
    print('+', ' '.join([script, *map(str, arguments)]), flush=True)
    subprocess.run(line, check=True, env=os.environ | {'OMP_NUM_THREADS': '1'})


def cooled(path: Path, cool: int, samples: int) -> bool:
    """Whether the cooled copy is finished and was made from a run at least so long."""
    state = load_checkpoint(path)
    return state is not None and state['cool_from'] >= samples and state['seen'] >= state['cool_from'] + cool


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--run', default='v1')
    parser.add_argument('--subjects', default='v1')
    parser.add_argument('--images', type=int, default=90_000, help='for the decoder')
    parser.add_argument('--samples', type=int, default=950_000, help='for the U-Net at a constant rate')
    parser.add_argument('--cool', type=int, default=850_000, help='and while the rate falls')
    parser.add_argument('--fresh', action='store_true', help='start from random weights instead of the shipped model')
    parser.add_argument('--out', type=Path, help='the finished model; HOME/export/<run> unless given')
    options = parser.parse_args()
    cuda, folder = torch.cuda.is_available(), RUNS / options.run
    out = options.out or HOME / 'export' / options.run
    of_run = ('--run', options.run, '--subjects', options.subjects)
    start = ('--fresh',) if options.fresh else ()
    speed = ('--batch', 1024, '--workers', 8) if cuda else ('--processes', os.cpu_count())
    if not (DATA / f'{options.subjects}.json').exists():
        command('data.py', '--subjects', options.subjects)
    if not (folder / 'text_encoder').exists():
        command('train_text.py', *of_run)
    command('train_autoencoder.py', *of_run, *start, '--images', options.images, *(('--batch', 64) if cuda else ()))
    command('train_diffusion.py', *of_run, *start, '--samples', options.samples, *speed)
    if not cooled(folder / 'diffusion-cooled.pt', options.cool, options.samples):
        command('train_diffusion.py', *of_run, '--cool', options.cool, *speed)
    command('export.py', '--run', options.run, '--out', out)
    command('latent_rgb.py', '--model', out, '--subjects', HERE / f'subjects-{options.subjects}.json')
    command('examples.py', '--model', out)
    command('verify.py', '--model', out, '--reference', out / 'reference.json')
    command('evaluate.py', '--model', out, '--subjects', options.subjects, '--name', options.run, '--out', out)
    print(f'{out}: look at its grids and figures; `node tools/ship-starter.mjs {out}` puts it into the app')


if __name__ == '__main__':
    main()
