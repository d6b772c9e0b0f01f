/** A kept visit, as it lies in the repository. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Visit } from './visit';

const path = fileURLToPath(new URL('../fixtures/visit-1.json.gz', import.meta.url));

/** What the app at commit a8ccd72 kept in Chromium: what e2e/old-visit.spec.ts did there. */
export const readVisit = (): Visit => JSON.parse(gunzipSync(readFileSync(path)).toString()) as Visit;

export const writeVisit = (visit: Visit): void => writeFileSync(path, gzipSync(JSON.stringify(visit), { level: 9 }));
