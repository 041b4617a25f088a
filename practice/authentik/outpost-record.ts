/** The outpost and its provider as authentik's API describes them. Checked against its schema in a test. */

/** Every option of an outpost's `config` with authentik's defaults. */
export const DEFAULT_OUTPOST_CONFIG: Readonly<Record<string, unknown>> = {
  log_level: 'info',
  authentik_host: '',
  authentik_host_insecure: false,
  authentik_host_browser: '',
  object_naming_template: 'ak-outpost-%(name)s',
  refresh_interval: 'minutes=5',
  container_image: null,
  docker_network: null,
  docker_map_ports: true,
  docker_labels: null,
  kubernetes_replicas: 1,
  kubernetes_namespace: 'default',
  kubernetes_ingress_annotations: {},
  kubernetes_ingress_secret_name: 'authentik-outpost-tls',
  kubernetes_ingress_class_name: null,
  kubernetes_ingress_path_type: null,
  kubernetes_httproute_annotations: {},
  kubernetes_httproute_parent_refs: [],
  kubernetes_service_type: 'ClusterIP',
  kubernetes_disabled_components: [],
  kubernetes_image_pull_secrets: [],
  kubernetes_json_patches: null,
};

export type OutpostType = 'rac' | 'proxy' | 'ldap' | 'radius';

export interface OutpostWish {
  readonly pk: string;
  readonly type: OutpostType;
  /** How many providers are assigned to it. */
  readonly providers: number;
  readonly refreshIntervalSeconds: number;
  readonly config: Readonly<Record<string, unknown>>;
}

export function outpostRecord({ pk, type, providers, refreshIntervalSeconds, config }: OutpostWish): object {
  const keys = Array.from({ length: providers }, (_, index) => index + 1);
  return {
    pk,
    name: 'practice outpost',
    type,
    providers: keys,
    providers_obj: keys.map((key) => providerRecord(key, pk)),
    service_connection: null,
    service_connection_obj: null,
    refresh_interval_s: refreshIntervalSeconds,
    token_identifier: `ak-outpost-${pk}-api`,
    config: { ...DEFAULT_OUTPOST_CONFIG, ...config },
    managed: null,
  };
}

export function providerRecord(key: number, outpost: string): object {
  return {
    pk: key,
    name: `practice machines ${key}`,
    authentication_flow: null,
    authorization_flow: outpost,
    invalidation_flow: outpost,
    property_mappings: [],
    component: 'ak-provider-rac-form',
    assigned_application_slug: `practice-${key}`,
    assigned_application_name: `Practice ${key}`,
    assigned_backchannel_application_slug: null,
    assigned_backchannel_application_name: null,
    verbose_name: 'RAC Provider',
    verbose_name_plural: 'RAC Providers',
    meta_model_name: 'authentik_providers_rac.racprovider',
  };
}

/** A page of a list as authentik's API gives it; `page` counts from 1. */
export function paginated(all: readonly object[], page: number, pageSize: number): object {
  const totalPages = Math.max(1, Math.ceil(all.length / pageSize));
  const start = (page - 1) * pageSize;
  const results = all.slice(start, start + pageSize);
  return {
    pagination: {
      next: page < totalPages ? page + 1 : 0,
      previous: page > 1 ? page - 1 : 0,
      count: all.length,
      current: page,
      total_pages: totalPages,
      start_index: results.length === 0 ? 0 : start + 1,
      end_index: start + results.length,
    },
    results,
    autocomplete: {},
  };
}

export const ROOT_CONFIG: object = {
  error_reporting: {
    enabled: false,
    sentry_dsn: '',
    environment: 'practice',
    send_pii: false,
    traces_sample_rate: 0,
  },
  capabilities: ['can_save_media', 'is_enterprise'],
  cache_timeout: 300,
  cache_timeout_flows: 300,
  cache_timeout_policies: 300,
};
