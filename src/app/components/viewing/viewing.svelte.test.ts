import { flushSync } from 'svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { click, openPage, press, soon, type, type TestPage } from '../../testing/page';

let page: TestPage | undefined;
beforeEach(() => {
  vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(640);
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(480);
});
afterEach(async () => {
  await page?.close();
  page = undefined;
  document.body.replaceChildren();
  vi.restoreAllMocks();
});

const picture = (): HTMLImageElement => {
  const found = document.querySelector<HTMLImageElement>('img[alt="Generated picture"]');
  if (!found) throw new Error('no picture on the easel');
  return found;
};
const large = (): HTMLImageElement => {
  const found = document.querySelector<HTMLImageElement>('.lightbox img');
  if (!found) throw new Error('no large picture');
  return found;
};

const timed = <E extends Event>(event: E, timeStamp: number): E =>
  Object.defineProperty(event, 'timeStamp', { value: timeStamp });

/** One of 64 × 64 in a room of 640 × 480. */
async function painted(): Promise<TestPage> {
  page = openPage('0');
  type('Prompt', 'a red apple');
  click('Generate');
  await soon(() => picture());
  flushSync();
  return page;
}

describe('the picture on the easel', () => {
  it('is enlarged, fitted and shown one to one by keys and buttons', async () => {
    await painted();
    expect(picture().style.width).toBe('480px');
    press('1');
    expect(picture().style.width).toBe('64px');
    press('0');
    press('+');
    press('+');
    expect(picture().style.width).toBe('960px');
    click('Smaller');
    click('Smaller');
    expect(picture().style.width).toBe('480px');
    click('1:1');
    expect(document.querySelector('[aria-label=Zoom] .percent')?.textContent).toMatch(/^Shown at\s100 %$/);
    expect(document.querySelector('[aria-label=Zoom] [role=status]'), 'is not told at each notch').toBeNull();
  });

  it('keeps the focus on − and + where they can do no more', async () => {
    await painted();
    const [smaller] = document.querySelectorAll<HTMLButtonElement>('[aria-label=Zoom] button');
    press('+');
    smaller?.focus();
    for (let i = 0; i < 8; i++) click('Smaller');
    expect(smaller?.disabled, 'a disabled button loses the focus').toBe(false);
    expect(document.activeElement).toBe(smaller);
    expect(smaller?.getAttribute('aria-disabled')).toBe('true');
    expect(picture().style.width).toBe('64px');
  });

  it('is enlarged by the wheel about the pointer, and then moved by a drag and by arrows', async () => {
    await painted();
    const area = picture().parentElement;
    if (!area) throw new Error('in its area');
    area.setPointerCapture = () => undefined;
    const wheel = new WheelEvent('wheel', { deltaY: -500, clientX: 0, clientY: 0, cancelable: true, bubbles: true });
    area.dispatchEvent(wheel);
    flushSync();
    expect(wheel.defaultPrevented, 'the page does not scroll').toBe(true);
    expect(parseFloat(picture().style.width)).toBeCloseTo(480 * Math.E, 0);
    press('0');
    press('+');
    press('+');
    expect(picture().style.transform).toBe('translate(-160px, -240px)');
    const pointer = (kind: string, clientX: number) =>
      area.dispatchEvent(
        Object.assign(new MouseEvent(kind, { clientX, clientY: 0, button: 0, bubbles: true }), {
          pointerId: 1,
          pointerType: 'mouse',
        }),
      );
    pointer('pointerdown', 0);
    pointer('pointermove', 30);
    pointer('pointerup', 30);
    flushSync();
    expect(picture().style.transform).toBe('translate(-130px, -240px)');
    press('ArrowRight');
    expect(picture().style.transform).toBe('translate(-258px, -240px)');
  });

  it('is pinched, and opens large by a double tap', async () => {
    const { studio } = await painted();
    const area = picture().parentElement;
    const touch = (kind: string, pointerId: number, clientX: number) =>
      area?.dispatchEvent(
        Object.assign(new MouseEvent(kind, { clientX, clientY: 240, bubbles: true, cancelable: true }), {
          pointerId,
          pointerType: 'touch',
        }),
      );
    touch('pointerdown', 1, 300);
    touch('pointerdown', 2, 340);
    touch('pointermove', 2, 380);
    touch('pointerup', 1, 300);
    touch('pointerup', 2, 380);
    flushSync();
    expect(picture().style.width).toBe('960px');
    press('0');
    for (let i = 0; i < 2; i++) {
      touch('pointerdown', 1, 100);
      touch('pointerup', 1, 100);
    }
    const tappedAt = new Event('now').timeStamp;
    expect(studio.galleryView.large?.request.prompt).toBe('a red apple');
    flushSync();
    await soon(() => large());
    large().parentElement?.dispatchEvent(timed(new MouseEvent('dblclick', { bubbles: true }), tappedAt));
    flushSync();
    expect(large().style.width, 'the double click of the same taps does nothing').toBe('480px');
  });

  it('is enlarged once by a double tap, whatever the browser calls it, and by a double click', async () => {
    const { studio } = await painted();
    studio.enlarge(studio.gallery.pictures[0]?.id ?? 0);
    flushSync();
    await soon(() => large());
    const area = large().parentElement;
    const at = { clientX: 320, clientY: 240, bubbles: true, cancelable: true };
    const begun = new Event('now').timeStamp;
    const tell = (event: MouseEvent, after: number): void => {
      area?.dispatchEvent(timed(event, begun + after));
      flushSync();
    };
    const before = large().style.width;
    for (const [kind, after] of [
      ['pointerdown', 0],
      ['pointerup', 50],
      ['pointerdown', 150],
      ['pointerup', 200],
    ] as const)
      tell(Object.assign(new MouseEvent(kind, at), { pointerId: 1, pointerType: 'touch' }), after);
    const after = large().style.width;
    expect(after).not.toBe(before);
    tell(new MouseEvent('dblclick', at), 210);
    expect(large().style.width).toBe(after);
    tell(new MouseEvent('dblclick', at), 5000);
    expect(large().style.width).toBe(before);
  });

  it('leaves arrows to walking at its true size, and to buttons that open menus', async () => {
    const { studio } = await painted();
    studio.view = 'true';
    vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(40);
    click('Generate');
    await soon(() => expect(studio.gallery.pictures).toHaveLength(2));
    await soon(() => picture());
    flushSync();
    expect(picture().style.width, 'larger than its room').toBe('64px');
    press('ArrowRight');
    expect(studio.gallery.chosen?.id).toBe(studio.gallery.pictures[1]?.id);
    press('+');
    const held = picture().style.transform;
    const opener = document.querySelector('[aria-haspopup=menu]');
    if (!opener) throw new Error('there is a menu');
    press('ArrowRight', {}, opener);
    expect(picture().style.transform, 'the menu has it').toBe(held);
    press('ArrowRight');
    expect(picture().style.transform).not.toBe(held);
  });

  it('leaves keys that are typed alone', async () => {
    await painted();
    const box = document.querySelector('#field-prompt');
    if (!box) throw new Error('there is a prompt');
    press('1', {}, box);
    expect(picture().style.width).toBe('480px');
  });
});

