import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Layers, type HistoryHost } from './layers';

/** A history as browsers have it: going back tells of it later. */
class FakeHistory implements HistoryHost {
  readonly entries: unknown[] = [null];
  at = 0;
  #listener: () => void = () => undefined;

  get history() {
    return {
      state: this.entries[this.at],
      pushState: (state: unknown) => {
        this.entries.length = ++this.at;
        this.entries.push(state);
      },
      go: (by = 0) => {
        this.at += by;
        setTimeout(this.#listener);
      },
    };
  }

  addEventListener(_type: 'popstate', listener: () => void): void {
    this.#listener = listener;
  }
}

let host: FakeHistory;
let layers: Layers;
beforeEach(() => {
  vi.useFakeTimers();
  host = new FakeHistory();
  layers = new Layers(host);
  vi.runAllTimers();
});

/** A layer that is told to close, and then is. */
function open(): { close: ReturnType<typeof vi.fn>; done: () => void } {
  const close = vi.fn(() => done());
  const done = layers.add(close);
  return { close, done };
}

describe('Layers', () => {
  it('Back closes the topmost alone', () => {
    const [gallery, large] = [open(), open()];
    vi.runAllTimers();
    expect(host.at).toBe(2);
    host.history.go(-1);
    vi.runAllTimers();
    expect(large.close).toHaveBeenCalledOnce();
    expect(gallery.close).not.toHaveBeenCalled();
    expect(host.at).toBe(1);
    host.history.go(-1);
    vi.runAllTimers();
    expect(gallery.close).toHaveBeenCalledOnce();
    expect(host.at).toBe(0);
  });

  it('a layer that is closed otherwise leaves no entry behind', () => {
    const sheet = open();
    vi.runAllTimers();
    sheet.done();
    vi.runAllTimers();
    expect(host.at).toBe(0);
    expect(sheet.close).not.toHaveBeenCalled();
  });

  it('one that gives way to another keeps the entry', () => {
    const first = open();
    vi.runAllTimers();
    const go = vi.fn();
    const history = host.history;
    vi.spyOn(host, 'history', 'get').mockReturnValue({ ...history, go });
    first.done();
    open();
    vi.runAllTimers();
    expect(go).not.toHaveBeenCalled();
    expect(host.entries).toHaveLength(2);
  });

  it('one that is opened while the history goes back stays open', () => {
    const first = open();
    vi.runAllTimers();
    first.done();
    vi.advanceTimersToNextTimer(); // the history is told to go back, and has not said yet that it did
    const second = open();
    vi.runAllTimers();
    expect(second.close).not.toHaveBeenCalled();
    expect(host.at).toBe(1);
  });

  it('going back over several closes them all', () => {
    const all = [open(), open(), open()];
    vi.runAllTimers();
    host.history.go(-3);
    vi.runAllTimers();
    for (const { close } of all) expect(close).toHaveBeenCalledOnce();
    expect(host.at).toBe(0);
  });

  it('goes back over the entries of layers that a reload has closed', () => {
    host.entries.push({ layers: 1 }, { layers: 2 });
    host.at = 2;
    layers = new Layers(host);
    vi.runAllTimers();
    expect(host.at).toBe(0);
  });
});

it('Back leaves what was opened while the browser was still going back', () => {
  const host = new FakeHistory();
  const layers = new Layers(host);
  vi.runAllTimers();
  const closed: string[] = [];
  const add = (name: string): void => {
    const done = layers.add(() => {
      closed.push(name);
      done();
    });
  };
  add('first');
  vi.runAllTimers();
  host.history.go(-1); // told later
  add('second');
  vi.runAllTimers();
  expect(closed).toEqual(['first']);
  expect(host.at).toBe(1); // and Back closes it next
  host.history.go(-1);
  vi.runAllTimers();
  expect(closed).toEqual(['first', 'second']);
});
