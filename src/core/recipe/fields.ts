/**
 * Every setting of a recipe, a line each: its label, kind, limits and default; its keys in infotexts and links; its axis of
 * grids; its words under a picture. Form, checks, texts, links and grids iterate it.
 */
import { ADVANCED_FIELDS } from './advanced-fields';
import { BASIC_FIELDS } from './basic-fields';

/**
 * In the order of the page. Ranges of numbers are A1111's sliders where it has them: 150 steps, 30 CFG.
 *
 * Links leave defaults out, and links are kept for years: a default that is out never changes (see links/link-defaults.ts).
 */
export const FIELDS = { ...BASIC_FIELDS, ...ADVANCED_FIELDS } as const;
