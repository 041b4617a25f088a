import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import { type Failure, SallyportError } from '../errors.ts';
import { addressText } from '../guacd/address.ts';
import { listenFailure } from '../telemetry/listen-failure.ts';
import type { Check } from './checks.ts';
import { type DoctorSource, type Findings, found } from './findings.ts';
import { passed, type StepOutcome, warned } from './step.ts';

/** What is on this host: settings, state directory, token. */
export function ownChecks(source: DoctorSource, findings: Findings): Check[] {
  return [
    {
      id: 'settings',
      title: 'Settings can be read',
      needs: [],
      otherwise: 'the settings could not be read',
      run: async () => {
        findings.settings = await source.settings();
        return warned(findings.settings.warnings) ?? passed('yes');
      },
    },
    {
      id: 'state-dir',
      title: 'State directory is safe',
      needs: [],
      otherwise: 'the state directory is not safe',
      run: () => checkStateDir(source.stateDir),
    },
    {
      id: 'token',
      title: 'Token is set',
      needs: [],
      otherwise: 'there is no token',
      run: async () => {
        const token = await source.token();
        if (token === null || token.isEmpty)
          throw new SallyportError('token-missing', 'No token is set.', {
            advice:
              'In authentik open Applications → Outposts, click “View Deployment Info” and give AUTHENTIK_TOKEN to `sallyport token set`.',
          });
        findings.token = token;
        return passed('yes');
      },
    },
  ];
}

export function metricsCheck(source: DoctorSource, findings: Findings): Check {
  return {
    id: 'metrics',
    title: 'Metrics port is free',
    needs: ['settings'],
    otherwise: 'the metrics port is taken',
    run: async () => {
      const { metrics } = found(findings.settings, 'settings');
      if (metrics === null) return passed('metrics are off');
      const place = addressText(metrics);
      if (source.metricsAreOurs()) return passed(`${place}, served by this outpost`);
      const failure = await tryToListen(metrics);
      // Sessions do not need it: the outpost runs without.
      return failure ? { kind: 'warned', failure } : passed(place);
    },
  };
}

/** Whether only this user can read and write there. Rejects where nothing could be kept there. */
async function checkStateDir(path: string): Promise<StepOutcome> {
  const found = await statOrNull(path);
  if (found === null) {
    await writable(await nearestExisting(path), path);
    return passed(`${path} will be made`);
  }
  if (!found.isDirectory())
    throw new SallyportError('file-unwritable', `${path} is not a directory.`, {
      advice: 'Move it away, or choose another --state-dir.',
    });
  await writable(path, path);
  const me = process.getuid?.();
  if (me === undefined) return passed(path);
  if (found.uid !== me && me !== 0)
    throw new SallyportError('file-unwritable', `The state directory ${path} belongs to another user.`, {
      advice: 'Run the outpost as that user, or choose another --state-dir.',
    });
  if ((found.mode & 0o077) === 0) return passed(path);
  return {
    kind: 'warned',
    failure: {
      code: 'file-unreadable',
      message: `Other users of this host may look into the state directory ${path}.`,
      advice: `Close it to them: chmod 700 ${path}`,
    },
  };
}

async function writable(existing: string, wanted: string): Promise<void> {
  try {
    await access(existing, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw SallyportError.from(error, `The state directory ${wanted}`, 'file-unwritable');
  }
}

async function nearestExisting(path: string): Promise<string> {
  const parent = dirname(path);
  return parent === path || (await statOrNull(parent)) ? parent : nearestExisting(parent);
}

async function statOrNull(path: string) {
  try {
    return await stat(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw SallyportError.from(error, `The state directory ${path}`, 'file-unreadable');
  }
}

/** Why nothing can be served there; null where it can. */
function tryToListen({
  host,
  port,
}: {
  readonly host: string;
  readonly port: number;
}): Promise<Failure | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => resolve(listenFailure(error, host, port)));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(null)));
  });
}
