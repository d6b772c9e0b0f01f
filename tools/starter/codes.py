"""The text space: fixed random codes that the text encoder must output and the U-Net learns to read.

A caption's code is the sum of the codes of what it says. The rows of earlier versions are kept, so that a new version can
start from the weights of the last: generator 1 made version 0's rows, generator 2 what version 1 added, generator 3 version 2's.
"""

import torch

from backdrops import BACKDROPS
from captions import STYLE_WORDS, Said
from colours import BACKGROUNDS, WORDS
from configs import WIDTH

FIRST_SUBJECTS, FIRST_STYLES = 96, 3
MOST_ROWS = 13  # of the table, in one code
SECOND_SHIFT = WIDTH // 2  # a second subject's code is the first's, rolled: so left and right stay apart


class CodeBook:
    def __init__(self, subject_count: int, device: str = 'cpu'):
        first, later = torch.Generator().manual_seed(1), torch.Generator().manual_seed(2)
        draw = lambda count, generator: torch.randn(count, WIDTH, generator=generator)
        subjects = draw(FIRST_SUBJECTS + 1, first)
        colours, backgrounds = draw(len(WORDS) + 1, first) * 0.6, draw(len(BACKGROUNDS) + 1, first) * 0.6
        styles = draw(FIRST_STYLES + 1, first) * 0.5
        zero = torch.zeros(WIDTH)
        self.empty = subjects[FIRST_SUBJECTS].to(device)
        more = draw(subject_count - FIRST_SUBJECTS, later)
        self.subjects = torch.cat([subjects[:FIRST_SUBJECTS], more]).to(device)
        self.colours = dict(zip(WORDS, colours.to(device))) | {None: zero.to(device)}
        self.backgrounds = dict(zip(BACKGROUNDS, backgrounds.to(device))) | {None: zero.to(device)}
        self.small = (draw(1, later)[0] * 0.6).to(device)
        names = list(STYLE_WORDS.values())
        rows = [*styles[:FIRST_STYLES], *(draw(max(0, len(names) - FIRST_STYLES), later) * 0.5)]
        self.styles = dict(zip(names, (row.to(device) for row in rows))) | {None: zero.to(device)}
        third = torch.Generator().manual_seed(3)
        added = lambda names: {name: (draw(1, third)[0] * 0.6).to(device) for name in names}
        self.backgrounds |= added(BACKDROPS)
        self.counts = added(('2', '3', 'several')) | {None: zero.to(device)}
        self.relations = added(('above', 'front', 'holding', 'wearing')) | {None: zero.to(device)}
        self.places = added(('left', 'right', 'top', 'bottom'))
        self.sizes = {'small': self.small, None: zero.to(device)} | added(('big',))
        self.table, self.number = self._table(zero.to(device))

    def code(self, said: Said | None) -> torch.Tensor:
        """[width], mean 0 and deviation 1; the empty prompt (None) has a code of its own."""
        if said is None:
            return self.empty
        sizes = said.sizes or (None,) * len(said.subjects)
        things = [self.subjects[s] + self.colours[c] + self.sizes[z] for s, c, z in zip(said.subjects, said.colours, sizes)]
        total = self.backgrounds[said.background] + self.styles[said.style]
        total = total + self.counts[said.count] + self.relations[said.relation]
        total = total + sum(self.places[place] for place in said.place)
        if things:
            total = total + things[0]
        if len(things) > 1:
            total = total + things[1].roll(SECOND_SHIFT)
        if said.small:
            total = total + self.small
        return (total - total.mean()) / total.std()

    def _table(self, zero: torch.Tensor) -> tuple[torch.Tensor, dict]:
        """(rows [n, width], which row is what): all that codes are sums of; row 0 is nothing."""
        rows, number = [zero], {}
        parts = dict(subject=dict(enumerate(self.subjects)), colour=self.colours, size=self.sizes)
        for kind, codes in parts.items():
            for name, code in codes.items():
                for order, row in enumerate((code, code.roll(SECOND_SHIFT))):
                    number[kind, name, order] = len(rows)
                    rows.append(row)
        for kind in ('backgrounds', 'styles', 'counts', 'relations', 'places'):
            for name, code in getattr(self, kind).items():
                number[kind, name] = len(rows)
                rows.append(code)
        number['empty'] = len(rows)
        return torch.stack([*rows, self.empty]), number

    def rows_of(self, said: Said | None) -> list[int]:
        """The rows of the table whose sum is what `code` makes a code of; MOST_ROWS at most."""
        number = self.number
        if said is None:
            return [number['empty']]
        sizes = said.sizes or (None,) * len(said.subjects)
        rows = [number['backgrounds', said.background], number['styles', said.style]]
        rows += [number['counts', said.count], number['relations', said.relation]]
        rows += [number['places', place] for place in said.place]
        for order, (subject, colour, size) in enumerate(zip(said.subjects, said.colours, sizes)):
            rows += [number['subject', subject, order], number['colour', colour, order], number['size', size, order]]
        return rows + [number['size', 'small', 0]] if said.small else rows

    def codes(self, rows: torch.Tensor) -> torch.Tensor:
        """[n, width] of [n, MOST_ROWS] rows, filled up with 0: what `code` makes of each."""
        total = self.table[rows].sum(1)
        scaled = (total - total.mean(1, keepdim=True)) / total.std(1, keepdim=True)
        return torch.where(rows[:, :1] == self.number['empty'], self.empty, scaled)
