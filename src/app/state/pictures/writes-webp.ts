/** Whether this browser writes WebP. WebKit does not: asked for one, it gives a PNG. */
let answer: boolean | undefined;

export function writesWebp(): boolean {
  answer ??= asks();
  return answer;
}

function asks(): boolean {
  const dot = document.createElement('canvas');
  dot.width = dot.height = 1;
  return dot.toDataURL('image/webp').startsWith('data:image/webp');
}
