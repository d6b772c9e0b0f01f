/** A picture file as LoadImage takes it: upright, its colours as stored where they are hidden, and how much they are. */
import type { Pixels } from '../../../engine/api';
import { readStartPicture } from '../start/read-start-picture';
import { UPRIGHT } from '../start/webp-turn';

/** @throws AppError 'bad-file' in one sentence */
export async function readWithAlpha(file: Blob & { name?: string }): Promise<Pixels> {
  const { pixels } = await readStartPicture(file);
  const bitmap = await createImageBitmap(file, {
    ...UPRIGHT,
    premultiplyAlpha: 'none',
    colorSpaceConversion: 'default',
  });
  try {
    const isWhole = bitmap.width === pixels.width && bitmap.height === pixels.height;
    const stored = isWhole ? storedPixels(bitmap) : undefined;
    const isHidden = stored?.data.some((level, i) => i % 4 === 3 && level < 255);
    return stored && isHidden ? stored : pixels;
  } finally {
    bitmap.close();
  }
}

/** A canvas forgets the colours of what cannot be seen; a texture does not. Undefined where there is no WebGL. */
function storedPixels(bitmap: ImageBitmap): Pixels | undefined {
  const { width, height } = bitmap;
  const gl = new OffscreenCanvas(1, 1).getContext('webgl');
  if (!gl || Math.max(width, height) > Number(gl.getParameter(gl.MAX_TEXTURE_SIZE))) return undefined;
  gl.bindTexture(gl.TEXTURE_2D, gl.createTexture());
  gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, false);
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, gl.RGBA, gl.UNSIGNED_BYTE, bitmap);
  gl.bindFramebuffer(gl.FRAMEBUFFER, gl.createFramebuffer());
  gl.framebufferTexture2D(
    gl.FRAMEBUFFER,
    gl.COLOR_ATTACHMENT0,
    gl.TEXTURE_2D,
    gl.getParameter(gl.TEXTURE_BINDING_2D) as WebGLTexture,
    0,
  );
  const data = new Uint8ClampedArray(width * height * 4);
  gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(data.buffer));
  const error = gl.getError();
  gl.getExtension('WEBGL_lose_context')?.loseContext();
  return error === gl.NO_ERROR ? { width, height, data } : undefined;
}
