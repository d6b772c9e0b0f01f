/** Addresses inside commands, lines of Python, other sites' links and lists of files. */
import { describe, expect, it } from 'vitest';
import { readAddress } from '.';

const hub = (repo: string, path = '', revision = 'main') => ({ kind: 'hub', repo, revision, path });
const FILE = 'https://huggingface.co/a/b/resolve/main/x.safetensors';

describe('readAddress', () => {
  it.each<[string, object]>([
    [`aria2c -x 16 ${FILE} -d /content -o y.safetensors`, hub('a/b', 'x.safetensors')],
    [`!wget -q ${FILE} -P models/`, hub('a/b', 'x.safetensors')],
    ['docker run -e MODEL=https://huggingface.co/a/b image', hub('a/b')],
    ['comfy model download --url https://civitai.com/models/4384', { kind: 'civitai', modelId: '4384' }],
    ['hf_hub_download(repo_id="a/b", filename="x.safetensors")', hub('a/b', 'x.safetensors')],
    ['hf_hub_download("a/b", "sub/x.safetensors", revision="fp16")', hub('a/b', 'sub/x.safetensors', 'fp16')],
    ['snapshot_download("a/b")', hub('a/b')],
    ['pipe.load_lora_weights("a/b", weight_name="x.safetensors")', hub('a/b', 'x.safetensors')],
    ['hf://a/b/x.safetensors', hub('a/b', 'x.safetensors')],
    ['ssh://git@hf.co/a/b', hub('a/b')],
    ['model: a/b', hub('a/b')],
    ['@a/b', hub('a/b')],
    ['urn:air:sdxl:checkpoint:huggingface:a/b@main/x.safetensors', hub('a/b', 'x.safetensors')],
    ['civitai:4384@128713', { kind: 'civitai', modelId: '4384', versionId: '128713' }],
    ['air:sd1:checkpoint:civitai:4384@128713', { kind: 'civitai', modelId: '4384', versionId: '128713' }],
    ['https://www.google.com/url?q=https://huggingface.co/a/b&sa=D', hub('a/b')],
    ['https://l.facebook.com/l.php?u=https%3A%2F%2Fcivitai.com%2Fmodels%2F4384&h=x', { modelId: '4384' }],
    [
      'https://store.example/aa/bb?response-content-disposition=attachment%3B+filename%3D%22x.safetensors%22&Expires=1',
      { kind: 'file', name: 'x.safetensors' },
    ],
  ])('%s', (text, expected) => expect(readAddress(text)).toMatchObject(expected));

  it.each<[string, RegExp]>([
    [`${FILE}\n${FILE.replace('x.', 'y.')}`, /more than one address/],
    ['https://drive.google.com/file/d/abc/view', /a page of drive\.google\.com and no file/],
    ['https://civarchive.com/models/4384', /a page of civarchive\.com and no file/],
  ])('refuses %j', (text, message) => expect(() => readAddress(text)).toThrow(message));
});
