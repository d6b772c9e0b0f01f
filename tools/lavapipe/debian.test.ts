import { describe, expect, it } from 'vitest';
import { backportsSource, majorOf } from './debian.mjs';

const release = { uri: 'http://mirror.example/debian/', codename: 'bookworm', component: 'main' };
const security = { uri: 'http://mirror.example/debian-security/', codename: 'bookworm-security', component: 'main' };

describe('majorOf', () => {
  it.each([
    ['25.0.7-2~bpo12+1', 25],
    ['22.3.6-1+deb12u2', 22],
    ['4:12.2.0-3', 12],
    [undefined, 0],
  ])('of %s is %d', (version, major) => {
    expect(majorOf(version)).toBe(major);
  });
});

describe('backportsSource', () => {
  it('takes the mirror that the release comes from', () => {
    const lines = backportsSource([security, release], 'bookworm')?.split('\n');
    expect(lines).toContain('URIs: http://mirror.example/debian/');
    expect(lines).toContain('Suites: bookworm-backports');
  });

  it('adds nothing where apt knows backports already', () => {
    const backports = { ...release, codename: 'bookworm-backports' };
    expect(backportsSource([release, backports], 'bookworm')).toBe('');
  });

  it('knows none where apt has no such release', () => {
    expect(backportsSource([security], 'bookworm')).toBeUndefined();
  });
});
