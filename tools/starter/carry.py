"""Carries a training run to another machine and back, in files that fit: data under 60 MB, results in parts of 16 MB.

    python tools/starter/carry.py data FILE [--subjects v1] [--run v1]  # here: pictures, tokenizer and text encoder, one archive
    python tools/starter/carry.py unpack FILE                           # there: into HOME; then make_model.py goes on
    python tools/starter/carry.py result FOLDER [--run v1]              # there: HOME/export/<run> as parts in FOLDER
    python tools/starter/carry.py join FOLDER OUT                       # here: the parts in FOLDER -> the model in OUT

The recoloured pictures are left out and made again from the originals while unpacking (data.recoloured).
"""

import argparse
import io
import json
import zipfile
from pathlib import Path

import numpy as np

from data import recoloured, write_data
from home import DATA, HOME, RUNS, load_subjects

DATA_LIMIT, PART = 60_000_000, 16_000_000


def data_archive(version: str, run: str) -> bytes:
    """A zip: the pictures as their artists drew them, what they show, and what train_text.py has made."""
    records = json.loads((DATA / f'{version}.json').read_text())
    count = sum('source' not in record for record in records)
    pictures = np.load(DATA / f'{version}.npy', mmap_mode='r')[:count]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, 'w', zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr('version', version)
        archive.writestr('run', run)
        archive.writestr('records.json', json.dumps(records[:count]))
        archive.writestr('originals', np.ascontiguousarray(pictures).tobytes())
        for folder in ('tokenizer', 'text_encoder'):
            for path in sorted((RUNS / run / folder).glob('*')):
                archive.write(path, f'{folder}/{path.name}')
    return packed.getvalue()


def unpack_data(packed: bytes) -> Path:
    """Writes the data and the run's folder into HOME; returns that folder."""
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        version, run = archive.read('version').decode(), archive.read('run').decode()
        records = json.loads(archive.read('records.json'))
        originals = np.frombuffer(archive.read('originals'), np.uint8).reshape(len(records), 128, 128, 4)
        more, more_records = recoloured(list(originals), records, load_subjects(version)['subjects'])
        write_data(version, [*originals, *more], records + more_records)
        for name in archive.namelist():
            if '/' in name:
                archive.extract(name, RUNS / run)
    return RUNS / run


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
    parser.add_argument('what', choices=('data', 'unpack', 'result', 'join'))
    parser.add_argument('path', type=Path)
    parser.add_argument('out', type=Path, nargs='?')
    parser.add_argument('--subjects', default='v1')
    parser.add_argument('--run', default='v1')
    options = parser.parse_args()
    if options.what == 'data':
        packed = data_archive(options.subjects, options.run)
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
