/** Which families there are, in words, and one of them by what a file says. */
import { AppError } from '../errors';
import type { Family } from './family';
import { FILES } from './files';
import { FAMILIES, isFamily, publishedFamilies } from './table';

/** @throws AppError 'unsupported-model' for one of a later version */
export function knownFamily(id: string, name: string): Family {
  if (isFamily(id)) return FAMILIES[id];
  throw new AppError(
    'unsupported-model',
    `${name}: is of the family "${id}", which this version of Gesso does not know; it runs ${whatRuns()}.`,
  );
}

/** "Stable Diffusion 1.x, 2.x, XL and the XL refiner". */
export function whatRuns(): string {
  const series = new Map<string, string[]>();
  for (const id of publishedFamilies()) {
    const { series: name, version } = FILES[id];
    series.set(name, [...(series.get(name) ?? []), version]);
  }
  return [...series].map(([name, versions]) => `${name} ${listed(versions)}`).join(', ');
}

const listed = (words: readonly string[]): string => words.join(', ').replace(/, ([^,]*)$/, ' and $1');
