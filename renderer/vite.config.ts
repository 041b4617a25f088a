import { pageConfig } from './vite.page.ts';

export default pageConfig('console');
