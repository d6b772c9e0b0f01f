/**
 * What becomes of several pictures of one unit: their vectors side by side, as ComfyUI's nodes have it, or one picture of what is seen: the mean, the
 * sum, the first less the mean of the others, or the mean of shares (each number over the length of that number in all of them).
 *
 * @see cubiq/ComfyUI_IPAdapter_plus IPAdapterPlus.py combine_embeds
 */
export const PICTURE_JOINS = ['concat', 'average', 'add', 'subtract', 'norm_average'] as const;

export type PictureJoin = (typeof PICTURE_JOINS)[number];
