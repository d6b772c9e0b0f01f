/** Parts of the form that come with the first picture to start from, or the first LoRA: one thing to fetch. */
export { default as LoraRows } from './loras/LoraRows.svelte';
export { default as StartPictureDetails } from './StartPictureDetails.svelte';
