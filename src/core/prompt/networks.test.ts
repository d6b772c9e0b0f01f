/** Tags of networks: every form of A1111's documentation, and what is none. */
import { describe, expect, it } from 'vitest';
import { extractNetworks } from '.';

const only = (text: string) => extractNetworks(text).networks.map(({ raw: _, problem: __, ...network }) => network);
const lora = { kind: 'lora', name: 'x', textWeight: 1, unetWeight: 1, dyn: undefined };

describe('extractNetworks', () => {
  it.each([
    ['<lora:x>', lora],
    ['<lora:x:0.8>', { ...lora, textWeight: 0.8, unetWeight: 0.8 }],
    ['<lyco:x:0.5:1.0>', { ...lora, textWeight: 0.5 }],
    ['<lora:x:te=0:unet=0.7>', { ...lora, textWeight: 0, unetWeight: 0.7 }],
    ['<lora:x:te=0.5>', { ...lora, textWeight: 0.5, unetWeight: 0.5 }],
    ['<lora:x:unet=0.5>', { ...lora, unetWeight: 0.5 }],
    ['<lora:x:1:1:8>', { ...lora, dyn: 8, unread: ['dyn=8'] }],
    ['<lora:x:dyn=4:-1>', { ...lora, textWeight: -1, unetWeight: -1, dyn: 4, unread: ['dyn=4'] }],
    ['<lora:x:0.5:lbw=1,0,0.5>', { ...lora, textWeight: 0.5, unetWeight: 0.5, blocks: '1,0,0.5' }],
    ['<lora:x:0.5:start=5:lbwe=1>', { ...lora, textWeight: 0.5, unetWeight: 0.5, unread: ['start=5', 'lbwe=1'] }],
    ['<lora:a b/c.d_1>', { ...lora, name: 'a b/c.d_1' }],
    ['<hypernet:x:0.4>', { ...lora, kind: 'hypernet', textWeight: 0.4, unetWeight: 0.4 }],
    ['<foo:x>', { ...lora, kind: 'unknown' }],
    ['<toString:x>', { ...lora, kind: 'unknown' }],
  ])('reads %s', (text, expected) => expect(only(text)).toEqual([expected]));

  it('takes every tag out and leaves the rest', () => {
    const { text, networks } = extractNetworks('a <lora:x:1>, b<foo:y> <lora:z>');
    expect(text).toBe('a , b ');
    expect(networks.map(({ raw }) => raw)).toEqual(['<lora:x:1>', '<foo:y>', '<lora:z>']);
  });

  it.each(['a < b', '<lora>', '<lora:>', '<:x>', '<lo ra:x>', '<lora:x'])('leaves %s, which is no tag', (text) =>
    expect(extractNetworks(text)).toEqual({ text, networks: [] }),
  );

  it('says which value is no number, and takes the default', () => {
    const [network] = extractNetworks('<lora:x:strong:0.5:many>').networks;
    expect(network).toMatchObject({ textWeight: 1, unetWeight: 0.5, dyn: undefined, unread: ['"strong"', '"many"'] });
    expect(network.problem).toBe('<lora:x:strong:0.5:many>: "strong" and "many" should be a number and was left out.');
  });
});
