import { createInterface } from 'node:readline';
import { z } from 'zod';
import { errorMessage } from '../../../kubernetes/error-message.ts';
import { repositoryOf } from '../../../kubernetes/image-reference.ts';
import { type RegistryCredentials, RuntimeFailure } from '../runtime.ts';
import { type Engine, isMissing } from './engine.ts';

export interface Image {
  /** The engine's own, which no tag can move. */
  readonly id: string;
  /** Of the image's manifest in its registry; absent for images that have never been in one. */
  readonly digest: string | undefined;
  /** It brings a health check of its own. */
  readonly checked: boolean;
  /** What it asks to be stopped by. */
  readonly stopSignal: string;
}

const imageAnswer = z.object({
  Id: z.string(),
  RepoDigests: z.array(z.string()).nullish(),
  Config: z.object({ Healthcheck: z.unknown().optional(), StopSignal: z.string().nullish() }).nullish(),
});
const progressLine = z.object({ error: z.string().optional() });

/** The images of an engine. */
export class Images {
  private readonly engine: Engine;
  private readonly ending: AbortSignal;
  private readonly pulls = new Map<string, Promise<Image>>();

  /** The signal ends what is being fetched. */
  constructor(engine: Engine, ending: AbortSignal) {
    this.engine = engine;
    this.ending = ending;
  }

  /** The image, fetched when the engine has it not. Throws a RuntimeFailure with the engine's reason. */
  async get(reference: string, credentials?: RegistryCredentials): Promise<Image> {
    const known = await this.find(reference);
    if (known !== undefined) return known;
    // Who has other credentials does not wait for a pull that may fail for want of them.
    const key = JSON.stringify([reference, credentials]);
    const pull = this.pulls.get(key) ?? this.pull(reference, credentials);
    this.pulls.set(key, pull);
    try {
      return await pull;
    } finally {
      this.pulls.delete(key);
    }
  }

  private async find(reference: string): Promise<Image | undefined> {
    try {
      return toImage(await this.engine.call('GET', `/images/${reference}/json`), reference);
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
    return this.findByDigest(reference);
  }

  /** An image that has lost its tag to a newer one is no longer found by its name. */
  private async findByDigest(reference: string): Promise<Image | undefined> {
    const digest = digestIn(reference);
    if (digest === undefined) return undefined;
    const images = z
      .array(imageAnswer)
      .parse(await this.engine.call('GET', '/images/json', { query: { digests: true } }));
    const found = images.find((image) => image.RepoDigests?.some((each) => each.endsWith(`@${digest}`)) === true);
    return found === undefined ? undefined : this.find(found.Id);
  }

  private async pull(reference: string, credentials: RegistryCredentials | undefined): Promise<Image> {
    try {
      const query = { fromImage: reference, ...(isComplete(reference) ? {} : { tag: 'latest' }) };
      const progress = await this.engine.stream('POST', '/images/create', {
        query,
        signal: this.ending,
        ...(credentials === undefined ? {} : { registryCredentials: credentials }),
      });
      // A connection that breaks when its last line has been read is of no matter.
      const lines = createInterface({ input: progress }).on('error', () => undefined);
      for await (const line of lines) {
        if (line.trim() === '') continue;
        const { error } = progressLine.parse(JSON.parse(line));
        if (error !== undefined) throw new Error(error);
      }
    } catch (error) {
      const message = withoutSecrets(errorMessage(error), credentials);
      // Without a cause: that would have the engine's own text in it.
      throw new RuntimeFailure(`CannotPullContainerError: Error response from daemon: ${message}`);
    }
    const image = await this.find(reference);
    if (image === undefined)
      throw new RuntimeFailure(`CannotPullContainerError: ${reference} is not there after its pull`);
    return image;
  }
}

const standardStopSignal = 'SIGTERM';

/** What a registry or an engine says of credentials may repeat them. */
function withoutSecrets(message: string, credentials: RegistryCredentials | undefined): string {
  if (credentials === undefined) return message;
  const { username, password } = credentials;
  const secrets = [Buffer.from(`${username}:${password}`).toString('base64'), encodeURIComponent(password), password];
  return secrets.reduce((text, each) => (each === '' ? text : text.replaceAll(each, '***')), message);
}

function toImage(answer: unknown, reference: string): Image {
  const { Id: id, RepoDigests, Config } = imageAnswer.parse(answer);
  const digests = (RepoDigests ?? []).map((each) => ({ repository: repositoryOf(each), digest: digestIn(each) }));
  const repository = repositoryOf(reference);
  const own = digests.find((each) => each.repository === repository) ?? digests[0];
  return {
    id: id.startsWith('sha256:') ? id : `sha256:${id}`,
    digest: digestIn(reference) ?? own?.digest,
    checked: Config?.Healthcheck != null,
    stopSignal: Config?.StopSignal || standardStopSignal,
  };
}

const digestIn = (reference: string): string | undefined => /@(sha256:[0-9a-f]{64})$/.exec(reference)?.[1];

/** Without tag and digest, engines would fetch every tag. */
const isComplete = (reference: string): boolean => repositoryOf(reference) !== reference;
