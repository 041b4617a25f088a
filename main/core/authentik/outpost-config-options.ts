/** How the value of an option is written. */
export type OptionType = 'text' | 'level' | 'truth' | 'count' | 'texts' | 'list' | 'map';

export interface OutpostOption {
  readonly type: OptionType;
  /** May be null, which is how authentik writes "not set". */
  readonly nullable: boolean;
  /** What authentik itself takes where the option is missing. */
  readonly fallback: unknown;
  /** What it is for, as one sentence. */
  readonly meaning: string;
  /** How it is used here, or why it is not. */
  readonly here: string;
  readonly applies: boolean;
}

const DEPLOYED =
  'Not used: it tells authentik how to deploy an outpost of its own; this one runs where you started it.';
const KUBERNETES =
  'Not used: it tells authentik how to deploy an outpost into Kubernetes; this one runs on this host.';
const DOCKER =
  'Not used: it tells authentik how to deploy an outpost with Docker; this one runs on this host.';

function option(
  type: OptionType,
  fallback: unknown,
  meaning: string,
  here: string,
  { applies = false, nullable = fallback === null } = {},
): OutpostOption {
  return { type, nullable, fallback, meaning, here, applies };
}

/** Every option of an outpost's configuration in authentik. Source: protocol notes, "Outpost config options". */
export const OUTPOST_OPTIONS: Readonly<Record<string, OutpostOption>> = {
  log_level: option(
    'level',
    'info',
    'How much the outpost logs: trace, debug, info, warning or error.',
    'Used at once, unless a level is set on this host.',
    { applies: true },
  ),
  refresh_interval: option(
    'text',
    'minutes=5',
    'How often the outpost asks authentik for its configuration.',
    'Used, as the seconds that authentik makes of it (refresh_interval_s).',
    { applies: true },
  ),
  authentik_host: option(
    'text',
    '',
    'The address under which outposts reach authentik.',
    'Not used: this outpost must know the address before it can ask for it (AUTHENTIK_HOST).',
  ),
  authentik_host_insecure: option(
    'truth',
    false,
    'Whether outposts skip the verification of authentik’s certificate.',
    'Not used: whom to trust is decided on this host (AUTHENTIK_INSECURE, or better a CA file).',
  ),
  authentik_host_browser: option(
    'text',
    '',
    'The address under which people’s browsers reach authentik.',
    'Not used: in a RAC session the browser talks to authentik alone.',
  ),
  object_naming_template: option('text', 'ak-outpost-%(name)s', 'How deployed objects are named.', DEPLOYED),
  container_image: option('text', null, 'The image that a deployed outpost runs.', DEPLOYED),
  docker_network: option('text', null, 'The Docker network of a deployed outpost.', DOCKER),
  docker_map_ports: option('truth', true, 'Whether a deployed container’s ports are published.', DOCKER),
  docker_labels: option('map', null, 'Labels for a deployed container.', DOCKER),
  kubernetes_replicas: option('count', 1, 'How many replicas are deployed.', KUBERNETES),
  kubernetes_namespace: option('text', 'default', 'The namespace that is deployed into.', KUBERNETES),
  kubernetes_ingress_annotations: option('map', {}, 'Annotations of the ingress.', KUBERNETES),
  kubernetes_ingress_secret_name: option(
    'text',
    'authentik-outpost-tls',
    'The secret with the ingress’s certificate.',
    KUBERNETES,
  ),
  kubernetes_ingress_class_name: option('text', null, 'The class of the ingress.', KUBERNETES),
  kubernetes_ingress_path_type: option('text', null, 'How the ingress matches paths.', KUBERNETES),
  kubernetes_httproute_annotations: option('map', {}, 'Annotations of the HTTPRoute.', KUBERNETES),
  kubernetes_httproute_parent_refs: option(
    'list',
    [],
    'The gateways that the HTTPRoute belongs to.',
    KUBERNETES,
  ),
  kubernetes_service_type: option('text', 'ClusterIP', 'The type of the service.', KUBERNETES),
  kubernetes_disabled_components: option('texts', [], 'Parts that are not deployed.', KUBERNETES),
  kubernetes_image_pull_secrets: option(
    'texts',
    [],
    'The secrets that the image is pulled with.',
    KUBERNETES,
  ),
  kubernetes_json_patches: option('map', null, 'Changes to what is deployed.', KUBERNETES),
};
