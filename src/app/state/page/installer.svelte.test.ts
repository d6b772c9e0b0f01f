import { describe, expect, it } from 'vitest';
import { Installer } from './installer.svelte';

function browser(outcome: 'accepted' | 'dismissed') {
  const host = new EventTarget();
  const prompts: string[] = [];
  const installer = new Installer(host as unknown as Window);
  const offer = Object.assign(new Event('beforeinstallprompt', { cancelable: true }), {
    prompt: () => Promise.resolve(void prompts.push('asked')),
    userChoice: Promise.resolve({ outcome }),
  });
  return { host, prompts, installer, offer };
}

describe('Installer', () => {
  it('keeps the browser’s offer until it is used, and uses it once', async () => {
    const { host, prompts, installer, offer } = browser('dismissed');
    expect(installer.canInstall).toBe(false);
    host.dispatchEvent(offer);
    expect(offer.defaultPrevented).toBe(true);
    expect([installer.canInstall, prompts]).toEqual([true, []]);
    await installer.install();
    await installer.install();
    expect([installer.canInstall, prompts]).toEqual([false, ['asked']]);
  });

  it('offers nothing once it is installed', () => {
    const { host, installer, offer } = browser('accepted');
    host.dispatchEvent(offer);
    host.dispatchEvent(new Event('appinstalled'));
    expect(installer.canInstall).toBe(false);
  });
});
