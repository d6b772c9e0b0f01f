/** Networks that draw hints, as components of packs: which one it is stands in the config with its sizes. */
import type { BuiltGraph, GraphForm, Target } from '../../graph';
import { network } from '../network';
import { ConfigReader } from '../read-config';
import type { Annotator } from './annotator';
import { ANNOTATORS, type AnnotatorId } from './recognise';

interface AnnotatorConfig {
  id: AnnotatorId;
  sizes: unknown;
}

const ids = Object.keys(ANNOTATORS) as AnnotatorId[];

/** More channels, or layers, than any has. */
const MOST = 4096;

/** @throws AppError 'bad-file' or 'unsupported-model' naming the field */
function read(file: string, json: unknown): AnnotatorConfig {
  const c = new ConfigReader(file, json);
  const { annotator, ...sizes } = json as Record<string, unknown>;
  if (typeof annotator !== 'string') return c.fail('annotator', annotator, 'must be a text');
  const id = c.choice('annotator', ids, 'hed');
  for (const [field, value] of Object.entries(sizes))
    if (!numbersIn(value).every((n) => typeof n === 'number' && Number.isInteger(n) && n >= 0 && n <= MOST))
      return c.fail(field, value, `must be whole numbers up to ${MOST}`);
  return { id, sizes };
}

const numbersIn = (value: unknown): unknown[] =>
  typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersIn) : [value];

/** image [batch, 3, height, width], RGB in 0…255 → its maps: see Annotator */
export const annotator = network<AnnotatorConfig>({
  read,
  sizes: ({ id }) => {
    const { outputs, columns }: Annotator = ANNOTATORS[id];
    return { annotator: { id, outputs, ...(columns && { columns }) } };
  },
  layers: () => 0,
  build: ({ id, sizes }, form: Target | GraphForm): BuiltGraph => (ANNOTATORS[id] as Annotator).build(sizes, form),
});
