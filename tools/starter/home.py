"""Where data, checkpoints and node_modules live: outside the repository, in one folder that can be copied to another machine."""

import json
import os
from pathlib import Path

HERE = Path(__file__).resolve().parent
HOME = Path(os.environ.get('GESSO_STARTER_HOME') or Path.home() / '.cache' / 'gesso-starter')
ARTWORK = HOME / 'artwork'  # node_modules of the artwork packages
DATA = HOME / 'data'  # rendered arrays
RUNS = HOME / 'runs'  # checkpoints and logs


def load_subjects(version: str = 'v1') -> dict:
    """subjects-<version>.json: {sets: string[], pictures?, subjects: {label, names, also?, since?}[]}.

    pictures: the earlier version whose rendered pictures it shares, where only words differ;

    label: CLDR name in emojibase; names: what captions call it, the canonical first; also: further words the text
    encoder learns; since: the model version that first knew it.
    """
    return json.loads((HERE / f'subjects-{version}.json').read_text())


def pictures_of(version: str) -> str:
    """The version whose arrays in DATA hold the pictures of this one."""
    return load_subjects(version).get('pictures', version)


def write_atomically(path: Path, write) -> None:
    """Calls write(temporary path), then renames: an interruption at any moment leaves the old file or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(path.name + '.part')
    write(temporary)
    os.replace(temporary, path)
