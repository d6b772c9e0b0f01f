/** The figures in docs/reliability.md. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../lib/paths.mjs';

const DOCUMENT = join(ROOT, 'docs', 'reliability.md');
const [START, END] = ['<!-- kills: npm run kill-browser -->', '<!-- end of kills -->'];

/** @param {import('./rounds.mjs').Figures} figures */
export function writeKills({ kills, pictures, waiting, problems }) {
  const before = readFileSync(DOCUMENT, 'utf8');
  const [head, rest = ''] = before.split(START);
  const [, tail] = rest.split(END);
  const table = [
    '| killed | pictures in the gallery at the end | waiting at the end | lost, twice, damaged or otherwise wrong |',
    '| ---: | ---: | ---: | ---: |',
    `| ${kills} | ${pictures} | ${waiting} | ${problems.length} |`,
  ];
  writeFileSync(DOCUMENT, `${head}${START}\n\n${table.join('\n')}\n\n${END}${tail}`);
}
