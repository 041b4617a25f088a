import { type Failure, SallyportError } from '../errors.ts';
import { addressText, type GuacdAddress, unprotectedWarning } from '../guacd/address.ts';
import { findEngine } from '../guacd/container/engine.ts';
import { examineContainer } from '../guacd/container/examine.ts';
import { guacdEnvironment } from '../guacd/environment.ts';
import { type FoundGuacd, findGuacd } from '../guacd/find.ts';
import { probeGuacd } from '../guacd/probe.ts';
import { versionWarning } from '../guacd/version.ts';
import type { Check } from './checks.ts';
import { type DoctorGuacd, type DoctorSource, type Findings, found } from './findings.ts';
import { passed, type StepOutcome, warned } from './step.ts';

const PROBE_TIMEOUT_MS = 8000;

/** Whether there is a guacd for sessions to go through, and whether it is one that should be used. */
export function guacdCheck(source: DoctorSource, findings: Findings): Check {
  return {
    id: 'guacd',
    title: 'guacd is there',
    needs: ['settings'],
    otherwise: 'there is no guacd',
    run: (signal) => {
      const { guacd } = found(findings.settings, 'settings');
      switch (guacd.kind) {
        case 'managed':
          return checkManaged(guacd, source, signal);
        case 'container':
          return checkContainer(guacd, source, signal);
        case 'external':
          return checkExternal(guacd.addresses, signal);
        default:
          return guacd satisfies never;
      }
    },
  };
}

async function checkManaged(
  { executable, resourcesDir }: Extract<DoctorGuacd, { kind: 'managed' }>,
  { environment, stateDir }: DoctorSource,
  signal: AbortSignal,
): Promise<StepOutcome> {
  const looked = guacdEnvironment(environment, stateDir, 'doctor');
  let guacd: FoundGuacd;
  try {
    guacd = await findGuacd({ configured: executable, resourcesDir, environment: looked });
  } catch (error) {
    throw await withWayOut(SallyportError.from(error, 'guacd'), environment, signal);
  }
  const warning = versionWarning(guacd.version, `guacd at ${guacd.executable}`);
  if (warning) return { kind: 'warned', failure: warning };
  return passed(`${guacd.executable}, version ${guacd.version ?? 'unknown'}`);
}

/** Where no guacd is installed, what runs containers may be. */
async function withWayOut(
  failure: SallyportError,
  environment: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<SallyportError> {
  if (failure.code !== 'guacd-missing') return failure;
  try {
    const { name } = await findEngine({ engine: 'auto', environment, signal });
    const advice = `${name} is on this host: “sallyport config set guacd.target container” runs guacd in it. Or: ${failure.advice ?? ''}`;
    return new SallyportError(failure.code, failure.message, { advice, cause: failure });
  } catch {
    return failure;
  }
}

async function checkContainer(
  { engine, image, imageFile }: Extract<DoctorGuacd, { kind: 'container' }>,
  { environment }: DoctorSource,
  signal: AbortSignal,
): Promise<StepOutcome> {
  const examined = await examineContainer({ engine, image, imageFile, environment, signal });
  if (!examined.present) {
    const how = imageFile === null ? 'fetched' : `loaded from ${imageFile}`;
    const message = `The image ${image} is not on this host yet; it is ${how} when the outpost starts (${examined.engine}).`;
    return { kind: 'warned', failure: { code: 'guacd-container', message } };
  }
  const warning = versionWarning(examined.version, `guacd in ${image}`);
  if (warning) return { kind: 'warned', failure: warning };
  return passed(
    `guacd ${examined.version ?? 'of unknown version'} in a container: ${image}, ${examined.engine}`,
  );
}

async function checkExternal(addresses: readonly GuacdAddress[], signal: AbortSignal): Promise<StepOutcome> {
  const answers = await Promise.all(addresses.map((address) => probe(address, signal)));
  const failures = answers.flatMap(({ failure }) => (failure ? [failure] : []));
  const [first] = failures;
  if (first && failures.length === addresses.length)
    throw new SallyportError(first.code, first.message, { advice: first.advice });
  const warnings = [...failures, ...answers.flatMap((answer) => answer.warnings)];
  return warned(warnings) ?? passed(`${addresses.map(addressText).join(', ')} answered`);
}

async function probe(
  address: GuacdAddress,
  signal: AbortSignal,
): Promise<{ failure: Failure | null; warnings: readonly Failure[] }> {
  const subject = `guacd at ${addressText(address)}`;
  try {
    const version = await probeGuacd(address, { signal, timeoutMs: PROBE_TIMEOUT_MS });
    const warnings = [versionWarning(version, subject), unprotectedWarning(address)];
    return { failure: null, warnings: warnings.filter((warning) => warning !== null) };
  } catch (error) {
    return { failure: SallyportError.from(error, subject).toFailure(), warnings: [] };
  }
}
