import { defineConfig, type Plugin, type UserConfig } from 'vite';

const here = (path: string) => `${import.meta.dirname}/${path}`;

/**
 * The page is served by the app's own scheme from a fixed table of files, so names must not change from build to
 * build, and nothing may ask for another origin's rules: `crossorigin` would.
 */
const plainTags: Plugin = {
  name: 'plain-tags',
  transformIndexHtml: { order: 'post', handler: (html) => html.replaceAll(' crossorigin', '') },
};

/** One kind of window, for the oldest Chromium it has to run in (Electron 22). */
export function pageConfig(name: 'console' | 'viewer'): UserConfig {
  return defineConfig({
    root: here(name),
    base: './',
    logLevel: 'warn',
    plugins: [plainTags],
    build: {
      outDir: here(`../dist/app/renderer/${name}`),
      emptyOutDir: true,
      target: 'chrome108',
      cssTarget: 'chrome108',
      cssCodeSplit: false,
      // A data URL for each small file would be fine with the policy, and worse to read.
      assetsInlineLimit: 0,
      modulePreload: false,
      rolldownOptions: {
        output: {
          entryFileNames: `${name}.js`,
          assetFileNames: (asset) =>
            asset.names.some((file) => file.endsWith('.css')) ? `${name}.css` : '[name][extname]',
        },
      },
    },
  });
}
