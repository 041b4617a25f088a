import { render } from 'preact';
import '../shared/styles/tokens.css';
import '../shared/styles/base.css';
import '../shared/styles/controls.css';
import '../shared/styles/surfaces.css';
import './viewer.css';
import { App } from './app.tsx';
import { Ports } from './model/ports.ts';
import { Viewer, ViewerProvider } from './model/viewer.ts';

const viewer = new Viewer(window.sallyportViewer, new Ports());
const root = document.querySelector('#root');
if (root)
  render(
    <ViewerProvider value={viewer}>
      <App />
    </ViewerProvider>,
    root,
  );
void viewer.begin();
