/** What the controls of folds need besides themselves, fetched with the first of them: what settings mean, and boxes for texts. */
export { FIELD_HELP } from '../../core/recipe/field-help';
export { default as TextField } from './TextField.svelte';
