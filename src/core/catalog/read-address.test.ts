/** Addresses as people write them. */
import { describe, expect, it } from 'vitest';
import { readAddress } from '.';

const hub = (repo: string, path = '', revision = 'main') => ({ kind: 'hub', repo, revision, path });
const civitai = (part: object) => ({ kind: 'civitai', site: 'https://civitai.com', ...part });

describe('readAddress', () => {
  it.each<[string, object]>([
    // the hub: names
    ['Lykon/dreamshaper-8', hub('Lykon/dreamshaper-8')],
    ['  stabilityai/stable-diffusion-xl-base-1.0\n', hub('stabilityai/stable-diffusion-xl-base-1.0')],
    ['Lykon/dreamshaper-8@fp16', hub('Lykon/dreamshaper-8', '', 'fp16')],
    ['"Lykon/dreamshaper-8"', hub('Lykon/dreamshaper-8')],
    ['`Lykon/dreamshaper-8`,', hub('Lykon/dreamshaper-8')],
    ['“Lykon/dreamshaper-8”', hub('Lykon/dreamshaper-8')],
    // the hub: pages
    ['https://huggingface.co/runwayml/stable-diffusion-v1-5', hub('runwayml/stable-diffusion-v1-5')],
    ['https://huggingface.co/runwayml/stable-diffusion-v1-5/', hub('runwayml/stable-diffusion-v1-5')],
    ['HTTPS://HuggingFace.co/Lykon/DreamShaper', hub('Lykon/DreamShaper')],
    ['http://huggingface.co/a/b', hub('a/b')],
    ['huggingface.co/a/b', hub('a/b')],
    ['www.huggingface.co/a/b', hub('a/b')],
    ['hf.co/a/b', hub('a/b')],
    ['https://huggingface.co/a/b?library=diffusers#usage', hub('a/b')],
    ['https://huggingface.co/a/b/tree/main', hub('a/b')],
    ['https://huggingface.co/a/b/tree/main/', hub('a/b')],
    ['https://huggingface.co/a/b/tree/main/unet', hub('a/b', 'unet')],
    ['https://huggingface.co/a/b/tree/refs%2Fpr%2F3', hub('a/b', '', 'refs/pr/3')],
    ['https://huggingface.co/a/b/discussions/12', hub('a/b')],
    ['https://huggingface.co/a/b/commits/v2', hub('a/b', '', 'v2')],
    ['https://huggingface.co/a/b/commit/c0ffee00', hub('a/b', '', 'c0ffee00')],
    // the hub: files
    ['https://huggingface.co/a/b/blob/main/x.safetensors', hub('a/b', 'x.safetensors')],
    ['https://huggingface.co/a/b/resolve/main/a%20b.safetensors?download=true', hub('a/b', 'a b.safetensors')],
    ['https://huggingface.co/a/b/raw/v2/x/y.ckpt', hub('a/b', 'x/y.ckpt', 'v2')],
    ['https://huggingface.co/a/b/blob/main/model_index.json', hub('a/b', 'model_index.json')],
    ['https://huggingface.co/api/models/a/b', hub('a/b')],
    // the hub: within something else
    ['git clone https://huggingface.co/a/b', hub('a/b')],
    ['git@hf.co:a/b', hub('a/b')],
    ['$ hf download a/b', hub('a/b')],
    ['huggingface-cli download a/b model.safetensors', hub('a/b')],
    ['git clone -b fp16 https://huggingface.co/a/b', hub('a/b')],
    ['git clone --depth 1 git@hf.co:a/b.git', hub('a/b')],
    ['wget -O x.ckpt "https://huggingface.co/a/b/resolve/main/x.ckpt"', hub('a/b', 'x.ckpt')],
    ['hf download a/b --revision fp16', hub('a/b')],
    ['wget -c https://huggingface.co/a/b/resolve/main/x.ckpt', hub('a/b', 'x.ckpt')],
    ['pipe = DiffusionPipeline.from_pretrained("a/b", torch_dtype=torch.float16)', hub('a/b')],
    ['[a model](https://huggingface.co/a/b)', hub('a/b')],
    ['<https://huggingface.co/a/b>', hub('a/b')],
    // Civitai
    ['https://civitai.com/models/4384/dreamshaper', civitai({ modelId: '4384' })],
    ['https://civitai.com/models/4384', civitai({ modelId: '4384' })],
    ['civitai.com/models/4384?modelVersionId=128713', civitai({ modelId: '4384', versionId: '128713' })],
    ['https://civitai.com/models/4384/dreamshaper?modelVersionId=128713#x', civitai({ versionId: '128713' })],
    ['https://www.civitai.com/api/download/models/128713', civitai({ versionId: '128713' })],
    [
      'https://civitai.com/api/download/models/128713?type=Model&format=SafeTensor&size=pruned&fp=fp16',
      civitai({ versionId: '128713', search: '?type=Model&format=SafeTensor&size=pruned&fp=fp16' }),
    ],
    ['https://civitai.com/model-versions/128713', civitai({ versionId: '128713' })],
    ['https://civitai.com/api/v1/models/4384', civitai({ modelId: '4384' })],
    ['https://civitai.com/api/v1/model-versions/128713', civitai({ versionId: '128713' })],
    ['https://civitai.green/models/4384', { kind: 'civitai', site: 'https://civitai.green', modelId: '4384' }],
    ['urn:air:sd1:checkpoint:civitai:4384@128713', civitai({ modelId: '4384', versionId: '128713' })],
    // anywhere
    [
      ' https://x.org/m.safetensors?key=1#top ',
      { kind: 'file', name: 'm.safetensors', url: 'https://x.org/m.safetensors?key=1' },
    ],
    ['x.org/m.ckpt', { kind: 'file', name: 'm.ckpt', url: 'https://x.org/m.ckpt' }],
    ['example.de/m.safetensors', { kind: 'file', url: 'https://example.de/m.safetensors' }],
    ['http://localhost:4173/m.pt', { kind: 'file', url: 'http://localhost:4173/m.pt' }],
    ['https://x.org/100%.safetensors', { kind: 'file', name: '100%.safetensors' }],
    ['https://x.org/models/tiny/pack.json', { kind: 'json', name: 'pack.json' }],
    ['https://x.org/models/tiny/', { kind: 'unknown', name: 'tiny', url: 'https://x.org/models/tiny/' }],
    ['https://x.org/download?id=5', { kind: 'unknown', name: 'download' }],
    ['https://x.org/model-v1.5', { kind: 'unknown', name: 'model-v1.5' }],
  ])('%s', (text, expected) => expect(readAddress(text)).toMatchObject(expected));

  it('takes addresses of a mirror as the hub’s, and leaves its other files alone', () => {
    const mirror = 'https://hf-mirror.example';
    expect(readAddress(`${mirror}/a/b/tree/main`, mirror)).toMatchObject(hub('a/b'));
    expect(readAddress('https://huggingface.co/a/b', mirror)).toMatchObject(hub('a/b'));
    expect(readAddress(`${mirror}/packs/tiny/one/pack.json`, mirror)).toMatchObject({ kind: 'json' });
    expect(readAddress('https://hf-mirror.example/a/b/tree/main')).toMatchObject({ kind: 'unknown' });
  });

  it.each([
    ['', /nothing in the field/],
    ['lighthouse', /no address/],
    ['a lighthouse by the sea', /no address/],
    ['dreamshaper_8.safetensors', /a file’s name and does not say where/],
    ['http://x.org/m.safetensors', /not safe/],
    ['https://x.org/', /names no file/],
    ['https://x.org/picture.png', /“picture\.png” is no checkpoint/],
    ['https://x.org/model.gguf', /“model\.gguf” is no checkpoint/],
    ['javascript:alert(1)', /no address/],
    ['magnet:?xt=urn:btih:00', /cannot fetch/],
  ])('refuses %j with the way out', (text, message) => {
    expect(() => readAddress(text)).toThrow(message);
    expect(() => readAddress(text)).toThrow(/Give a model’s name on Hugging Face/);
  });

  it.each([
    ['C:\\models\\a.safetensors', /Import files/],
    ['/home/me/a.safetensors', /Import files/],
    ['~/a.ckpt', /Import files/],
    ['file:///home/me/a.safetensors', /Import files/],
    ['https://huggingface.co/spaces/a/b', /an app \(a Space\).*owner\/name/],
    ['https://huggingface.co/datasets/a/b', /a dataset/],
    ['https://huggingface.co/models?pipeline_tag=text-to-image', /a search/],
    ['https://huggingface.co/', /first page/],
    ['https://huggingface.co/runwayml', /somebody’s page/],
    ['https://civitai.com/images/123', /is not a model’s/],
    ['https://civitai.com/', /is not a model’s/],
  ])('refuses %j, naming what it is', (text, message) => {
    expect(() => readAddress(text)).toThrow(message);
    expect(() => readAddress(text)).toThrow(expect.objectContaining({ code: 'bad-address' }) as Error);
  });
});
