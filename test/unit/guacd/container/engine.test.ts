import { describe, expect, it } from 'vitest';
import { containerBounds } from '../../../../main/core/guacd/container/bounds.ts';
import { decodeEngineInfo } from '../../../../main/core/guacd/container/engine-info.ts';
import { engineEnvironment, fetchEnvironment } from '../../../../main/core/guacd/container/environment.ts';
import { lastWords } from '../../../../main/core/guacd/container/failures.ts';

const GIB = 1024 ** 3;
const ALL = { memory: true, pids: true, cpus: true };

describe('what an engine says of itself', () => {
  it('is read in Podman’s words', () => {
    const info = {
      host: {
        cgroupControllers: ['memory', 'pids'],
        cpus: 4,
        memTotal: 8 * GIB,
        security: { rootless: true, selinuxEnabled: true },
      },
      version: { Version: '4.3.1', Os: 'linux' },
    };
    expect(decodeEngineInfo(JSON.stringify(info))).toEqual({
      kind: 'podman',
      version: '4.3.1',
      rootless: true,
      labels: true,
      canBound: { memory: true, pids: true, cpus: false },
      cpus: 4,
      memoryBytes: 8 * GIB,
    });
  });

  it('is read in Docker’s words', () => {
    const info = {
      ServerVersion: '28.0.1',
      SecurityOptions: ['name=seccomp,profile=builtin', 'name=rootless', 'name=cgroupns'],
      MemoryLimit: true,
      PidsLimit: true,
      CpuCfsQuota: true,
      NCPU: 2,
      MemTotal: 4 * GIB,
    };
    expect(decodeEngineInfo(JSON.stringify(info))).toEqual({
      kind: 'docker',
      version: '28.0.1',
      rootless: true,
      labels: false,
      canBound: ALL,
      cpus: 2,
      memoryBytes: 4 * GIB,
    });
  });

  it('is Docker’s own sentence where its service did not answer', () => {
    const info = { ServerErrors: ['Cannot connect to the Docker daemon at unix:///var/run/docker.sock.'] };
    expect(decodeEngineInfo(JSON.stringify(info))).toMatch(/^Cannot connect/);
  });

  it('is nothing where it makes no sense, and poor where it is a Podman that tells little', () => {
    for (const text of ['', 'null', '[]', '{}', '{"host":7}', 'Error: x']) {
      expect([text, decodeEngineInfo(text)]).toEqual([text, null]);
    }
    expect(decodeEngineInfo('{"host":{"cgroupControllers":null}}')).toMatchObject({
      kind: 'podman',
      version: null,
      canBound: { memory: false, pids: false, cpus: false },
    });
  });
});

describe('the bounds of a container', () => {
  const machine = (part: object = {}) => ({ canBound: ALL, cpus: 8, memoryBytes: 64 * GIB, ...part });

  it('have room for the sessions that may come', () => {
    expect(containerBounds(4, machine())).toEqual({ memoryBytes: GIB, pids: 512, cpus: 6 });
  });

  it('leave something of the machine', () => {
    expect(containerBounds(1_000, machine({ memoryBytes: 10 * GIB })).memoryBytes).toBe(8 * GIB);
    expect(containerBounds(10_000, machine()).pids).toBe(32_768);
    expect(containerBounds(4, machine({ cpus: 1 })).cpus).toBe(1);
    expect(containerBounds(4, machine({ cpus: 2 })).cpus).toBe(1.5);
  });

  it('are none where the engine has none, and those of the sessions where its memory is not known', () => {
    const canBound = { memory: false, pids: false, cpus: false };
    expect(containerBounds(4, machine({ canBound }))).toEqual({ memoryBytes: null, pids: null, cpus: null });
    expect(containerBounds(4, machine({ memoryBytes: 0 })).memoryBytes).toBe(GIB);
  });
});

describe('the environment of an engine', () => {
  const secrets = {
    AUTHENTIK_TOKEN: 'secret-1',
    SALLYPORT_KEY: 'secret-2',
    HTTPS_PROXY: 'http://user:secret-3@proxy.example',
  };
  const environment = { ...secrets, PATH: '/bin', HOME: '/home/a', DOCKER_HOST: 'unix:///x' };

  it('has no secret of the outpost, and no proxy', () => {
    expect(engineEnvironment(environment)).toEqual({
      PATH: '/bin',
      HOME: '/home/a',
      DOCKER_HOST: 'unix:///x',
    });
  });

  it('has the proxy where something is fetched', () => {
    const { HTTPS_PROXY, ...rest } = fetchEnvironment(environment);
    expect(HTTPS_PROXY).toBe(secrets.HTTPS_PROXY);
    expect(rest).toEqual(engineEnvironment(environment));
  });
});

describe('the last words of an engine', () => {
  it.each([
    ['Error: short-name "x" did not resolve to an alias', 'short-name "x" did not resolve to an alias.'],
    [
      "docker: Error response from daemon: pull access denied.\n\nRun 'docker run --help' for more information\n",
      'pull access denied.',
    ],
    ["docker: is it running?\nRun 'docker run --help' for more information", 'is it running?'],
    ['time="2026-11-25T18:59:25Z" level=warning msg="no CNI"\nError: it broke', 'it broke.'],
    ['', 'it said nothing.'],
    [`Error: ${'x'.repeat(400)}`, `${'x'.repeat(300)}…`],
  ])('end a sentence: %s', (stderr, words) => {
    expect(lastWords(stderr)).toBe(words);
  });
});
