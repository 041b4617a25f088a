import { render } from 'preact';
import '../shared/styles/tokens.css';
import '../shared/styles/base.css';
import '../shared/styles/controls.css';
import '../shared/styles/surfaces.css';
import './console.css';
import './guardrails/guardrails.css';
import './journal/journal.css';
import './machines/machines.css';
import './recordings/recordings.css';
import { App } from './app.tsx';
import { Model, ModelProvider } from './model/model.ts';

const model = new Model(window.sallyport);
const root = document.querySelector('#root');
if (root)
  render(
    <ModelProvider value={model}>
      <App />
    </ModelProvider>,
    root,
  );
void model.begin();
