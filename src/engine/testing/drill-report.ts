/** Counts of a drill, for docs/reliability.md: `tools/reliability.mjs` asks for more faults and for the figures. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** How one fault ended. */
export type Outcome = 'finished' | 'told' | 'lost';

/** Faults of each kind: a few in every test run, a hundred for the document. */
export const FAULTS = Number(process.env['GESSO_DRILL'] ?? 5);

export interface Counts {
  kind: string;
  injected: number;
  finished: number;
  told: number;
  lost: number;
}

export function countOutcomes(kind: string, outcomes: readonly Outcome[]): Counts {
  const count = (wanted: Outcome): number => outcomes.filter((outcome) => outcome === wanted).length;
  const counts = {
    kind,
    injected: outcomes.length,
    finished: count('finished'),
    told: count('told'),
    lost: count('lost'),
  };
  const folder = process.env['GESSO_DRILL_REPORT'];
  if (folder !== undefined) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `${kind.replaceAll(/\W+/g, '-')}.json`), JSON.stringify(counts));
  }
  return counts;
}
