"""What every training loop shares: moving averages, the learning rate, checkpoints that survive an interruption, speed."""

import os
import signal
import time
from pathlib import Path

import torch

from home import write_atomically


class Average:
    """Exponential moving average of a list of parameters, quicker at first so that early checkpoints are usable."""

    def __init__(self, parameters: list[torch.Tensor], decay: float):
        self.live, self.decay, self.updates = parameters, decay, 0
        self.kept = [p.detach().clone() for p in parameters]

    @torch.no_grad()
    def update(self) -> None:
        self.updates += 1
        decay = min(self.decay, self.updates / (10 + self.updates))
        torch._foreach_lerp_(self.kept, [p.detach() for p in self.live], 1 - decay)

    @torch.no_grad()
    def swap(self) -> None:
        """Exchanges live and averaged values: call before and after using the average."""
        for p, kept in zip(self.live, self.kept):
            live = p.detach().clone()
            p.copy_(kept)
            kept.copy_(live)

    def state(self) -> dict:
        return {'kept': self.kept, 'updates': self.updates}

    @torch.no_grad()
    def load(self, state: dict) -> None:
        self.updates = state['updates']
        for kept, saved in zip(self.kept, state['kept'], strict=True):
            kept.copy_(saved)


def warm_stable_decay(seen: int, *, start: int, warm: int, cool_from: int | None, cool: int) -> float:
    """Factor of the learning rate after `seen` samples: linear warm-up from `start`, flat, then linear to 1 % while cooling.

    A run without an end stays flat, so it can be interrupted and continued at will; a cooled copy of it is what ships.
    """
    rise = min(1.0, (seen - start + 1) / max(1, warm))
    if cool_from is None:
        return rise
    return rise * max(0.01, 1 - (seen - cool_from) / cool)


def by_the_clock(spent: float, whole: float, *, warm: float = 0.02, cool: float = 0.6) -> float:
    """Factor of the learning rate after `spent` of `whole` seconds: shares of them for a linear rise and a linear fall to 0."""
    share = spent / whole
    return max(0.0, min(1.0, share / warm) * min(1.0, (1 - share) / cool))


class Stop:
    """True once SIGTERM or SIGINT arrived or a deadline has passed; loops then save and end."""

    def __init__(self, minutes: float | None = None):
        self.asked = False
        self.deadline = time.time() + 60 * minutes if minutes else None
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._ask)

    def _ask(self, *_) -> None:
        self.asked = True

    def __bool__(self) -> bool:
        return self.asked or (self.deadline is not None and time.time() > self.deadline)


def save_checkpoint(path: Path, state: dict) -> None:
    write_atomically(path, lambda temporary: torch.save(state, temporary))


def load_checkpoint(path: Path, device: str = 'cpu') -> dict | None:
    return torch.load(path, map_location=device, weights_only=True) if path.exists() else None


class Meter:
    """Prints the mean of the last values and the speed, every `every` seconds."""

    def __init__(self, every: float = 60):
        self.every, self.values, self.start, self.count = every, [], time.time(), 0

    def add(self, value: float, samples: int, note: str) -> None:
        self.values.append(value)
        self.count += samples
        elapsed = time.time() - self.start
        if elapsed >= self.every:
            mean = sum(self.values) / len(self.values)
            print(f'{time.strftime("%H:%M")} loss {mean:.4f}  {self.count / elapsed:.1f} samples/s  {note}', flush=True)
            self.values, self.start, self.count = [], time.time(), 0


def device_of(name: str) -> str:
    return ('cuda' if torch.cuda.is_available() else 'cpu') if name == 'auto' else name


def half_where_fast(device: str) -> torch.autocast:
    """bfloat16 arithmetic, except on a CPU without instructions for it, where it would be many times slower."""
    fast = device != 'cpu' or torch.cpu.get_capabilities().get('avx512_bf16', False)
    return torch.autocast(device, dtype=torch.bfloat16, enabled=fast)


def one_thread() -> None:
    """On CPU one thread per process is fastest at this size; more processes, not more threads."""
    os.environ.setdefault('OMP_NUM_THREADS', '1')
    torch.set_num_threads(1)
