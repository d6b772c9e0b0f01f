/** What of a tag is not read is said with the picture. */
import { describe, expect, it } from 'vitest';
import { addAdapter } from './add-adapter';
import type { OperationContext, Task } from './implementation';

const context = { models: { adapterRevision: () => 'r' } } as unknown as OperationContext;

async function noticesOf(settings: Partial<Task<'add_adapter'>['settings']>): Promise<readonly string[]> {
  const task: Task<'add_adapter'> = {
    key: '',
    settings: { adapter: 'x', denoiser: 1, text: 1, blocks: '', unread: '', ...settings },
    inputs: { model: { id: 'm', revision: '', adapters: [] } },
  };
  const [{ notices = [] }] = await addAdapter.run([task], context);
  return notices;
}

describe('add_adapter', () => {
  it('says nothing of a tag that it reads whole', async () => {
    expect(await noticesOf({})).toEqual([]);
    expect(await noticesOf({ blocks: 'OUTD' })).toEqual([]);
  });

  it('names what it leaves out', async () => {
    const [blocks, unread] = await noticesOf({ blocks: 'many', unread: '<lora:x:1:start=5>: start=5' });
    expect(blocks).toMatch(/^lbw=many was left out/);
    expect(unread).toBe('<lora:x:1:start=5>: start=5 was left out: it is not read here.');
  });

  it.each([{ denoiser: 1e9 }, { text: -1e9 }])(
    'refuses a strength that can only be a mistake: %j',
    async (strength) => {
      await expect(noticesOf(strength)).rejects.toThrow(/^x: its strength is -?1000000000; allowed is −1000 to 1000/);
    },
  );
});
