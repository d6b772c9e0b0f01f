"""Carries a training run to another machine and back, in files that fit: data under 60 MB, results in parts of 16 MB.

    python tools/starter/carry.py data FILE [--subjects v1] [--run v1]  # here: pictures, tokenizer and text encoder, one archive
    python tools/starter/carry.py bundle FILE [--run v2] [--wheels FOLDER]  # the same with these scripts, the start's U-Net and wheels
    python tools/starter/carry.py unpack FILE                           # there: into HOME; then make_model.py goes on
    python tools/starter/carry.py result FOLDER [--run v1]              # there: HOME/export/<run> as parts in FOLDER
    python tools/starter/carry.py join FOLDER OUT                       # here: the parts in FOLDER -> the model in OUT

The recoloured pictures are left out and made again from the originals while unpacking, on all cores. A bundle is unpacked by
`python -m zipfile -e FILE THERE` and then `carry.py unpack THERE/data.zip`; wheels lie in THERE/site, for PYTHONPATH.
"""

import argparse
import io
import json
import multiprocessing
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

from colours import recolour
from components import SHIPPED
from home import DATA, HERE, HOME, RUNS, pictures_of, write_atomically
from training import load_checkpoint

DATA_LIMIT, PART = 60_000_000, 16_000_000


def data_archive(version: str, run: str) -> bytes:
    """A zip: the pictures as their artists drew them, what all show, the text encoder and the ControlNet so far and the autoencoder's patches."""
    name = pictures_of(version)
    records = json.loads((DATA / f'{name}.json').read_text())
    count = sum('source' not in record for record in records)
    pictures = np.load(DATA / f'{name}.npy', mmap_mode='r')[:count]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, 'w', zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr('pictures', name)
        archive.writestr('run', run)
        archive.writestr('records.json', json.dumps(records))
        archive.writestr('originals', np.ascontiguousarray(pictures).tobytes())
        for folder in ('tokenizer', 'text_encoder', 'control'):
            for path in sorted((RUNS / run / folder).glob('*')):
                archive.write(path, f'{folder}/{path.name}')
        if autoencoder := load_checkpoint(RUNS / run / 'autoencoder.pt'):
            coder = io.BytesIO()
            torch.save({key: autoencoder[key] for key in ('matrix', 'bias')}, coder)
            archive.writestr('autoencoder.pt', coder.getvalue())
    return packed.getvalue()


def remake(path: Path, records: list[dict], rows: range) -> list[int]:
    """Recolours originals into these rows of the array in the file; returns the rows where that failed."""
    pictures, failed = np.load(path, mmap_mode='r+'), []
    for row in rows:
        made = recolour(pictures[records[row]['source']], records[row]['word'])
        if made is None:
            failed.append(row)
        else:
            pictures[row] = made
    return failed


def in_processes(work: Callable[..., list], calls: list[tuple]) -> list:
    """All that the calls return, each made in a process of its own; joined by pipes, since some machines lack semaphores."""
    fork, receivers = multiprocessing.get_context('fork'), []
    for call in calls:
        receiver, sender = fork.Pipe(duplex=False)
        fork.Process(target=lambda: sender.send(work(*call)), daemon=True).start()
        sender.close()
        receivers.append(receiver)
    return [one for receiver in receivers for one in receiver.recv()]


def unpack_data(packed: bytes, processes: int | None = None) -> Path:
    """Writes the data and the run's folder into HOME; returns that folder."""
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        name, run = archive.read('pictures').decode(), archive.read('run').decode()
        records = json.loads(archive.read('records.json'))
        originals = np.frombuffer(archive.read('originals'), np.uint8).reshape(-1, 128, 128, 4)
        DATA.mkdir(parents=True, exist_ok=True)
        path = DATA / f'{name}.npy'
        pictures = np.lib.format.open_memmap(path, 'w+', np.uint8, (len(records), 128, 128, 4))
        pictures[: len(originals)] = originals
        count = processes or os.cpu_count() or 1
        failed = in_processes(remake, [(path, records, range(len(originals) + k, len(records), count)) for k in range(count)])
        for row in failed:  # another numpy may round a borderline one differently: it is not trained on
            records[row]['held_out'] = True
        write_atomically(DATA / f'{name}.json', lambda temporary: temporary.write_text(json.dumps(records)))
        for entry in archive.namelist():
            if '/' in entry or entry.endswith('.pt'):
                archive.extract(entry, RUNS / run)
    print(f'{len(originals)} pictures, {len(records) - len(originals) - len(failed)} recoloured, {len(failed)} not')
    return RUNS / run


def bundle(version: str, run: str, wheels: list[Path]) -> bytes:
    """A zip of all that train_on_gpu.py needs on a machine with nothing but torch and transformers."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, 'w', zipfile.ZIP_DEFLATED) as archive:
        archive.writestr('data.zip', data_archive(version, run), zipfile.ZIP_STORED)
        for path in sorted([*HERE.glob('*.py'), *HERE.glob('subjects-*.json'), *(SHIPPED / 'unet').glob('*')]):
            archive.write(path, Path('starter') / path.relative_to(HERE))
        for wheel in wheels:
            with zipfile.ZipFile(wheel) as unpacked:
                for entry in unpacked.namelist():
                    archive.writestr(f'site/{entry}', unpacked.read(entry))
    return packed.getvalue()


def split(whole: bytes, folder: Path) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for index, start in enumerate(range(0, len(whole), PART)):
        paths.append(folder / f'starter.zip.{index:02d}')
        paths[-1].write_bytes(whole[start : start + PART])
    return paths


def result_archive(model: Path) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, 'w') as archive:  # float16 weights do not shrink
        for path in sorted(path for path in model.rglob('*') if path.is_file()):
            archive.write(path, path.relative_to(model))
    return packed.getvalue()


def join(folder: Path, out: Path) -> None:
    whole = b''.join(path.read_bytes() for path in sorted(folder.glob('starter.zip.*')))
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        archive.extractall(out)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('what', choices=('data', 'bundle', 'unpack', 'result', 'join'))
    parser.add_argument('path', type=Path)
    parser.add_argument('out', type=Path, nargs='?')
    parser.add_argument('--subjects', default='v1')
    parser.add_argument('--run', default='v1')
    parser.add_argument('--wheels', type=Path, help='folder of the wheels that a bundle takes along')
    options = parser.parse_args()
    if options.what in ('data', 'bundle'):
        wheels = sorted(options.wheels.glob('*.whl')) if options.wheels else []
        whole = options.what == 'bundle'
        packed = bundle(options.subjects, options.run, wheels) if whole else data_archive(options.subjects, options.run)
        if len(packed) > DATA_LIMIT:
            raise SystemExit(f'{len(packed)} bytes are more than the {DATA_LIMIT} that fit')
        options.path.write_bytes(packed)
        print(f'{options.path}: {len(packed) / 1e6:.1f} MB')
    elif options.what == 'unpack':
        print(f'unpacked for {unpack_data(options.path.read_bytes())}')
    elif options.what == 'result':
        for path in split(result_archive(HOME / 'export' / options.run), options.path):
            print(f'{path}: {path.stat().st_size / 1e6:.1f} MB')
    elif options.out is None:
        raise SystemExit('join needs the folder that the model is written to')
    else:
        join(options.path, options.out)


if __name__ == '__main__':
    main()
