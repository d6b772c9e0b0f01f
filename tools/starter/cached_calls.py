"""Shallow calls (DeepCache), calls without the way down (Faster Diffusion) and the forecasts of "Speed", on the starter, at the work of each.

    python tools/starter/cached_calls.py [--prompts 24] [--steps 20,30,50] [--samplers euler,dpmpp_2m,euler_ancestral] [--judge]

Prints tables: the multiply-adds made, of those of all calls, and PSNR to the picture of all calls; with --judge also whether colours and backgrounds
are right (measures.py). Work counts the U-Net's multiply-adds alone (unet_stations.py). A way is a word a step: F a whole call, S a shallow one,
U one without the way down, P a forecast as src/core/speed makes it, corrected by every answer after it.
"""

import argparse
from pathlib import Path

import numpy as np
import torch

from colours import BACKGROUNDS, HUES
from components import decode, encode_prompts, load_components, picture_psnr
from golden_picture import CFG, sampling, sgm_uniform
from measures import BACKGROUND_OBJECTS, COLOUR_OBJECTS, background_of, colour_of
from unet_stations import Stations, shares

SEED = 7
# share, last, slope, gives way: src/core/speed/table.ts
SPEEDS = {'fast': (0.55, 2, 0.5, False), 'faster': (0.34, 1, 0.0, True)}
SWINGS_BELOW = 30


class Stop(Exception):
    pass


def made_steps(steps: int, speed: str) -> list[int]:
    share, last, _, gives_way = SPEEDS[speed]
    spread, end = int(share * steps) - last, steps - last
    early = gives_way and steps < SWINGS_BELOW
    even = np.floor(np.linspace(0, end, spread + 1) + (0 if early else 0.5)).astype(int)
    return sorted({*even.tolist(), *range(end, steps)})


class Run:
    """Many prompts at once through one of k-diffusion's samplers."""

    def __init__(self, parts, prompts, steps: int, sampler: str):
        self.stations, self.steps, self.count = Stations(parts.unet), steps, len(prompts)
        self.sigmas, self.times = sgm_uniform(parts.scheduler.alphas_cumprod.float(), steps)
        self.text = torch.cat([encode_prompts(parts, prompts), encode_prompts(parts, ['']).expand(len(prompts), -1, -1)])
        generator = torch.Generator('cpu').manual_seed(SEED)
        draw = lambda: torch.randn((1, *parts.latent_shape), generator=generator).expand(len(prompts), -1, -1, -1)
        self.start = draw() * self.sigmas[0]
        self.noises = [draw() for _ in range(steps)]
        self.sampler = sampler
        self.cells = parts.latent_shape[1] * parts.latent_shape[2]

    def sample(self, model):
        drawn = iter(self.noises)
        extra = {'noise_sampler': lambda *_: next(drawn)} if 'ancestral' in self.sampler else {}
        call = {'k': -1}

        def counted(x, sigma, **_):
            call['k'] += 1
            return model(x, call['k'])

        return getattr(sampling, f'sample_{self.sampler}')(counted, self.start, self.sigmas, disable=True, **extra)

    def ask(self, x, k: int, network):
        """Guided x0; `network(x, t, text)` is the U-Net or a part of it, and gives v."""
        sigma = self.sigmas[k]
        total = sigma**2 + 1
        v = network((x / total.sqrt()).repeat(2, 1, 1, 1), self.times[k].expand(2 * self.count), self.text)
        v = v[self.count :] + CFG * (v[: self.count] - v[self.count :])
        return x / total - v * sigma / total.sqrt()

    def asked(self, way: str, depth: int, grows: float):
        """A function that answers step k as the way's word says. `grows`: how far what a shallow call takes follows its last change."""
        kept: list[tuple[int, dict]] = []

        def whole(x, t, text, k):
            out, found = self.stations.whole(x, t, text)
            kept.append((k, found))
            return out

        def inner(k):
            at, last = kept[-1]
            if grows == 0 or len(kept) < 2:
                return last['deep'][depth]
            before_at, before = kept[-2]
            return last['deep'][depth] + grows * (k - at) / (at - before_at) * (last['deep'][depth] - before['deep'][depth])

        def answer(x, k):
            if way[k] == 'F':
                return self.ask(x, k, lambda *given: whole(*given, k))
            if way[k] == 'S':
                return self.ask(x, k, lambda *given: self.stations.shallow(*given, inner(k), depth))
            return self.ask(x, k, lambda *given: self.stations.without_down(*given, kept[-1][1]))

        return answer

    @torch.no_grad()
    def paint(self, way: str, depth=1, grows=0.0, slope=0.0, gives_way=False):
        """Latents. Where the way has a P, what was answered before is gone through again after each answer, as "Speed" does."""
        answer = self.asked(way, depth, grows)
        if 'P' not in way:
            return self.sample(answer)
        known: dict[int, torch.Tensor] = {}
        told: dict[int, torch.Tensor] = {}
        for step in [*(k for k, word in enumerate(way) if word != 'P'), None]:
            back = self.pushes_back(known, told) if gives_way and self.steps < SWINGS_BELOW else None

            def model(x, k, step=step, back=back):
                if k == step:
                    known[k], told[k] = answer(x, k), self.told(x, k)
                    raise Stop
                given = placed(known, k, slope)
                return given if back is None else given + back * (self.told(x, k) - placed(told, k, slope))

            try:
                return self.sample(model)
            except Stop:
                continue
        raise AssertionError('a run ends')

    def told(self, x, k: int):
        return x.mean((2, 3), keepdim=True) * self.cells / (self.cells + self.sigmas[k] ** 2)

    def pushes_back(self, known, told):
        """[n, 1, 1, 1], of each picture: src/core/speed/feedback.ts"""
        steps = sorted(known)
        if len(steps) < 2:
            return torch.full((self.count, 1, 1, 1), -min(2.0, 2 / 3 * (CFG - 1)))
        runs = torch.stack([told[b] - told[a] for a, b in zip(steps, steps[1:])])
        rises = torch.stack([(known[b] - known[a]).mean((2, 3), keepdim=True) for a, b in zip(steps, steps[1:])])
        return ((runs * rises).sum((0, 2, 3, 4)) / (runs**2).sum((0, 2, 3, 4))).clamp(-min(3.0, CFG - 1), 0)[:, None, None, None]


