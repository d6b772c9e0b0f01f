"""Judges what `npm run bench -- judged FOLDER` painted: is the subject still named, the colour seen, the background right?

    python tools/starter/judge_speed.py FOLDER

Prints the table of docs/benchmarks.md. The judge is the network of classifier.py, which must have been trained before (evaluate.py does).
Every picture is also held against that of all calls, seed by seed.
"""

import argparse
import json
from pathlib import Path

import torch

from classifier import new_classifier, rank_subjects
from home import RUNS, load_subjects
from measures import background_of, colour_of
from training import load_checkpoint

DATA = 'v1'


def trained_judge(classes: int) -> torch.nn.Sequential:
    state = load_checkpoint(RUNS / f'classifier-{DATA}.pt')
    if not state:
        raise SystemExit('There is no trained judge here: run tools/starter/evaluate.py first.')
    network = new_classifier(classes).eval()
    network.load_state_dict(state)
    return network


def pictures_of(path: Path, side: int) -> torch.Tensor:
    """[n, 3, side, side] in -1..1."""
    rgb = torch.frombuffer(bytearray(path.read_bytes()), dtype=torch.uint8).view(-1, side, side, 3)
    return rgb.permute(0, 3, 1, 2).float() / 127.5 - 1


def right(network, pictures: torch.Tensor, asked: list[dict], among: dict[str, int]) -> dict[str, torch.Tensor]:
    """Per picture, by what is judged."""
    # without subjects nobody has to be asked
    named = rank_subjects(network, pictures, sorted(among.values()), 1)[:, 0].tolist() if network else [-1] * len(asked)
    flags = {'subject': [], 'colour': [], 'background': []}
    for picture, first, one in zip(pictures, named, asked):
        if one['kind'] == 'subject':
            flags['subject'].append(first == among[one['label']])
        elif one['kind'] == 'colour':
            flags['colour'].append(colour_of(picture) == one['word'])
        else:
            flags['background'].append(background_of(picture) == one['word'])
    return {kind: torch.tensor(values, dtype=torch.float) for kind, values in flags.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('folder', type=Path)
    folder = parser.parse_args().folder
    torch.set_num_threads(1)
    asked = json.loads((folder / 'asked.json').read_text())
    everything = load_subjects(DATA)['subjects']
    index_of = {subject['label']: k for k, subject in enumerate(everything)}
    among = {subject['label']: index_of[subject['label']] for subject in load_subjects('v2')['subjects']}
    network = trained_judge(len(everything)) if any(one['kind'] == 'subject' for one in asked) else None
    counts = {kind: sum(one['kind'] == kind for one in asked) for kind in ('subject', 'colour', 'background')}
    heads = [f'{kind} right, of {count}' for kind, count in counts.items()]
    print(f'| steps | way | calls made | seconds | {" | ".join(heads)} | PSNR, median, lowest 5 % |')
    print('| --- | --- | --- | --- | --- | --- | --- | --- |')
    facts = [json.loads(path.read_text()) | {'path': path.with_suffix('')} for path in folder.glob('*.rgb.json')]
    order = ['exact', 'fast', 'faster', 'faster, first version', 'q8', 'q4']
    place = lambda one: (one['steps'], order.index(one['name']) if one['name'] in order else len(order), one['name'])
    exact: torch.Tensor | None = None
    for one in sorted(facts, key=place):
        pictures = pictures_of(one['path'], one['side'])
        if one['name'] == 'exact':
            exact = pictures
        shares = [f'{100 * values.mean():.1f} %' if len(values) else '' for values in right(network, pictures, asked, among).values()]
        near = ''
        if one['name'] != 'exact' and exact is not None:
            error = ((pictures - exact) / 2).square().flatten(1).mean(1).clamp(min=1e-10)
            psnr = -10 * error.log10()
            near = f'{psnr.median():.1f}, {psnr.quantile(0.05):.1f} dB'
        calls = f'{one["calls"]} of {one["of"]}'
        print(f'| {one["steps"]} | {one["name"]} | {calls} | {one["seconds"]:.3f} | {" | ".join(shares)} | {near} |')


if __name__ == '__main__':
    main()
