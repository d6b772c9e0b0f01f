"""Writes "reader" into a starter's gesso.json: the sentences that the model knows, for the app's reader of prompts.

    python tools/starter/reader_facts.py [--gesso public/models/starter/gesso.json] [--taught v2] [--words v2]

Names that the model was taught come from its own list of subjects, further ones that people use from a newer list.
"""

import argparse
import json
from pathlib import Path

from backdrops import BACKDROPS
from captions import STYLE_WORDS, UNCOUNTED
from colours import BACKGROUNDS, WORDS
from compose import HOLDABLES, WEARABLES
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


# Versions that were taught sentences.py's captions.
COMPOSED = ('v2',)
SCENE_NAMES = {'night sky': 'night'}  # as the app's reader calls them, where it calls them otherwise


def composed_fields(taught: str) -> dict:
    """What such a version draws beside single things and pairs: numbers, relations, scenes, places."""
    names = {subject['label']: subject['names'][0] for subject in load_subjects(taught)['subjects']}
    named = lambda labels: [names[label] for label in labels if label in names]
    anything = ('above', 'over', 'on top of', 'below', 'under', 'beneath', 'underneath', 'in front of', 'behind')
    corners = [f'in the {y} {x} corner' for y in ('top', 'bottom') for x in ('left', 'right')]
    return dict(
        sizesInPairs=['small', 'big'],
        pieces=3,
        relations={word: [] for word in anything}
        | {word: named(HOLDABLES) for word in ('holding', 'carrying')}
        | {'wearing': named(WEARABLES)},
        scenes={SCENE_NAMES.get(name, name): [behind[0], alone[0]] for name, (behind, alone) in BACKDROPS.items()},
        places=['on the left', 'on the right', 'at the top', 'at the bottom', *corners],
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
    parser.add_argument('--taught', default='v2', help='the subject list of the model')
    parser.add_argument('--words', default='v2', help='the list with the most names for them')
    options = parser.parse_args()
    field = reader_field(options.taught, options.words)
    if options.taught in COMPOSED:
        field |= composed_fields(options.taught)
    options.gesso.write_text(with_reader(options.gesso.read_text(), field))
    print(f'{options.gesso}: {len(field["names"])} subjects')


if __name__ == '__main__':
    main()
