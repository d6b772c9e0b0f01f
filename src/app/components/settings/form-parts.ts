/** Parts of the form that come with the first picture to start from, the first LoRA, or what cannot be drawn: one thing to fetch. */
export { default as LoraRows } from '../loras/LoraRows.svelte';
export { default as StartPictureDetails } from '../start/StartPictureDetails.svelte';
export { default as WayOn } from '../library/WayOn.svelte';
