"""Writes "reader" into a starter's gesso.json: the sentences that the model knows, for the app's reader of prompts.

    python tools/starter/reader_facts.py [--gesso public/models/starter/gesso.json] [--taught v1] [--words v2]

Names that the model was taught come from its own list of subjects, further ones that people use from a newer list.
"""

import argparse
import json
from pathlib import Path

from captions import STYLE_WORDS, UNCOUNTED
from colours import BACKGROUNDS, WORDS
from home import HERE, load_subjects


def reader_field(taught: str, words: str) -> dict:
    wider = {subject['label']: subject for subject in load_subjects(words)['subjects']}
    names = {}
    for subject in load_subjects(taught)['subjects']:
        first, *others = subject['names'] + subject.get('also', [])
        more = wider[subject['label']]
        also = [name for name in more['names'] + more.get('also', []) if name != first and name not in others]
        names[first] = {key: value for key, value in (('taught', others), ('also', also)) if value}
    return dict(
        names=names,
        colours=list(WORDS),
        backgrounds=list(BACKGROUNDS),
        styles=list(STYLE_WORDS.values()),
        sizes=['small'],
        uncounted=sorted(UNCOUNTED),
    )


def with_reader(text: str, field: dict) -> str:
    """gesso.json with the field put in, or in the place of the one it has; its other lines stay as they are."""
    kept = [line for line in text.split('\n') if not line.startswith('  "reader": ')]
    made = '\n'.join(['{', f'  "reader": {json.dumps(field, ensure_ascii=False)},', *kept[1:]])
    json.loads(made)
    return made


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--gesso', type=Path, default=HERE.parents[1] / 'public' / 'models' / 'starter' / 'gesso.json')
    parser.add_argument('--taught', default='v1', help='the subject list of the model')
    parser.add_argument('--words', default='v2', help='the list with the most names for them')
    options = parser.parse_args()
    field = reader_field(options.taught, options.words)
    options.gesso.write_text(with_reader(options.gesso.read_text(), field))
    print(f'{options.gesso}: {len(field["names"])} subjects')


if __name__ == '__main__':
    main()
