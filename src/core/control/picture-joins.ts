/** What becomes of several pictures of one unit: their vectors side by side, as ComfyUI's nodes have it, or the mean of what is seen. */
export const PICTURE_JOINS = ['concat', 'average'] as const;

export type PictureJoin = (typeof PICTURE_JOINS)[number];