def placed(known, k: int, slope: float):
    """Between two answers on their line, behind the last with a share of its slope."""
    steps = sorted(known)
    before, after = [s for s in steps if s <= k], [s for s in steps if s > k]
    a = before[-1]
    if after:
        b = after[0]
        return known[a] + (k - a) / (b - a) * (known[b] - known[a])
    if len(before) < 2 or slope == 0:
        return known[a]
    return known[a] + slope * (k - a) / (a - before[-2]) * (known[a] - known[before[-2]])


def every(steps: int, n: int, word: str) -> str:
    return ''.join('F' if k % n == 0 else word for k in range(steps))


def instead(steps: int, speed: str, word: str) -> str:
    made = made_steps(steps, speed)
    return ''.join('F' if k in made else word for k in range(steps))


def some_shallow(steps: int, whole: int, shallow: int) -> str:
    """`whole` and `shallow` calls spread evenly, the last a whole one, forecasts between."""
    places = np.round(np.linspace(0, steps - 1, whole + shallow)).astype(int)
    kinds = set(np.round(np.linspace(0, len(places) - 1, whole)).astype(int).tolist())
    words = ['P'] * steps
    for i, k in enumerate(places):
        words[k] = 'F' if i in kinds else 'S'
    return ''.join(words)


def ways(steps: int, depths: range) -> list[tuple[str, str, dict]]:
    found = []
    for speed, (_, _, slope, gives_way) in SPEEDS.items():
        found.append((f'forecasts, {speed}', instead(steps, speed, 'P'), {'slope': slope, 'gives_way': gives_way}))
    for depth in depths:
        for n in (2, 3, 5):
            found.append((f'shallow, depth {depth}, every {n}', every(steps, n, 'S'), {'depth': depth}))
    for n in (2, 3, 5):
        found.append((f'without the way down, every {n}', every(steps, n, 'U'), {}))
    for speed in SPEEDS:
        for depth in depths:
            found.append((f'shallow where {speed} forecasts, depth {depth}', instead(steps, speed, 'S'), {'depth': depth}))
        found.append((f'the same at depth 1, inner values half grown', instead(steps, speed, 'S'), {'depth': 1, 'grows': 0.5}))
    # whole calls of Fast and Faster less one or two, and shallow ones among the forecasts: about as much work
    for speed, (share, _, slope, gives_way) in SPEEDS.items():
        for less, depth, shallow in ((1, 1, 6), (1, 2, 4)):
            whole = int(share * steps) - less
            how = {'depth': depth, 'slope': slope, 'gives_way': gives_way}
            found.append((f'forecasts, {whole} whole and {shallow} shallow of depth {depth}', some_shallow(steps, whole, shallow), how))
    for speed, (share, *_) in SPEEDS.items():
        found.append((f'{int(share * steps)} steps, all whole', '', {'steps': int(share * steps)}))
    return found


