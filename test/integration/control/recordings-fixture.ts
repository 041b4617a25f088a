import type { AuditEvent } from '../../../main/core/audit-event.ts';
import { silentLogger } from '../../../main/core/base/logger.ts';
import type { Vault } from '../../../main/core/offline/vault/vault.ts';
import { type Admission, admittedAs } from '../../../main/core/sessions/admission.ts';
import type { SessionRequest } from '../../../main/core/sessions/request.ts';
import type { Tap } from '../../../main/core/sessions/tap.ts';
import { SETTING, type SettingKey, type SettingsValues } from '../../../main/core/settings/table.ts';
import { Recordings } from '../../../main/process/recordings.ts';

export const RECORDED: SessionRequest = {
  id: '0b6e3c1e-0000-4000-8000-000000000001',
  names: [],
  source: 'authentik',
  protocol: 'ssh',
  parameters: new Map(),
  agentLogin: null,
  display: { width: 800, height: 600, dpi: 96, audio: [] },
  user: 'alice',
  machine: 'web-01:22',
};

/** Recordings of a process, with settings that a test changes and a journal that it reads. */
export class RecordingsFixture {
  readonly events: AuditEvent[] = [];
  readonly counted = { bytes: 0, failures: 0, told: 0 };
  readonly settings: { -readonly [K in SettingKey]?: SettingsValues[K] } = {
    'recording.mode': 'always',
    'recording.reserveBytes': 0,
  };
  readonly recordings: Recordings;

  constructor(dir: string, vault: Pick<Vault, 'sealKey' | 'openSealedKey'>) {
    this.recordings = new Recordings({
      stateDir: dir,
      settings: () => ({ get: (key) => this.#value(key) }),
      vault,
      record: (event) => this.events.push(event),
      counts: {
        recorded: (bytes) => {
          this.counted.bytes += bytes;
        },
        recordingFailed: () => {
          this.counted.failures += 1;
        },
      },
      logger: silentLogger,
      tell: () => {
        this.counted.told += 1;
      },
    });
  }

  /** A session that is recorded as the settings say. */
  tap(changes: Partial<SessionRequest> = {}, admission: Partial<Admission> = {}): Promise<Tap | null> {
    const request = { ...RECORDED, ...changes };
    return this.recordings.openTap(request, { ...admittedAs(request), ...admission }, () => {});
  }

  #value<K extends SettingKey>(key: K): SettingsValues[K] {
    return this.settings[key] ?? SETTING[key].default;
  }
}
