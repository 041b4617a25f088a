import { randomUUID } from 'node:crypto';
import type { PracticeMachine } from './machine.ts';
import { providerRecord } from './outpost-record.ts';

/** What authentik's admin would have set for all machines of the provider. */
export interface RacWish {
  readonly machines: readonly PracticeMachine[];
  readonly providerSettings: Readonly<Record<string, unknown>>;
  /** Ids of property mappings of the provider. */
  readonly propertyMappings: readonly string[];
  readonly outpostPk: string;
}

/** RAC providers and endpoints as an admin's token may read them. Checked against authentik's schema in a test. */
export class RacRecords {
  readonly #wish: RacWish;
  readonly #ids = new Map<string, string>();

  constructor(wish: RacWish) {
    this.#wish = wish;
  }

  providers(): object[] {
    const { providerSettings, propertyMappings, outpostPk } = this.#wish;
    return [
      {
        ...providerRecord(1, outpostPk),
        settings: providerSettings,
        property_mappings: propertyMappings,
        outpost_set: ['practice outpost'],
        connection_expiry: 'hours=8',
        delete_token_on_disconnect: false,
      },
    ];
  }

  endpoints(): object[] {
    const [provider] = this.providers();
    return this.#wish.machines.map(({ name, protocol, parameters }) => {
      const { hostname = '', port, ...settings } = parameters;
      return {
        pk: this.#idOf(name),
        name,
        provider: 1,
        provider_obj: provider,
        protocol,
        host: port === undefined ? hostname : `${hostname}:${port}`,
        settings,
        property_mappings: [],
        auth_mode: 'static',
        launch_url: null,
        maximum_connections: 1,
      };
    });
  }

  #idOf(name: string): string {
    const id = this.#ids.get(name) ?? randomUUID();
    this.#ids.set(name, id);
    return id;
  }
}
