import { type Kind, quote, refusal, textKind, wrong } from '../kind.ts';
import { path } from './path.ts';

export const CONTAINER_NETWORKS = ['bridge', 'host'] as const;
export type ContainerNetwork = (typeof CONTAINER_NETWORKS)[number];

const ENGINE_WORDS = ['auto', 'podman', 'docker'];
const MAX_IMAGE_CHARACTERS = 255;
const PART = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
/** A registry is told from the first part of a name by its dot or port. */
const LABEL = '[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?';
const HOST = `(?:(?:localhost|${LABEL}(?:\\.${LABEL})+|${LABEL}(?=:))(?::[0-9]{1,5})?/)?`;
/** As engines take it: `[host[:port]/]name[/name…][:tag][@sha256:…]`. */
const IMAGE = new RegExp(
  `^${HOST}${PART}(?:/${PART})*(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$`,
);

/** `auto`, `podman`, `docker`, or the path of either one's program. */
export const containerEngine: Kind<string> = textKind({
  expects: 'auto, podman, docker, or the path of either one’s program',
  input: { kind: 'path', choices: ENGINE_WORDS },
  read(text, field) {
    const word = text.toLowerCase();
    if (ENGINE_WORDS.includes(word)) return word;
    if (!/[\\/]/.test(text)) throw wrong(containerEngine, field, text);
    return path.fromText(text, field);
  },
  write: (engine) => engine,
});

/** The name of an image; nothing that a command line could take for an option. */
export const containerImage: Kind<string> = textKind({
  expects: 'the name of an image such as guacamole/guacd:1.6.0',
  read(text, field) {
    if (/^[a-z]+:\/\//i.test(text))
      throw refusal(
        field,
        `is ${quote(text)}, with a transport in front`,
        'Leave out what stands before the name.',
      );
    if (text.length > MAX_IMAGE_CHARACTERS || !IMAGE.test(text)) throw wrong(containerImage, field, text);
    return text;
  },
  write: (image) => image,
});

/** `bridge`, a network of the engine's, or `host`, this host's own. */
export const containerNetwork: Kind<ContainerNetwork> = textKind({
  expects: `one of ${CONTAINER_NETWORKS.join(', ')}`,
  input: { kind: 'choice', choices: CONTAINER_NETWORKS },
  read(text, field) {
    const network = CONTAINER_NETWORKS.find((known) => known === text.toLowerCase());
    if (network === undefined) throw wrong(containerNetwork, field, text);
    return network;
  },
  write: (network) => network,
});
