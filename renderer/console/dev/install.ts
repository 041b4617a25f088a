import type { Language, Preferences, Theme } from '../../../preload/contract/types.ts';
import { FakeClient } from './fake.ts';
import { SCENARIOS } from './scenarios.ts';

const THEMES: readonly Theme[] = ['system', 'light', 'dark'];
const LANGUAGES: readonly Language[] = ['system', 'en', 'de'];

/** Puts the fake where the preload script would put the real one: `?scenario=online&theme=dark&language=de`. */
const asked = new URLSearchParams(location.search);
const theme = THEMES.find((name) => name === asked.get('theme'));
const language = LANGUAGES.find((name) => name === asked.get('language'));
const preferences: Partial<Preferences> = { ...(theme && { theme }), ...(language && { language }) };
const scenario = SCENARIOS[asked.get('scenario') ?? 'online'] ?? SCENARIOS['online'];
if (scenario) {
  const client = new FakeClient(scenario, preferences);
  Object.defineProperty(window, 'sallyport', { value: client });
}
