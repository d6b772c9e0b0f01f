/** Addresses of the hub: a repository, a folder or a file of it, as its pages and buttons give them. */
import { AppError } from '../errors';
import { decode } from './url-words';

export interface HubAddress {
  kind: 'hub';
  repo: string;
  /** A branch or a commit. */
  revision: string;
  /** Path of a folder or a file within the repository; '' is all of it. */
  path: string;
}

export interface Place {
  /** Small letters, with its port. */
  host: string;
  path: string;
  search: string;
}

const HUB_HOST = /^(www\.)?(huggingface\.co|hf\.co)$/;

/** First words of paths that are no owner of models. */
const OTHER_PAGES: Readonly<Record<string, string>> = {
  spaces: 'an app (a Space)',
  datasets: 'a dataset',
  collections: 'a collection',
  papers: 'a paper',
  docs: 'documentation',
  blog: 'an article',
  posts: 'a post',
  models: 'a search',
  organizations: 'a list of models',
  settings: 'your account',
};

/** Ways into a repository that say which revision, and where in it. */
const INTO = /^(tree|blob|resolve|raw|blame|edit|delete)$/;

/**
 * @param mirror  address of a mirror of the hub
 * @returns undefined where the address is of another site
 * @throws AppError 'bad-address' where it is a page of the hub that holds no model
 */
export function readHubAddress({ host, path }: Place, mirror?: string): HubAddress | undefined {
  if (!HUB_HOST.test(host) && host !== hostOf(mirror)) return undefined;
  const words = path.split('/').filter((word) => word !== '');
  if (words[0] === 'api' && words[1] === 'models') words.splice(0, 2);
  const [owner = '', name = '', way = '', revision = '', ...rest] = words;
  const other = Object.hasOwn(OTHER_PAGES, owner) ? OTHER_PAGES[owner] : undefined;
  if (other !== undefined || owner === '')
    // A mirror may have other things than models at its root: packs and catalogues.
    return HUB_HOST.test(host) ? refuse(`This is ${other ?? 'the hub’s first page'}, not a model.`) : undefined;
  if (name === '')
    return HUB_HOST.test(host) ? refuse(`“${owner}” is somebody’s page, or a model without its owner.`) : undefined;
  if (!/^[\w.-]+$/.test(owner) || !/^[\w.-]+$/.test(name)) return refuse('This address names no model.');
  const repo = `${owner}/${name}`;
  if (INTO.test(way) && revision !== '')
    return { kind: 'hub', repo, revision: decode(revision), path: rest.map(decode).join('/') };
  if (HUB_HOST.test(host) || words.length === 2) {
    const isCommit = /^commits?$/.test(way) && revision !== '';
    return { kind: 'hub', repo, revision: isCommit ? decode(revision) : 'main', path: '' };
  }
  return undefined;
}

function hostOf(address: string | undefined): string | undefined {
  return /^https?:\/\/([^/]+)/.exec(address ?? '')?.[1]?.toLowerCase();
}

function refuse(what: string): never {
  throw new AppError(
    'bad-address',
    `${what} Open the model’s own page and copy its address: huggingface.co/owner/name.`,
  );
}
