/** Ways to show a picture on the easel, and the size it gets there. */

export const PICTURE_VIEWS = {
  pixels: { label: 'Pixels', hint: 'Enlarged by a whole number, every pixel sharp' },
  smooth: { label: 'Smooth', hint: 'Enlarged to fit, softened' },
  true: { label: 'True size', hint: 'One pixel of the picture is one of the page' },
} as const;

export type PictureView = keyof typeof PICTURE_VIEWS;

export function isPictureView(value: unknown): value is PictureView {
  return typeof value === 'string' && Object.hasOwn(PICTURE_VIEWS, value);
}

export interface Extent {
  width: number;
  height: number;
}

/** Small pictures are not blown up further than this many CSS pixels on their longer side. */
const COMFORTABLE_PX = 640;

/** CSS pixels of a picture within `room`: never larger than the room, except at its true size. */
export function shownSize(picture: Extent, room: Extent, view: PictureView): Extent {
  if (view === 'true') return { width: picture.width, height: picture.height };
  const fit = Math.min(room.width / picture.width, room.height / picture.height);
  const comfortable = Math.max(1, COMFORTABLE_PX / Math.max(picture.width, picture.height));
  const scale = Math.max(0, Math.min(fit, comfortable));
  const whole = view === 'pixels' && scale >= 1 ? Math.floor(scale) : scale;
  return { width: Math.round(picture.width * whole), height: Math.round(picture.height * whole) };
}

/** Whether its pixels are shown as squares. @param scale  CSS pixels for one of the picture */
export function isSharpAt(view: PictureView, scale: number): boolean {
  return view !== 'smooth' && scale > 1;
}

/** CSS pixels for one of the picture that has all of a room. */
export function shownScale(picture: Extent, room: Extent, view: PictureView): number {
  const fit = Math.min(room.width / picture.width, room.height / picture.height);
  return view === 'pixels' && fit >= 1 ? Math.floor(fit) : fit;
}
