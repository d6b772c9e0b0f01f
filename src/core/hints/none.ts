/** The picture is the hint: finished maps and drawings. */
import { OWN_ARITHMETIC, type Preprocessor } from './preprocessor';

export const NONE: Preprocessor = {
  label: 'none',
  aliases: [],
  types: [],
  settings: {},
  licence: OWN_ARITHMETIC,
  make: ({ picture }) => picture,
};
