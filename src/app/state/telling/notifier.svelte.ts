/** A note from the system when all is done and nobody looks: only where the person asked for it. */

const ICON = 'icons/icon-192.png';

export class Notifier {
  #isWanted = $state(false);
  #permission = $state<NotificationPermission>('denied');

  constructor() {
    void this.#readPermission();
  }

  /** Does not ask `Notification.permission`, for which the page stands still until the browser's own process answers: 346 ms on a busy machine. */
  async #readPermission(): Promise<void> {
    if (typeof Notification === 'undefined') return;
    try {
      const { state } = await navigator.permissions.query({ name: 'notifications' });
      this.#permission = state === 'prompt' ? 'default' : state;
    } catch {
      this.#permission = Notification.permission; // a browser that cannot be asked so
    }
  }

  get isWanted(): boolean {
    return this.#isWanted && this.#permission === 'granted';
  }
  /** The browser has not been told yet, and would ask. */
  get canAsk(): boolean {
    return this.#permission === 'default';
  }
  /** The browser has been told no, or has no such thing. */
  get isRefused(): boolean {
    return this.#permission === 'denied';
  }

  /** Takes over what was kept: asks for nothing. */
  take(isWanted: boolean): void {
    this.#isWanted = isWanted;
  }

  /** Has the browser ask the person; to be called from a click. */
  async want(isWanted: boolean): Promise<void> {
    this.#isWanted = isWanted;
    if (isWanted && this.canAsk) this.#permission = await Notification.requestPermission();
  }

  async tell(words: string): Promise<void> {
    if (!this.isWanted || !document.hidden) return;
    const about = { body: words, icon: ICON, tag: 'gesso-done' };
    try {
      // Phones show notes of service workers alone.
      const worker = await navigator.serviceWorker?.getRegistration();
      if (worker) {
        await worker.showNotification('Gesso', about);
        return;
      }
      const note = new Notification('Gesso', about);
      note.onclick = () => {
        window.focus();
        note.close();
      };
    } catch (error) {
      console.info('The browser shows no notes.', error);
    }
  }
}
