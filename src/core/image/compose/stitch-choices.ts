/** Where a picture is stitched to another, and what lies between them: the words of ComfyUI's node. */

export const STITCH_SIDES = ['right', 'down', 'left', 'up'] as const;
export const STITCH_COLOURS = ['white', 'black', 'red', 'green', 'blue'] as const;
