import { app } from 'electron';
import { runApp } from './desktop/app.ts';
import { takeEnvironment } from './desktop/environment.ts';
import { guardProcess } from './desktop/guard.ts';
import { findOwnFolder } from './desktop/own-folder.ts';
import { declareScheme } from './desktop/scheme.ts';
import { reportStrays } from './desktop/strays.ts';

/* The desktop app: one at a time; a second launch brings the first one's window to the front. */

const environment = takeEnvironment(process.env);
reportStrays();
guardProcess();
declareScheme();
const ownFolder = findOwnFolder();

if (app.requestSingleInstanceLock()) {
  const running = app.whenReady().then(() => runApp({ bundleFolder: __dirname, environment, ownFolder }));
  app.on('second-instance', (_event, words) => void running.then((sallyport) => sallyport.show(words)));
  app.on('activate', () => void running.then((sallyport) => sallyport.show()));
} else app.quit();