def judge_prompts() -> list[tuple[str, str, str]]:
    """(prompt, measure, word), as measures.py has them."""
    article = lambda word: 'an' if word[0] in 'aeiou' else 'a'
    colours = [(f'{word} {name}', 'colour', word) for word in HUES for name in COLOUR_OBJECTS]
    words = [word for word in BACKGROUNDS if word != 'white']
    return colours + [(f'{n} on {article(w)} {w} background', 'background', w) for w in words for n in BACKGROUND_OBJECTS]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--prompts', type=int, default=24)
    parser.add_argument('--steps', default='20,30,50')
    parser.add_argument('--samplers', default='euler,dpmpp_2m,euler_ancestral')
    parser.add_argument('--depth', type=int, default=2, help='of the deepest shallow call')
    parser.add_argument('--judge', action='store_true')
    parser.add_argument('--ways', help='only those whose name has one of these words, parted by semicolons')
    told = parser.parse_args()
    torch.set_num_threads(1)
    parts = load_components()
    asked = judge_prompts() if told.judge else []
    lines = (Path(__file__).parent / 'grid-prompts.txt').read_text().splitlines()[: told.prompts]
    prompts = [prompt for prompt, *_ in asked] if told.judge else lines
    size = parts.latent_shape
    part = shares(Stations(parts.unet), torch.randn(2, *size), torch.tensor([500.0, 500.0]), encode_prompts(parts, ['', '']))
    print(f'{len(prompts)} prompts, CFG {CFG}, seed {SEED}. Of a whole call: {({k: round(v, 3) for k, v in part.items() if k != "whole"})}')
    head = '| colours right | backgrounds right ' if told.judge else ''
    for steps in map(int, told.steps.split(',')):
        for sampler in told.samplers.split(','):
            run = Run(parts, prompts, steps, sampler)
            exact = decode(parts, run.paint('F' * steps)).clamp(-1, 1)
            print(f'\n{sampler}, {steps} steps\n\n| way | whole, shallow | work | PSNR, median, lowest 10 % {head}|\n| --- | --- | --- | --- {"| --- | --- " if head else ""}|')
            if told.judge:
                print(f'| all calls | {steps}, 0 | 1 | {judged(exact, asked)}|')
            for name, way, how in ways(steps, range(1, told.depth + 1)):
                if told.ways and not any(word in name for word in told.ways.split(';')):
                    continue
                if fewer := how.get('steps'):
                    way, made = 'F' * fewer, Run(parts, prompts, fewer, sampler).paint('F' * fewer)
                else:
                    made = run.paint(way, **how)
                work = (way.count('F') + way.count('S') * part[how.get('depth', 1)] + way.count('U') * part['up']) / steps
                pictures = decode(parts, made).clamp(-1, 1)
                near = picture_psnr(pictures, exact)
                calls = f'{way.count("F")}, {way.count("S") + way.count("U")}'
                seen = judged(pictures, asked) if told.judge else ''
                print(f'| {name} | {calls} | {work:.2f} | {near.median():.1f}, {near.quantile(0.1):.1f} {seen}|', flush=True)


def judged(pictures, asked) -> str:
    right = {'colour': [], 'background': []}
    for picture, (_, kind, word) in zip(pictures, asked):
        right[kind].append((colour_of if kind == 'colour' else background_of)(picture) == word)
    return ''.join(f'| {sum(flags)} of {len(flags)} ' for flags in right.values())


if __name__ == '__main__':
    main()
