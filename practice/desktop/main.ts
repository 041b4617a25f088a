import { checkDesktop } from './check.ts';
import { runAppCheck } from './run-app-check.ts';

/*
 * The self-test of the desktop app, as `npm start -- --check desktop` runs it. Bundled to `dist/desktop-check.cjs`; its
 * arguments are the command that starts the app.
 */

runAppCheck('desktop', checkDesktop);
