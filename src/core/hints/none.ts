/** The picture is the hint: finished maps and drawings. */
import { OWN_ARITHMETIC, type ComputedPreprocessor } from './preprocessor';

export const NONE: ComputedPreprocessor = {
  label: 'none',
  aliases: [],
  types: [],
  settings: {},
  licence: OWN_ARITHMETIC,
  make: ({ picture }) => picture,
};