describe('the large picture', () => {
  it('is soft or in squares as the easel’s is, and is zoomed alone while it is open', async () => {
    const { studio } = await painted();
    studio.view = 'smooth';
    studio.enlarge(studio.gallery.pictures[0]?.id ?? 0);
    flushSync();
    await soon(() => large());
    expect(large().classList.contains('sharp')).toBe(false);
    click('Smooth');
    expect(studio.view).toBe('pixels');
    expect(large().classList.contains('sharp')).toBe(true);
    expect(large().style.width).toBe('448px'); // seven times, a whole number
    press('1');
    expect(large().style.width).toBe('64px');
    expect(picture().style.width).not.toBe('64px');
  });

  it('has Close behind all else in its bar, and what else can be done below it, on a phone', async () => {
    page = openPage('0', { width: 390 });
    type('Prompt', 'a red apple');
    click('Generate');
    await soon(() => picture());
    page.studio.enlarge(page.studio.gallery.pictures[0]?.id ?? 0);
    flushSync();
    await soon(() => large());
    const names = [...document.querySelectorAll('.lightbox .tools button')].map((node) => node.textContent?.trim());
    expect(names).toEqual(['Favourite', 'Save PNG', 'Share', 'Delete', 'Close']);
    const ways = document.querySelector('.lightbox > .ways');
    expect(ways?.querySelectorAll('button')).toHaveLength(4);
  });
});
