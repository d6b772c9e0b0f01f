"""Trains a version in the background at the lowest priority, on one thread: start, pause, go on, stop and look at it.

    python tools/starter/background.py start [--run v2] [--subjects v2]   # or go on after a stop; survives the terminal
    python tools/starter/background.py pause | go-on | stop | status [--run v2]

Every step resumes where it was interrupted: pictures, text encoder (from the shipped model's), autoencoder (the shipped one),
U-Net (from the shipped model's, at a constant rate, without end). Log and process id: HOME/runs/<run>/background.{log,pid}.
"""

import argparse
import os
import signal
import subprocess
import sys
from pathlib import Path

import torch

from components import SHIPPED
from home import DATA, HERE, RUNS, pictures_of
from training import load_checkpoint

LOWEST = ('nice', '-n', '19', 'ionice', '-c', '3')


def steps(run: str, subjects: str, text_samples: int) -> list[tuple[str, ...]]:
    """The commands that are left, the endless one last."""
    folder, of_run = RUNS / run, ('--run', run, '--subjects', subjects)
    wanted = []
    if not (DATA / f'{pictures_of(subjects)}.json').exists():
        wanted.append(('data.py', '--subjects', pictures_of(subjects)))
    if not (folder / 'text_encoder' / 'model.safetensors').exists():
        wanted.append(('train_text.py', *of_run, '--from', str(SHIPPED), '--samples', str(text_samples)))
    if not (folder / 'autoencoder.pt').exists():
        wanted.append(('train_autoencoder.py', *of_run, '--images', '0'))
    return [*wanted, ('train_diffusion.py', *of_run)]


def work(run: str, subjects: str, text_samples: int) -> None:
    """In the background process: one step after the other; the signal to stop reaches the step, which saves."""
    for script, *arguments in steps(run, subjects, text_samples):
        print('+', script, *arguments, flush=True)
        done = subprocess.run([sys.executable, '-u', str(HERE / script), *arguments])
        if done.returncode:
            raise SystemExit(f'{script} ended with {done.returncode}; `background.py start` goes on')


def alive(path: Path) -> int | None:
    """The process group that the file names, if it still runs this script."""
    if not path.exists():
        return None
    number = int(path.read_text())
    try:
        line = Path(f'/proc/{number}/cmdline').read_bytes()
    except FileNotFoundError:
        return None
    return number if b'background.py' in line else None


def start(options, path: Path) -> str:
    if number := alive(path):
        return f'already running as {number}'
    path.parent.mkdir(parents=True, exist_ok=True)
    log = open(path.with_suffix('.log'), 'a')
    line = [*LOWEST, sys.executable, str(HERE / 'background.py'), 'work', '--run', options.run, '--subjects', options.subjects]
    line += ['--text-samples', str(options.text_samples)]
    begun = subprocess.Popen(
        line, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, env=os.environ | {'OMP_NUM_THREADS': '1'}
    )
    path.write_text(str(begun.pid))
    return f'started as {begun.pid}; its log is {log.name}'


def status(options, number: int | None) -> str:
    folder = RUNS / options.run
    lines = [f'running as {number}' if number else 'not running']
    for name in ('text.pt', 'autoencoder.pt', 'diffusion.pt', 'diffusion-cooled.pt'):
        if state := load_checkpoint(folder / name):
            lines.append(f'{name}: {state["seen"]} seen')
    log = folder / 'background.log'
    return '\n'.join(lines + (log.read_text().splitlines()[-3:] if log.exists() else []))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('what', choices=('start', 'pause', 'go-on', 'stop', 'status', 'work'))
    parser.add_argument('--run', default='v2')
    parser.add_argument('--subjects', default='v2')
    parser.add_argument('--text-samples', type=int, default=600_000, help='captions for the text encoder')
    options = parser.parse_args()
    path = RUNS / options.run / 'background.pid'
    if options.what == 'work':
        torch.set_num_threads(1)
        work(options.run, options.subjects, options.text_samples)
    elif options.what == 'start':
        print(start(options, path))
    elif options.what == 'status':
        print(status(options, alive(path)))
    elif number := alive(path):
        # A session of its own is a process group of its own: the signal reaches this script and the step that it runs.
        os.killpg(number, {'pause': signal.SIGSTOP, 'go-on': signal.SIGCONT, 'stop': signal.SIGTERM}[options.what])
        print(f'{options.what}: sent to {number}')
    else:
        print('not running')


if __name__ == '__main__':
    main()
