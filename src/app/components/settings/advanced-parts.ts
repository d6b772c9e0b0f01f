/** What the controls of folds need besides themselves, fetched with the first of them: what settings mean, names out of the library, boxes for texts. */
export { FIELD_HELP } from '../../../core/recipe/field-help';
export { namesOf, withNames } from '../../state/settings/open-choices';
export { default as TextField } from '../ui/TextField.svelte';
