/** X/Y/Z grids on the page: the axes as typed, and the sheet at the end. */
import { toAppError } from '../../../core/errors';
import type { Job } from '../line/job';
import type { SheetParts } from './keep-sheet';

export interface AxisRow {
  /** A key of AXES; empty: this axis is not used. */
  id: string;
  text: string;
}

export interface GridParts extends SheetParts {
  /** Says something in passing. */
  say: (words: string) => void;
}

export class Grids {
  readonly #parts: GridParts;
  /** The axes X, Y and Z as typed. */
  rows = $state<AxisRow[]>([
    { id: 'seed', text: '' },
    { id: '', text: '' },
    { id: '', text: '' },
  ]);

  constructor(parts: GridParts) {
    this.#parts = parts;
  }

  /** Draws the sheet of what was made, and keeps it as a picture. */
  async finish(job: Job): Promise<void> {
    const { grid } = job;
    const made = job.made?.map((id) => (id === null ? null : this.#parts.gallery.currentId(id))) ?? [];
    const ids = made.filter((id) => id !== null);
    if (!grid || ids.length === 0) return;
    try {
      const { keepSheet } = await import('./keep-sheet');
      await keepSheet({ ...job, made }, grid, this.#parts);
    } catch (thrown) {
      this.#parts.say(`The sheet of the grid could not be drawn: ${toAppError(thrown).message}`);
    }
  }
}
