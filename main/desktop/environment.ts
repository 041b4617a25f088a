import type { Variables } from './hosts.ts';

/** Variables that hold secrets: the outpost gets them, and no other child of the app. */
const SECRET = ['AUTHENTIK_TOKEN', 'SALLYPORT_KEY'];

/** The environment as it was handed over; what is secret in it is taken out of it. */
export function takeEnvironment(environment: NodeJS.ProcessEnv): Variables {
  const taken = { ...environment };
  for (const name of SECRET) delete environment[name];
  return taken;
}
